"""A firm's logo: whatever picture comes in is redrawn, in a watched child, as a small PNG of our own."""

from pathlib import Path
from typing import Final
from uuid import UUID

from common.isolation import IsolationError, Limits
from common.typesetting import made_in_child

MAX_BYTES: Final = 2 * 1024 * 1024
LIMITS: Final = Limits(memory_bytes=512 << 20, wall_seconds=10)
#: 25 million pixels take 100 MB once they are unpacked.
_MAX_PIXELS: Final = 25_000_000
#: Twice what a page shows, for fine screens.
_BOX: Final = (480, 160)


class LogoError(ValueError):
    """The picture cannot be a logo; the message says why, in French."""


def redrawn(content: bytes) -> bytes:
    """The picture as a PNG that fits its place, nothing else of the file kept. Raises LogoError."""
    if len(content) > MAX_BYTES:
        raise LogoError("Ce fichier dépasse 2 Mo : réduisez l'image.")
    kind = _kind_of(content)
    if not kind:
        raise LogoError("Le logo doit être une image PNG, JPEG ou WebP.")
    try:
        return made_in_child("firms.logo:redraw", content, limits=LIMITS, kind=kind)
    except IsolationError as error:
        raise LogoError("Cette image n'a pas pu être lue : enregistrez-la de nouveau, moins grande.") from error


def stored_as(logo: UUID) -> str:
    """Its name in the storage."""
    return f"logos/{logo.hex}.png"


def redraw(path: Path, *, output: str, kind: str) -> None:
    """In the child: writes the PNG for `redrawn`."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - loaded in the child only

    with Image.open(path, formats=[kind]) as picture:
        if picture.width * picture.height > _MAX_PIXELS:
            raise ValueError(f"{picture.width} × {picture.height} pixels")
        turned = ImageOps.exif_transpose(picture).convert("RGBA")
    turned.thumbnail(_BOX)
    turned.save(output, "PNG", optimize=True, icc_profile=None)


def _kind_of(content: bytes) -> str:
    """By the first bytes: names and declared types prove nothing."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""
