"""E-mail addresses, judged by their form alone: nothing is asked of the network."""

import re
from functools import cache, lru_cache
from typing import Final

# Dot-atom of RFC 5322, with the letters of RFC 6531; no quoted local part, which no mailbox of a company has.
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL: Final = re.compile(r"(?!-)(?:[^\W_]|-){1,63}(?<!-)")
_TOP_LEVEL: Final = re.compile(r"(?:xn--[a-z0-9-]+|[^\W\d_]{2,63})")
# Nearly all addresses, told at once.
_PLAIN_LOCAL: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_PLAIN_DOMAIN: Final = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,63}")
_NAMED: Final = re.compile(r"[^<>]*<([^<>]+)>")
_MAX_LOCAL: Final = 64
_MAX_ADDRESS: Final = 254
_MAX_PLAIN_DOMAIN: Final = 100

# Where people of France have their mailboxes. A slip of the fingers in one of these names is told, never mended.
_PROVIDERS: Final = (
    "gmail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "yahoo.com", "yahoo.fr", "wanadoo.fr",
    "orange.fr", "laposte.net", "icloud.com",
)  # fmt: skip
# Domains that exist, and slips in names so short that one letter less may be another's.
_SLIPS: Final = {
    "gmail.fr": "gmail.com", "gmail.co": "gmail.com", "gmai.com": "gmail.com", "gmil.com": "gmail.com",
    "laposte.fr": "laposte.net", "yaho.fr": "yahoo.fr", "yaho.com": "yahoo.com",
}  # fmt: skip
_LONG_NAME: Final = 7
_TOP_LEVEL_SLIPS: Final = {
    "con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com", "coom": "com",
    "rf": "fr", "ffr": "fr", "frr": "fr",
}  # fmt: skip


class EmailError(ValueError):
    """`str()` says in French what is wrong, to follow the address."""


def is_plain_email(text: str) -> bool:
    """Whether `text` is an address as `clean_email` returns it, with nothing to suggest. False may be wrong."""
    local, _, domain = text.partition("@")
    return len(local) <= _MAX_LOCAL and _PLAIN_LOCAL.fullmatch(local) is not None and _is_plain_domain(domain)


def clean_email(text: str) -> str:
    """The bare address in lower case, out of « Nom <adresse> » and mailto: too. Raises EmailError."""
    address = text.strip().removeprefix("mailto:").strip(" .,;'\"")
    if "<" in address and (match := _NAMED.fullmatch(address)):
        address = match[1].strip()
    address = address.lower()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise EmailError("ce n'est pas une adresse complète.")
    if " " in address:
        raise EmailError("une adresse ne contient pas d'espace.")
    if "@" in local:
        raise EmailError("une adresse ne contient qu'un @.")
    if not _LOCAL.fullmatch(local) or len(local) > _MAX_LOCAL or len(address) > _MAX_ADDRESS:
        raise EmailError("la partie avant le @ n'est pas valable.")
    if not _is_domain(domain):
        raise EmailError("le domaine après le @ n'est pas valable.")
    return address


def suggestion(email: str) -> str | None:
    """The address that was probably meant; None where nothing seems wrong."""
    local, _, domain = email.rpartition("@")
    meant = _meant_domain(domain)
    return f"{local}@{meant}" if meant else None


@lru_cache(maxsize=16_384)
def _is_plain_domain(domain: str) -> bool:
    return (
        len(domain) <= _MAX_PLAIN_DOMAIN
        and _PLAIN_DOMAIN.fullmatch(domain) is not None
        and _meant_domain(domain) is None
    )


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and bool(_TOP_LEVEL.fullmatch(labels[-1]))


def _meant_domain(domain: str) -> str | None:
    name, _, top_level = domain.rpartition(".")
    mended = f"{name}.{_TOP_LEVEL_SLIPS.get(top_level, top_level)}"
    meant = _provider_slips().get(mended, mended)
    return None if meant == domain else meant


@cache
def _provider_slips() -> dict[str, str]:
    """Two letters exchanged, one left out or one doubled, in the name of a provider → its domain."""
    slips = dict(_SLIPS)
    for domain in _PROVIDERS:
        name, _, top_level = domain.partition(".")
        for at in range(len(name)):
            spellings = (
                name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
                name[:at] + name[at + 1 :] if at and len(name) >= _LONG_NAME else name,
                name[:at] + name[at] + name[at:],
            )
            slips |= {f"{spelling}.{top_level}": domain for spelling in spellings}
    return {slip: domain for slip, domain in slips.items() if slip not in _PROVIDERS}
