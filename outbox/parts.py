"""What a message is made of, as it waits in its row: sealed, with files named and not held."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from common.sealing import seal, unseal


@dataclass(frozen=True)
class Attachment:
    """A stored file that goes with a message: its name in the storage, the name the reader sees, its media type."""

    stored_as: str
    file_name: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Parts:
    text: str
    html: str = ""
    attachments: Sequence[Attachment] = ()

    def sealed(self) -> bytes:
        return seal(json.dumps(asdict(self)))

    @classmethod
    def opened(cls, sealed: bytes) -> Self:
        """Raises common.sealing.UnsealError."""
        values = json.loads(unseal(sealed))
        attachments = tuple(Attachment(**attachment) for attachment in values.pop("attachments"))
        return cls(**values, attachments=attachments)
