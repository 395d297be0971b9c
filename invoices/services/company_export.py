"""« Quitter jefacture »: a company takes everything with it. One archive at a time, written by workers."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from clients.models import CompanyMembership
from clients.permissions import can_manage_company
from common.archives import running
from common.archives.slices import LIMITS, Limits
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from invoices.archive import contents_of
from invoices.models import CompanyExport
from outbox.enums import EmailKind
from outbox.rendering import render_email
from outbox.services import queue

_OWNERS_ONLY: Final = "Seul un propriétaire de l'espace l'exporte."


def start_export(actor: CompanyMembership) -> CompanyExport:
    """Raises ExportRunningError."""
    require(can_manage_company(actor), _OWNERS_ONLY)
    with tenant(company=actor.company_id):
        export = CompanyExport(company_id=actor.company_id, created_by=actor)
        running.begin(_KIND, export)
        record(actor, "company.export_started", export)
    return export


def run_export(pk: UUID, *, limits: Limits = LIMITS) -> None:
    running.run(_KIND, pk, limits=limits)


def note_failure(pk: UUID, *, error: str) -> None:
    running.note_failure(_KIND, pk, error=error)


def remove_expired() -> None:
    running.remove_expired(_KIND)


def note_fetched(actor: CompanyMembership, export: CompanyExport) -> None:
    require(can_manage_company(actor), _OWNERS_ONLY)
    with tenant(company=actor.company_id):
        record(actor, "company.export_fetched", export)


def _note_ready(export: CompanyExport) -> None:
    record(export.created_by, "company.export_made", export)
    _tell(export)


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


_KIND: Final = running.Kind(CompanyExport, contents_of, ready=_note_ready)
