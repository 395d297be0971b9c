"""The front door for archives and e-mails that strangers made: each is taken apart in a watched child."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.isolation import IsolationError, Limits, OutOfMemory, TimedOut, run_isolated
from invoices.enums import ParcelKind

LIMITS: Final = Limits(memory_bytes=512 << 20, wall_seconds=60, cpu_seconds=60)
_CHILDREN: Final = {
    ParcelKind.ARCHIVE: "invoices.parcels.archive:unpack",
    ParcelKind.MESSAGE: "invoices.parcels.message:unpack",
}


class ParcelRefusedError(Exception):
    """None of it is taken: a French `reason` and a stable `code`; `dangerous` where opening had to be stopped."""

    def __init__(self, code: str, reason: str, *, dangerous: bool = False) -> None:
        super().__init__(code)
        self.code, self.reason, self.dangerous = code, reason, dangerous


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in it: `path` holds its bytes, or `skipped` says in French why it is left out."""

    name: str
    kind: str
    path: Path | None
    skipped: str


def open_parcel(kind: str, path: Path, *, folder: Path) -> Sequence[Entry]:
    """The same files in the same order each time. Raises ParcelRefusedError."""
    try:
        answer = run_isolated(
            _CHILDREN[ParcelKind(kind)], path, arguments={"folder": str(folder.absolute())}, limits=LIMITS
        )
    except IsolationError as error:
        raise ParcelRefusedError(*_stopped(error), dangerous=True) from error
    if "refused" in answer:
        raise ParcelRefusedError(answer["code"], answer["refused"])
    return [
        Entry(
            name=each["name"],
            kind=each.get("kind", ""),
            path=folder / each["file"] if "file" in each else None,
            skipped=each.get("skipped", ""),
        )
        for each in answer["entries"]
    ]


def _stopped(error: IsolationError) -> tuple[str, str]:
    if isinstance(error, TimedOut):
        return "timeout", "L'ouverture est trop longue : elle a été arrêtée. Déposez les fichiers un à un."
    if isinstance(error, OutOfMemory):
        return "memory", "L'ouverture demande trop de mémoire : elle a été arrêtée. Déposez les fichiers un à un."
    return "crash", "L'ouverture a échoué. L'original est conservé ; déposez les fichiers un à un."
