"""E-mail addresses, judged by their form alone: nothing is asked of the network."""

import re
from typing import Final

# Dot-atom of RFC 5322, with the letters of RFC 6531; no quoted local part, which no mailbox of a company has.
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL: Final = re.compile(r"(?!-)(?:[^\W_]|-){1,63}(?<!-)")
_TOP_LEVEL: Final = re.compile(r"(?:xn--[a-z0-9-]+|[^\W\d_]{2,63})")
# Nearly all addresses, told at once.
_PLAIN: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,63}")
_NAMED: Final = re.compile(r"[^<>]*<([^<>]+)>")
_MAX_LOCAL: Final = 64
_MAX_ADDRESS: Final = 254

# Slips of the fingers that leave a domain which exists, or could.
_SLIPS: Final = {
    "gmial.com": "gmail.com",
    "gmail.fr": "gmail.com",
    "gamil.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmail.con": "hotmail.com",
    "wanado.fr": "wanadoo.fr",
    "wandoo.fr": "wanadoo.fr",
    "outlok.com": "outlook.com",
    "outlook.con": "outlook.com",
    "yaho.fr": "yahoo.fr",
    "laposte.fr": "laposte.net",
}


class EmailError(ValueError):
    """`str()` says in French what is wrong, to follow the address."""


def clean_email(text: str) -> str:
    """The bare address in lower case, out of « Nom <adresse> » and mailto: too. Raises EmailError."""
    if _PLAIN.fullmatch(text) and len(text) <= _MAX_LOCAL:
        return text
    address = text.strip().removeprefix("mailto:").strip(" .,;'\"")
    if "<" in address and (match := _NAMED.fullmatch(address)):
        address = match[1].strip()
    address = address.lower()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise EmailError("ce n’est pas une adresse complète.")
    if " " in address:
        raise EmailError("une adresse ne contient pas d’espace.")
    if "@" in local:
        raise EmailError("une adresse ne contient qu’un @.")
    if not _LOCAL.fullmatch(local) or len(local) > _MAX_LOCAL or len(address) > _MAX_ADDRESS:
        raise EmailError("la partie avant le @ n’est pas valable.")
    if not _is_domain(domain):
        raise EmailError("le domaine après le @ n’est pas valable.")
    return address


def suggestion(email: str) -> str | None:
    local, _, domain = email.rpartition("@")
    meant = _SLIPS.get(domain)
    return f"{local}@{meant}" if meant else None


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and bool(_TOP_LEVEL.fullmatch(labels[-1]))
