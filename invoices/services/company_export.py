"""« Quitter jefacture »: a company takes everything with it. One archive at a time, written by a worker."""

import time
from collections.abc import Iterator
from datetime import timedelta
from tempfile import NamedTemporaryFile
from typing import IO, Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import CompanyMembership
from clients.permissions import can_manage_company
from common import vault
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from common.work import LEASE, begin_attempt, retry_delay, wake
from invoices.archive import to_export, write_archive
from invoices.enums import ExportState
from invoices.models import CompanyExport
from outbox.enums import EmailKind
from outbox.rendering import render_email
from outbox.services import queue

#: How long an archive can be fetched.
LIFETIME: Final = timedelta(days=7)
MAX_ATTEMPTS: Final = 5
#: While it is written, and while the finished archive goes to the storage, which nothing interrupts.
_RENEW_EVERY: Final = 3.0
_STORING: Final = timedelta(minutes=30)
_CHUNK: Final = 1 << 20


class ExportRunningError(ValueError):
    def __init__(self) -> None:
        super().__init__("Un export est déjà en préparation.")


class _TakenOverError(Exception):
    """Another worker has begun anew, for this one seemed dead."""


def start_export(actor: CompanyMembership) -> CompanyExport:
    """Raises ExportRunningError."""
    require(can_manage_company(actor), "Seul un propriétaire de l'espace l'exporte.")
    with tenant(company=actor.company_id):
        export = CompanyExport(
            company_id=actor.company_id,
            created_by=actor,
            total=to_export(actor.company_id),
            wake_at=timezone.now() + LEASE,
        )
        try:
            with transaction.atomic():
                export.save(force_insert=True)
        except IntegrityError as error:
            raise ExportRunningError from error
        record(actor, "company.export_started", export)
        wake(export)
    return export


def run_export(pk: UUID) -> None:
    """Write the archive from its beginning. Killed at any line, the next attempt does it again."""
    with tenant(platform="a worker learns which company an archive belongs to"):
        export = CompanyExport.claim(pk)
        if export is None:
            return
        begin_attempt(export)
    if export.attempts > MAX_ATTEMPTS:
        _fail(export)
        return
    try:
        with NamedTemporaryFile(prefix="jefacture-") as spool:
            write_archive(spool, export.company_id, progress=_Lease(export))
            _hold(export, done=export.total, until=_STORING)
            stored = vault.keep(_chunks(spool), folder="exports")
    except _TakenOverError:
        return
    if not _finish(export, stored):
        vault.forget(stored)


def note_failure(pk: UUID, *, error: str) -> None:
    """A storage or a database that was away: try again later."""
    with tenant(platform="a worker knows an archive by its id alone"):
        export = CompanyExport.claim(pk)
        if export is not None:
            export.last_error, export.wake_at = error, timezone.now() + retry_delay(export.attempts)
            export.save(update_fields=["last_error", "wake_at"])


def remove_expired() -> int:
    """Take away the bytes of archives past their date; the rows stay. The number removed."""
    with tenant(platform="archives of every company are kept for some days only"):
        old = CompanyExport.objects.filter(expires_at__lte=timezone.now()).exclude(stored_as="")
        exports = list(old.select_for_update(skip_locked=True)[:100])
        for export in exports:
            default_storage.delete(export.stored_as)
        CompanyExport.objects.filter(pk__in=[export.pk for export in exports]).update(stored_as="")
    return len(exports)


def note_fetched(actor: CompanyMembership, export: CompanyExport) -> None:
    with tenant(company=actor.company_id):
        record(actor, "company.export_fetched", export)


class _Lease:
    """Tells how far the writing is and keeps the row, every few seconds."""

    def __init__(self, export: CompanyExport) -> None:
        self._export = export
        self._renewed = time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._renewed >= _RENEW_EVERY:
            _hold(self._export, done=done, until=LEASE)
            self._renewed = time.monotonic()


def _hold(export: CompanyExport, *, done: int, until: timedelta) -> None:
    with tenant(company=export.company_id):
        mine = CompanyExport.objects.filter(pk=export.pk, attempts=export.attempts, wake_at__isnull=False)
        if not mine.update(done=done, wake_at=timezone.now() + until):
            raise _TakenOverError


def _chunks(spool: IO[bytes]) -> Iterator[bytes]:
    spool.seek(0)
    while chunk := spool.read(_CHUNK):
        yield chunk


def _finish(export: CompanyExport, stored: vault.Stored) -> bool:
    """False where another worker has begun anew: its archive counts."""
    with tenant(company=export.company_id):
        locked = CompanyExport.claim(export.pk)
        if locked is None or locked.attempts != export.attempts:
            return False
        now = timezone.now()
        locked.state, locked.wake_at, locked.last_error = ExportState.READY, None, ""
        locked.stored_as, locked.size, locked.done = stored.name, stored.size, locked.total
        locked.finished_at, locked.expires_at = now, now + LIFETIME
        locked.save()
        record(locked.created_by, "company.export_made", locked)
        _tell(locked)
    return True


def _fail(export: CompanyExport) -> None:
    with tenant(company=export.company_id):
        export.state, export.wake_at, export.finished_at = ExportState.FAILED, None, timezone.now()
        export.save(update_fields=["state", "wake_at", "finished_at"])


def _tell(export: CompanyExport) -> None:
    company = export.company
    subject = f"L'export de {company.name} est prêt"
    message = render_email(
        "export_ready",
        {
            "subject": subject,
            "company_name": company.name,
            "expires_at": export.expires_at,
            "button_url": settings.SITE_URL + reverse("invoices:leave", args=[company.siren]),
            "button_label": "Télécharger l'archive",
            "why": f"Vous avez demandé l'export complet de l'espace de {company.name}.",
        },
    )
    recipient = export.created_by.person.email or ""
    queue(kind=EmailKind.COMPANY, recipient=recipient, subject=subject, text=message.text, html=message.html)
