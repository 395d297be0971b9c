"""« Données du cabinet »: a firm takes everything with it. One archive at a time, written by workers."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from common.archives import running
from common.archives.slices import LIMITS, Limits
from common.journal import SYSTEM, record
from common.permissions import require
from common.tenancy import tenant
from exports.archive import contents_of
from exports.models import FirmExport
from exports.permissions import can_export_firm
from firms.models import Membership
from outbox.enums import EmailKind
from outbox.rendering import render_email
from outbox.services import InvalidAddressError, queue

ONLY_ADMINISTRATORS: Final = "Seul un administrateur du cabinet télécharge ses données."


def start_export(actor: Membership) -> FirmExport:
    """Raises ExportRunningError."""
    require(can_export_firm(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        export = FirmExport(firm_id=actor.firm_id, created_by=actor)
        running.begin(_KIND, export)
        record(actor, "firm.export_started", export)
    return export


def stop_export(actor: Membership, *, export: FirmExport) -> bool:
    """Whether it was under way."""
    require(can_export_firm(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        stopped = running.stop(export)
        if stopped:
            record(actor, "firm.export_stopped", export)
    return stopped


def run_export(pk: UUID, *, limits: Limits = LIMITS) -> None:
    running.run(_KIND, pk, limits=limits)


def note_failure(pk: UUID, *, error: str) -> None:
    running.note_failure(_KIND, pk, error=error)


def remove_expired() -> None:
    running.remove_expired(_KIND)


def note_fetched(actor: Membership, *, export: FirmExport) -> None:
    require(can_export_firm(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        record(actor, "firm.export_fetched", export)


def _note_ready(export: FirmExport) -> None:
    record(export.created_by, "firm.export_made", export, files=export.files, size=export.size)
    _tell(export)


def _tell(export: FirmExport) -> None:
    """Whoever asked, once; the link leads to the page, which asks who it is."""
    recipient, firm = export.created_by.user.any_email, export.firm
    if not recipient:
        return
    subject = f"L'archive des données de {firm.name} est prête"
    message = render_email(
        "firm_export_ready",
        {
            "subject": subject,
            "firm_name": firm.name,
            "expires_at": export.expires_at,
            "button_url": settings.SITE_URL + reverse("exports:data", args=[firm.siret]),
            "button_label": "Voir l'archive",
            "why": f"Vous avez demandé toutes les données de {firm.name}.",
        },
    )
    # ComptExpert's address may be none that mail can be written to: the page tells it all the same.
    with suppress(InvalidAddressError):
        queue(kind=EmailKind.FIRM, recipient=recipient, subject=subject, text=message.text, html=message.html)


def _note_removed(export: FirmExport) -> None:
    record(SYSTEM, "firm.export_removed", export, firm=export.firm_id)


_KIND: Final = running.Kind(FirmExport, contents_of, ready=_note_ready, removed=_note_removed)
