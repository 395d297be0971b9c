"""What a company takes along: its invoices with their files, and lists of the rest."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from accounts.models import TermsAcceptance
from accounts.selectors import acceptances_of
from clients.models import Client, Company, CompanyMembership
from common.archives.contents import Cells, Contents, Entry, Section, each
from common.identifiers import format_siren
from common.tenancy import tenant
from invoices.enums import JOINED, Direction, FileKind
from invoices.models import CompanyExport, Deposit, Invoice, InvoiceFile
from invoices.services.parts import safe_number

_KINDS: Final = (FileKind.ORIGINAL, FileKind.OUTGOING)
_FOLDERS: Final = {Direction.PURCHASE: "achats", Direction.SALE: "ventes"}
INVOICE_HEADER: Final = (
    "Sens", "Numéro", "Date", "Échéance", "Vendeur", "SIREN vendeur", "Acheteur", "SIREN acheteur", "Total HT", "TVA",
    "Total TTC", "Devise", "État", "Motif du refus", "Classée le", "Original", "SHA-256 de l'original", "Factur-X",
)  # fmt: skip
DEPOSIT_HEADER: Final = ("Fichier", "Déposé le", "État", "Motif", "Dans l'archive", "SHA-256")
_MEMBER_HEADER: Final = ("Nom", "E-mail", "Rôle", "Depuis le", "Jusqu'au")
_TERMS_HEADER: Final = ("Version", "Acceptée par", "Le", "Adresse IP", "Empreinte SHA-256")
_FIRM_HEADER: Final = ("Cabinet", "SIRET", "Statut", "Depuis le")
_README: Final = """
Export complet d'un espace entreprise de jefacture.

achats et ventes : l'original de chaque facture, et son Factur-X où jefacture en a fait un.
depots : les autres fichiers reçus, qui n'ont pas été classés ou accompagnent une facture.
Les listes (CSV) s'ouvrent avec un tableur ; une apostrophe précède ce qu'il prendrait pour une formule.
manifest.json : chaque fichier avec sa taille et son empreinte SHA-256, et le nombre de lignes de chaque liste.
"""


def contents_of(export: CompanyExport) -> Contents:
    """Read inside the company's tenant."""
    company = export.company_id
    with tenant(company=company):
        space, actor = Company.objects.get(pk=company), str(export.created_by.person)
    return Contents(
        readme=_README,
        about={
            "company": {"name": space.name, "siren": space.siren},
            "asked_by": actor,
            "asked_at": export.created_at.isoformat(),
        },
        sections=_sections(company),
        tenant=lambda: tenant(company=company),
    )


def _sections(company: UUID) -> list[Section]:
    return [
        Section("factures", INVOICE_HEADER, lambda: Invoice.objects.filter(company=company), invoice_cells),
        Section(
            "depots",
            DEPOSIT_HEADER,
            # What made no invoice, or came beside the file that made one: the company's all the same.
            lambda: Deposit.objects.filter(Q(invoice__isnull=True) | Q(pairing__in=JOINED), company=company),
            each(deposit_cells),
        ),
        Section(
            "entreprise",
            ("Raison sociale", "SIREN", "Espace ouvert le"),
            lambda: Company.objects.filter(pk=company),
            each(lambda space: (space.name, format_siren(space.siren), space.created_at)),
        ),
        Section(
            "utilisateurs",
            _MEMBER_HEADER,
            lambda: CompanyMembership.objects.filter(company=company).select_related("person"),
            each(lambda m: (m.person.full_name, m.person.email, m.get_role_display(), m.created_at, m.ended_at)),
        ),
        Section(
            "cabinets",
            _FIRM_HEADER,
            lambda: Client.objects.filter(company=company).select_related("firm"),
            each(lambda file: (file.firm.name, file.firm.siret, file.get_status_display(), file.activated_at)),
        ),
        terms_section(company),
    ]


def terms_section(party: UUID) -> Section:
    """The acceptances of the CGU that bind this firm or company."""

    def cells(acceptance: TermsAcceptance) -> Cells:
        version, user = acceptance.terms.version, acceptance.user.any_email
        return version, user, acceptance.accepted_at, acceptance.ip, acceptance.sha256

    return Section("cgu", _TERMS_HEADER, lambda: acceptances_of(party), each(cells))


def invoice_cells(invoices: Sequence[Invoice], *, folders: Sequence[str] = ()) -> list[Cells]:
    """The cells of INVOICE_HEADER, two of which are files, below the folder given for each."""
    files: dict[tuple[UUID, str], InvoiceFile] = {
        (file.invoice_id, file.kind): file
        for file in InvoiceFile.objects.filter(invoice__in=[invoice.pk for invoice in invoices], kind__in=_KINDS)
    }
    found: list[Cells] = []
    for invoice, folder in zip(invoices, folders or [""] * len(invoices), strict=True):
        original, outgoing = (files.get((invoice.pk, kind)) for kind in _KINDS)
        sha256 = original.sha256 if original else ""
        found.append((*_facts(invoice), _entry(invoice, original, folder), sha256, _entry(invoice, outgoing, folder)))
    return found


def deposit_cells(deposit: Deposit) -> Cells:
    """The cells of DEPOSIT_HEADER, one of which is the file."""
    name = PurePosixPath(deposit.file_name.replace("\\", "/")).name or "fichier"
    entry = Entry(f"depots/{deposit.pk.hex[:8]}/{name}", deposit.stored_as)
    return deposit.file_name, deposit.created_at, deposit.get_state_display(), deposit.reason, entry, deposit.sha256


def _facts(invoice: Invoice) -> tuple[Any, ...]:
    return (
        invoice.get_direction_display(),
        invoice.number,
        invoice.issue_date,
        invoice.due_date,
        invoice.seller_name,
        invoice.seller_siren,
        invoice.buyer_name,
        invoice.buyer_siren,
        invoice.total_without_vat,
        invoice.total_vat,
        invoice.total_with_vat,
        invoice.currency,
        invoice.get_state_display(),
        invoice.refusal_reason,
        invoice.filed_at,
    )


def _entry(invoice: Invoice, file: InvoiceFile | None, folder: str) -> Entry | None:
    """`ventes/2026/20261102_F-1_0a1b2c3d.pdf`; what was made for leaving carries its kind in its name."""
    if file is None:
        return None
    stem = f"{invoice.issue_date:%Y%m%d}_{safe_number(invoice.number)}_{invoice.pk.hex[:8]}"
    suffix = PurePosixPath(file.name).suffix.lower()[:6]
    kind = "_factur-x" if file.kind == FileKind.OUTGOING else ""
    path = f"{_FOLDERS[Direction(invoice.direction)]}/{invoice.issue_date:%Y}/{stem}{kind}{suffix}"
    return Entry(f"{folder}{path}", file.stored_as)
