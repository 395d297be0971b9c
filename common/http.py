"""Asking another service: only where nobody can listen, and never for longer or for more than one is ready to take."""

import time
from typing import Final
from urllib.parse import urlsplit

import requests

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_CHUNK_BYTES: Final = 64 * 1024


class BrokenOffError(OSError):
    """The answer was let go before its end."""


def is_private(address: str) -> bool:
    """Whether what is sent there is read by nobody else: https, or this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in _LOOPBACK


def body_of(answer: requests.Response, *, limit: int, until: float) -> bytes:
    """
    The body of a streamed answer.

    Raises BrokenOffError when it is longer than `limit` bytes, or not there at `until` on the monotonic clock; what
    the connection raises otherwise is urllib3's HTTPError or an OSError.
    """
    body = bytearray()
    # read1: whatever has arrived, so that a service that drips is let go in time.
    while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > limit:
            raise BrokenOffError("answer too long")
        if time.monotonic() > until:
            raise BrokenOffError("answer too slow")
    return bytes(body)
