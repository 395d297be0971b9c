"""What looks like a secret, made unreadable wherever it was pasted: log lines, error reports, the journal."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

#: An API key (see firms.keys), for Python and for PostgreSQL; the first group stays and tells which one it was.
KEY: Final = r"(jf_[A-Za-z0-9_-]{6})[A-Za-z0-9_-]{20,}"
_KEYS = re.compile(KEY)
# As well: an invitation's link, a link that sets a password or confirms an address, a bearer token, a password in a
# URL, a code from ComptExpert.
_SECRETS = re.compile(
    rf"{KEY}"
    r"|(/invitation/)[A-Za-z0-9_-]{20,}"
    r"|(/mot-de-passe/nouveau/|/compte/adresse/)[^\s/]{20,}"
    r"|((?:Bearer|Basic) )\S+"
    r"|(://[^/\s:]+:)[^@\s/]+(?=@)"
    r"|([?&](?:code|state)=)[^&\s]+"
)

Mask = Callable[[str], str]


def mask(text: str) -> str:
    """For a line of a log: whatever could let somebody in."""
    return _SECRETS.sub(lambda found: next(part for part in found.groups() if part) + "…", text)


def mask_keys(text: str) -> str:
    """For words that people read, markup or not: API keys alone."""
    return _KEYS.sub(r"\1…", text) if "jf_" in text else text


def masked(value: Any, by: Mask) -> Any:
    """JSON with every text in it masked, names and values, however deep; anything else stays as it is."""
    if isinstance(value, str):
        return by(value)
    if isinstance(value, Mapping):
        return {masked(name, by): masked(inner, by) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner, by) for inner in value]
    return value
