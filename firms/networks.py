"""Where calls with an API key may come from: addresses and networks (CIDR), IPv4 and IPv6."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_interface, ip_network
from typing import Final

_NO_NETWORK: Final = "« {typed} » n'est ni une adresse IP ni une plage, comme 203.0.113.7 ou 2001:db8::/32."


class NetworkError(ValueError):
    """Not an address and not a network; the message says which, in French."""


def clean_network(typed: str) -> str:
    """As it is kept: an address alone without its mask. Raises NetworkError."""
    if "%" in typed:  # the zone of a link, which means something on one machine only
        raise NetworkError(_NO_NETWORK.format(typed=typed))
    try:
        network = ip_network(typed)
    except ValueError as error:
        raise NetworkError(_advice(typed)) from error
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def is_within(address: str | None, networks: Iterable[str]) -> bool:
    """Whether the caller's address is in one of them; one that is not known is in none."""
    if address is None:
        return False
    caller = ip_address(address)
    # A server that listens on both writes an IPv4 caller as ::ffff:192.0.2.1.
    plain = (caller.ipv4_mapped if isinstance(caller, IPv6Address) else None) or caller
    return any(form in ip_network(network) for network in networks for form in (caller, plain))


def _advice(typed: str) -> str:
    try:
        meant = ip_interface(typed).network
    except ValueError:
        return _NO_NETWORK.format(typed=typed)
    return f"« {typed} » désigne une adresse dans une plage : écrivez {meant} pour la plage entière."
