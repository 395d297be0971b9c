"""A PDF page around a deposited image: what an invoice that came as a photo leaves as.

Made in a watched child, as reading is: the image is a stranger's file.
"""

import shutil
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from common.isolation import Limits
from common.typesetting import made_in_child
from common.typesetting.glyphs import drawable

TEMPLATE: Final = Path(__file__).with_name("picture.typ")
# A photo of 100 million pixels takes 400 MB once it is unpacked.
PICTURE_LIMITS: Final = Limits(memory_bytes=1 << 30, wall_seconds=20, cpu_seconds=20)


def picture_pdf(picture: Path, *, number: str, day: date) -> bytes:
    """One A4 page with the whole image (media.PRINTABLE_IMAGES), turned as its EXIF data say, named by the number.

    The same image gives the same bytes. Raises common.isolation.IsolationError where the image cannot be rendered.
    """
    return made_in_child(
        "invoices.rendering.picture:render_picture",
        picture,
        limits=PICTURE_LIMITS,
        number=number,
        day=day.isoformat(),
    )


def render_picture(path: Path, *, output: str, number: str, day: str) -> None:
    """In the child: writes the page for `picture_pdf`, as PDF/A-3b where the image's colours allow it (CMYK do not)."""
    import typst  # noqa: PLC0415 - loaded in the child only

    made_at = datetime.combine(date.fromisoformat(day), time(12), UTC)
    folder = Path(output).parent
    shutil.copyfile(path, folder / "picture")
    main = shutil.copyfile(TEMPLATE, folder / "main.typ")
    compiler = typst.Compiler(main, root=folder, ignore_system_fonts=True, sys_inputs={"number": drawable(number)[0]})
    pdf: Any
    try:
        pdf = compiler.compile(format="pdf", pdf_standards="a-3b", timestamp=made_at)
    except typst.TypstError:
        pdf = compiler.compile(format="pdf", timestamp=made_at)
    Path(output).write_bytes(pdf)
