from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Found:
    """A line of a storage's listing."""

    name: str
    size: int
    modified_at: datetime
