"""A migrated database, made only when the migrations have changed since."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from jefacture.embedded.postgres import Postgres
from jefacture.embedded.roles import drop_database, ensure_database, read_note, write_note

# What the shape of the database is made from.
_SOURCES = ("*/migrations/**/*.py", "*/policies.py", "common/tenancy/*.py", "common/isolation/*.py")
_ALONE = ("jefacture/settings/base.py", "jefacture/embedded/roles.py", "requirements-dev.lock")


def fingerprint(root: Path) -> str:
    """Changes whenever `migrate` might have something to do."""
    files = {root / name for name in _ALONE} | {file for pattern in _SOURCES for file in root.glob(pattern)}
    return digest(files, root=root)


def digest(files: set[Path], *, root: Path) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        content = file.read_bytes()
        total.update(f"{file.relative_to(root)}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def ensure_migrated(
    server: Postgres, name: str, *, root: Path, migrate: Callable[[], object], fresh: bool = False
) -> None:
    """Make the database and call `migrate` unless the note on it says that nothing has changed.

    With `fresh` an outdated database is dropped first: a migration may have been rewritten in place.
    """
    current = fingerprint(root)
    note = read_note(server, name)
    if note.get("migrations") == current:
        return
    if fresh:
        drop_database(server, name)
        note = {}
    ensure_database(server, name)
    migrate()
    write_note(server, name, note | {"migrations": current})
