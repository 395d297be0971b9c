"""All that a company has in jefacture as one ZIP: its invoices with their files, and lists of the rest as CSV."""

import csv
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.selectors import acceptances_of
from clients.models import Client, Company, CompanyMembership
from common.identifiers import format_siren
from common.tenancy import tenant
from common.typography import date_fr, datetime_fr
from common.vault import chunks_of
from invoices.enums import Direction, FileKind
from invoices.models import Deposit, Invoice, InvoiceFile
from invoices.services.filing import safe_number

_BATCH: Final = 200
_KINDS: Final = (FileKind.ORIGINAL, FileKind.OUTGOING)
_FOLDERS: Final = {Direction.PURCHASE: "achats", Direction.SALE: "ventes"}
#: A spreadsheet would take a text that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_INVOICE_HEADER: Final = (
    "Sens", "Numéro", "Date", "Échéance", "Vendeur", "SIREN vendeur", "Acheteur", "SIREN acheteur", "Total HT", "TVA",
    "Total TTC", "Devise", "État", "Motif du refus", "Classée le", "Original", "SHA-256 de l'original", "Factur-X",
)  # fmt: skip
_DEPOSIT_HEADER: Final = ("Fichier", "Déposé le", "État", "Motif", "Dans l'archive", "SHA-256")
_MEMBER_HEADER: Final = ("Nom", "E-mail", "Rôle", "Depuis le", "Jusqu'au")
_TERMS_HEADER: Final = ("Version", "Acceptée par", "Le", "Adresse IP", "Empreinte SHA-256")
_FIRM_HEADER: Final = ("Cabinet", "SIRET", "Statut", "Depuis le")

#: Called after each file with the number of invoices and deposits that are in; it may raise to stop the writing.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class _Entry:
    """Where a stored file goes in the archive."""

    path: str
    stored_as: str


def to_export(company: UUID) -> int:
    """How many invoices and other deposits there are, inside the company's tenant."""
    return Invoice.objects.filter(company=company).count() + _other_deposits(company).count()


def write_archive(into: IO[bytes], company: UUID, *, progress: Progress) -> None:
    """Outside any tenant: rows are read by the hundred, files by the chunk, whatever there is of them."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        done = _write_invoices(archive, company, progress)
        _write_deposits(archive, company, progress, done)
        for name, header, rows in _lists(company):
            with _sheet(archive, name, header) as sheet:
                sheet.writerows(rows)


def _write_invoices(archive: zipfile.ZipFile, company: UUID, progress: Progress) -> int:
    done = 0
    with _sheet(archive, "factures.csv", _INVOICE_HEADER) as sheet:
        for batch in _batches(company, Invoice.objects.filter(company=company), _invoice_rows):
            for row, entries in batch:
                paths = [_add(archive, entry) if entry else "" for entry in entries]
                sheet.writerow(_row(*row[:-1], paths[0], row[-1], paths[1]))
                done += 1
                progress(done)
    return done


def _write_deposits(archive: zipfile.ZipFile, company: UUID, progress: Progress, done: int) -> None:
    with _sheet(archive, "depots.csv", _DEPOSIT_HEADER) as sheet:
        for batch in _batches(company, _other_deposits(company), list):
            for deposit in batch:
                name = PurePosixPath(deposit.file_name.replace("\\", "/")).name or "fichier"
                path = _add(archive, _Entry(f"depots/{deposit.pk.hex[:8]}/{name}", deposit.stored_as))
                state = deposit.get_state_display()
                sheet.writerow(_row(deposit.file_name, deposit.created_at, state, deposit.reason, path, deposit.sha256))
                done += 1
                progress(done)


def _other_deposits(company: UUID) -> QuerySet[Deposit]:
    """Files that did not become an invoice: they are the company's all the same."""
    return Deposit.objects.filter(company=company, invoice__isnull=True)


def _batches(company: UUID, rows: QuerySet[Any], prepare: Callable[[Sequence[Any]], list[Any]]) -> Iterator[list[Any]]:
    """In the order of their ids; each batch is read in a context of its own, so that none stays open while we write."""
    after: UUID | None = None
    while True:
        with tenant(company=company):
            found = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[:_BATCH])
            prepared = prepare(found)
        if not found:
            return
        yield prepared
        after = found[-1].pk


def _invoice_rows(invoices: Sequence[Invoice]) -> list[tuple[tuple[Any, ...], list[_Entry | None]]]:
    files: dict[tuple[UUID, str], InvoiceFile] = {
        (file.invoice_id, file.kind): file
        for file in InvoiceFile.objects.filter(invoice__in=[invoice.pk for invoice in invoices], kind__in=_KINDS)
    }
    found = []
    for invoice in invoices:
        own = [files.get((invoice.pk, kind)) for kind in _KINDS]
        entries = [_Entry(_path(invoice, file), file.stored_as) if file else None for file in own]
        found.append(((*_facts(invoice), own[0].sha256 if own[0] else ""), entries))
    return found


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


def _path(invoice: Invoice, file: InvoiceFile) -> str:
    """`ventes/2026/20261102_F-1_0a1b2c3d.pdf`; what was made for leaving carries its kind in its name."""
    stem = f"{invoice.issue_date:%Y%m%d}_{safe_number(invoice.number)}_{invoice.pk.hex[:8]}"
    suffix = PurePosixPath(file.name).suffix.lower()[:6]
    kind = "_factur-x" if file.kind == FileKind.OUTGOING else ""
    return f"{_FOLDERS[Direction(invoice.direction)]}/{invoice.issue_date:%Y}/{stem}{kind}{suffix}"


def _add(archive: zipfile.ZipFile, entry: _Entry) -> str:
    """Its path in the archive, or that the storage has it no more: the list says so, and the rest is written."""
    try:
        chunks = chunks_of(entry.stored_as)
        first = next(chunks, b"")
    except FileNotFoundError:
        return "absent du stockage"
    with archive.open(entry.path, "w", force_zip64=True) as file:
        file.write(first)
        for chunk in chunks:
            file.write(chunk)
    return entry.path


@contextmanager
def _sheet(archive: zipfile.ZipFile, name: str, header: Iterable[str]) -> Iterator[Any]:
    """A CSV as French spreadsheets open it; it is put into the archive when the block ends."""
    with NamedTemporaryFile("w+", prefix="jefacture-", encoding="utf-8-sig", newline="") as spool:
        sheet = csv.writer(spool, delimiter=";")
        sheet.writerow(header)
        yield sheet
        spool.flush()
        archive.write(spool.name, name, compress_type=zipfile.ZIP_DEFLATED)


def _lists(company: UUID) -> list[tuple[str, Sequence[str], list[list[str]]]]:
    with tenant(company=company):
        space = Company.objects.get(pk=company)
        members = CompanyMembership.objects.filter(company=company).select_related("person").order_by("created_at")
        files = Client.objects.filter(company=company).select_related("firm").order_by("activated_at")
        own = [_row(space.name, format_siren(space.siren), space.created_at)]
        people = [
            _row(m.person.full_name, m.person.email, m.get_role_display(), m.created_at, m.ended_at) for m in members
        ]
        firms = [_row(f.firm.name, f.firm.siret, f.get_status_display(), f.activated_at) for f in files]
        terms = [
            _row(a.terms.version, a.user.any_email, a.accepted_at, a.ip, a.sha256) for a in acceptances_of(company)
        ]
    return [
        ("entreprise.csv", ("Raison sociale", "SIREN", "Espace ouvert le"), own),
        ("utilisateurs.csv", _MEMBER_HEADER, people),
        ("cabinets.csv", _FIRM_HEADER, firms),
        ("cgu.csv", _TERMS_HEADER, terms),
    ]


def _row(*values: Any) -> list[str]:
    return [_cell(value) for value in values]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _amount(value)
    if hasattr(value, "hour"):
        return datetime_fr(value)
    if hasattr(value, "year"):
        return date_fr(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _amount(value: Decimal) -> str:
    """As stated, with two decimals at least and the comma that a French spreadsheet reads."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{value:.{decimals}f}".replace(".", ",")
