"""Pages set by typst as PDF, in a watched child (common.isolation): what they say may come from strangers.

    pdf = typeset(TEMPLATE, {"title": "…"}, made_at=signed_at)

The same template, data and date give the same bytes.
"""

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from common.isolation import Limits, run_isolated

__all__ = ["made_in_child", "typeset"]

_LIMITS: Final = Limits(memory_bytes=1 << 30, wall_seconds=20, cpu_seconds=20)


def typeset(template: Path, data: dict[str, Any], *, made_at: datetime) -> bytes:
    """A PDF/A-3b of `template`, which reads `data` as `json(bytes(sys.inputs.data))`. Raises IsolationError."""
    return made_in_child(
        "common.typesetting.page:render_page",
        json.dumps(data, ensure_ascii=False).encode(),
        limits=_LIMITS,
        template=str(template),
        made_at=made_at.replace(microsecond=0).isoformat(),  # typst knows whole seconds
    )


def made_in_child(target: str, payload: Path | bytes, *, limits: Limits, **arguments: str) -> bytes:
    """What `target` writes to the path it is given as `output`. Raises common.isolation.IsolationError."""
    with tempfile.TemporaryDirectory(prefix="typesetting-") as folder:
        output = Path(folder) / "page.pdf"
        run_isolated(target, payload, arguments={**arguments, "output": str(output)}, limits=limits)
        return output.read_bytes()
