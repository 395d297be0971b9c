"""In the child: typst, with its own fonts alone."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from common.typesetting.glyphs import drawable

PDF_STANDARD: Final = "a-3b"


def render_page(path: Path, *, output: str, template: str, made_at: str) -> None:
    """For `typeset`: each character that the fonts lack is a box."""
    inputs = {"data": drawable(path.read_text(encoding="utf-8"))[0]}
    Path(output).write_bytes(compile_pdf(Path(template), inputs, made_at=datetime.fromisoformat(made_at)))


def compile_pdf(template: Path, inputs: dict[str, str], *, made_at: datetime) -> bytes:
    pdf: bytes = _compiler(template).compile(
        sys_inputs=inputs, format="pdf", pdf_standards=PDF_STANDARD, timestamp=made_at
    )
    return pdf


@cache
def _compiler(template: Path) -> Any:
    return typst.Compiler(template, root=template.parent, ignore_system_fonts=True)
