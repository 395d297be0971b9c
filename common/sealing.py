"""Values that must be shown or sent again later, kept unreadable in the database (Fernet, keys that rotate)."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_NO_KEY = "No key in ENCRYPTION_KEYS opens this value."


class UnsealError(ValueError):
    """None of the keys in ENCRYPTION_KEYS opens the value."""


def seal(text: str) -> bytes:
    return seal_bytes(text.encode())


def unseal(sealed: bytes) -> str:
    """Raises UnsealError."""
    return unseal_bytes(sealed).decode()


def seal_bytes(content: bytes) -> bytes:
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    """Raises UnsealError."""
    try:
        return _fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise UnsealError(_NO_KEY) from error


def resealed(sealed: bytes) -> bytes:
    """Sealed with the first key; the same bytes where they are already. Raises UnsealError."""
    keys = tuple(settings.ENCRYPTION_KEYS)
    try:
        _fernet(keys[:1]).extract_timestamp(bytes(sealed))
    except InvalidToken:
        pass
    else:
        return sealed
    try:
        return _fernet(keys).rotate(bytes(sealed))
    except InvalidToken as error:
        raise UnsealError(_NO_KEY) from error


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
