"""What a message is made of, as it waits in its row: packed and sealed, with files named and not held."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from common.sealing import seal_bytes, unseal_bytes


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
        # Packed: an HTML part is mostly its frame, and a row a third as large costs the database half.
        return seal_bytes(zlib.compress(json.dumps(asdict(self)).encode(), level=1))

    @classmethod
    def opened(cls, sealed: bytes) -> Self:
        """Raises common.sealing.UnsealError."""
        packed = unseal_bytes(sealed)
        # A row that the former version left is not packed.
        values = json.loads(packed if packed.startswith(b"{") else zlib.decompress(packed))
        attachments = tuple(Attachment(**attachment) for attachment in values.pop("attachments"))
        return cls(**values, attachments=attachments)
