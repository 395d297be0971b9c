"""A worker takes an archive or an e-mail apart: each file in it becomes a deposit, or is named as skipped."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from common import vault
from common.journal import System, record
from common.tenancy import tenant
from common.typography import french
from common.work import LEASE, begin_attempt, put_off
from invoices.enums import Channel, DepositState, ParcelKind, ParcelState
from invoices.models import Deposit, Parcel
from invoices.parcels.entries import EMPTY, base_name
from invoices.parcels.opening import LIMITS, Entry, ParcelRefusedError, open_parcel
from invoices.services.receiving import Origin, keep_archive, keep_deposit

#: What ended its worker this often (some hours) is put aside.
MAX_ATTEMPTS: Final = 12
#: Files of one transaction. The report is written whole with each: one by one, that would be most of the work.
AT_ONCE: Final = 20
_CHUNK: Final = 1 << 20
_GIVEN_UP: Final = "L'ouverture a échoué plusieurs fois. L'original est conservé ; déposez les fichiers un à un."
_NOTHING: Final = {
    ParcelKind.ARCHIVE: "Cette archive ne contient aucun fichier de facture.",
    ParcelKind.MESSAGE: "Ce message ne contient aucun fichier de facture (PDF, XML, image ou ZIP).",
}


def unpack(parcel_id: UUID) -> None:
    """
    Take one apart. Run by a worker; running it again goes on where it stands.

    Some files are one transaction with their lines of the report: killed anywhere, the next run skips as many lines
    and takes the others, for the same files come out in the same order.
    """
    with tenant(platform="a worker learns which company a parcel belongs to"):
        parcel = Parcel.claim(parcel_id)
        if parcel is None:
            return
        begin_attempt(parcel, now=timezone.now() + timedelta(seconds=LIMITS.wall_seconds))
    if parcel.attempts > MAX_ATTEMPTS:
        _settle(parcel, ParcelState.QUARANTINED, "unreadable", _GIVEN_UP)
        return
    with TemporaryDirectory(prefix="jefacture-") as folder, vault.as_local_file(parcel.stored_as) as path:
        try:
            entries = open_parcel(parcel.kind, path, folder=Path(folder))
        except ParcelRefusedError as refusal:
            state = ParcelState.QUARANTINED if refusal.dangerous else ParcelState.REFUSED
            _settle(parcel, state, refusal.code, refusal.reason)
            return
        if _take_all(parcel, entries):
            taken = any(not entry.skipped for entry in entries)
            _settle(parcel, ParcelState.OPENED, "", "" if taken else _NOTHING[ParcelKind(parcel.kind)])


def note_failure(parcel_id: UUID, *, error: str) -> None:
    """An attempt broke for a reason that need not be the parcel's (storage, database): try again later."""
    with tenant(platform="a worker knows a parcel by its id alone"):
        parcel = Parcel.claim(parcel_id)
        if parcel is not None:
            put_off(parcel, error=error)


def _take_all(parcel: Parcel, entries: Sequence[Entry]) -> bool:
    """Whether all is taken: not where another worker has the parcel, or has done with it."""
    while True:
        with vault.undone_on_error(), tenant(company=parcel.company_id):
            claimed = Parcel.claim(parcel.pk)
            if claimed is None:
                return False
            taken = len(claimed.contents)
            if taken == len(entries):
                return True
            claimed.contents += [_line(claimed, entry) for entry in entries[taken : taken + AT_ONCE]]
            claimed.wake_at = timezone.now() + LEASE
            claimed.save(update_fields=["contents", "wake_at"])


def _line(parcel: Parcel, entry: Entry) -> dict[str, Any]:
    """The entry's line of the report, once the file is a row of its own."""
    line: dict[str, Any] = {"name": entry.name, "outcome": "skipped", "reason": french(entry.skipped), "deposit": None}
    if entry.path is None:
        return line
    if entry.kind == "zip":
        _archive, new = keep_archive(_origin(parcel), file_name=base_name(entry.name), chunks=_chunks(entry.path))
        reason = "Archive ouverte à part." if new else "Cette archive a déjà été déposée."
        return line | {"outcome": "taken" if new else "same", "reason": reason}
    if entry.path.stat().st_size == 0:
        return line | {"reason": EMPTY}
    # Looked for first: what is there already is not stored a second time.
    sha256 = _sha256(entry.path)
    deposit = Deposit.objects.filter(company=parcel.company_id, sha256=sha256).first()
    new = False
    if deposit is None:
        deposit, new = keep_deposit(_origin(parcel), file_name=base_name(entry.name), chunks=_chunks(entry.path))
    reason = "" if new else f"Ce même fichier a déjà été déposé ({DepositState(deposit.state).label})."
    return line | {"outcome": "taken" if new else "same", "reason": french(reason), "deposit": str(deposit.pk)}


def _origin(parcel: Parcel) -> Origin:
    person = str(parcel.deposited_by) if parcel.deposited_by else ""
    name = person or parcel.sender or Channel(parcel.channel).label
    return Origin(
        actor=System(actor_name=name, actor_person_id=parcel.deposited_by_id),
        company=parcel.company,
        channel=Channel(parcel.channel),
        firm_id=parcel.firm_id,
        batch=parcel.batch,
        parcel=parcel,
    )


def _settle(parcel: Parcel, state: ParcelState, code: str, reason: str) -> None:
    with tenant(company=parcel.company_id):
        claimed = Parcel.claim(parcel.pk)
        if claimed is None:
            return
        claimed.state, claimed.reason_code, claimed.reason = state, code, french(reason)
        claimed.wake_at, claimed.finished_at = None, timezone.now()
        claimed.save(update_fields=["state", "reason_code", "reason", "wake_at", "finished_at"])
        record(_origin(claimed).actor, "parcel.opened", claimed, state=state.label, files=len(claimed.taken))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _chunks(path: Path) -> Any:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
