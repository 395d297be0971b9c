"""The Range header (RFC 9110, section 14): one range of bytes, or nothing that we serve."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)", re.IGNORECASE)


class UnsatisfiableError(ValueError):
    """The range lies outside the file."""


@dataclass(frozen=True)
class ByteRange:
    """From `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def parse_range(header: str, *, size: int) -> ByteRange | None:
    """None for several ranges or another unit, which a server may ignore. Raises UnsatisfiableError."""
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        wanted = ByteRange(max(0, size - int(last)), size - 1)
    else:
        wanted = ByteRange(int(first), min(int(last), size - 1) if last else size - 1)
    if first and last and int(last) < int(first):
        return None
    if wanted.first >= size or wanted.length <= 0:
        raise UnsatisfiableError(header)
    return wanted
