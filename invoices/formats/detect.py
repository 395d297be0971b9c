"""What a file is, told from its bytes alone: names, extensions and media types lie."""

from typing import Final, Literal

from invoices.formats.xml import NAMESPACES, looks_like_xml, root_name

Kind = Literal["pdf", "cii", "ubl", "zugferd1", "image", "other"]
Container = Literal["facturx", "zugferd", "cii", "ubl", "pdf", "image", "other"]

ROOTS: Final[dict[str, Kind]] = {
    f"{{{NAMESPACES['rsm']}}}CrossIndustryInvoice": "cii",
    f"{{{NAMESPACES['inv']}}}Invoice": "ubl",
    f"{{{NAMESPACES['cn']}}}CreditNote": "ubl",
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": "zugferd1",
}
IMAGE_SIGNATURES: Final[dict[str, tuple[bytes, ...]]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/tiff": (b"II*\0", b"MM\0*"),
}
# ISO media files (what phones save) name their brand at offset 8.
HEIF_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"avif")
# ISO 32000 readers accept the header anywhere in the first 1,024 bytes.
PDF_HEADER_WINDOW: Final = 1024


def detect(data: bytes) -> Kind:
    if is_pdf(data):
        return "pdf"
    if image_type(data):
        return "image"
    if looks_like_xml(data):
        return ROOTS.get(root_name(data) or "", "other")
    return "other"


def is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:PDF_HEADER_WINDOW] and not looks_like_xml(data)


def image_type(data: bytes) -> str | None:
    """The media type of a picture that a phone or scanner makes; None for anything else."""
    for media_type, signatures in IMAGE_SIGNATURES.items():
        if data.startswith(signatures):
            return media_type
    # The reserved bytes are zero in every bitmap; a text may well begin with BM.
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return "image/heif"
    return None
