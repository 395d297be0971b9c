"""Collected static files: granian's application refuses a file that the manifest does not list."""

from collections.abc import Callable
from pathlib import Path

from jefacture.embedded.database import digest


def ensure_collected(root: Path, *, collect: Callable[[], object], into: Path | None = None) -> None:
    """Call `collect`, which fills STATIC_ROOT (`into`), unless nothing that it reads has changed since."""
    folder = into or root / "staticfiles"
    files = {root / "requirements-dev.lock", root / "jefacture" / "settings" / "base.py"}
    files |= {file for pattern in ("static/**/*", "*/static/**/*") for file in root.glob(pattern)}
    current = digest({file for file in files if not file.is_relative_to(root / "staticfiles")}, root=root)
    stamp = folder / ".stamp"
    if stamp.exists() and stamp.read_text() == current and (folder / "staticfiles.json").exists():
        return
    collect()
    folder.mkdir(exist_ok=True)
    stamp.write_text(current)
