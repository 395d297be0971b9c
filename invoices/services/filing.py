"""An invoice is filed: its rows, its files, its checks and each firm's part are made in one transaction."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet, Value
from django.db.models.functions import Lower

from clients.enums import ClientStatus
from clients.models import Client
from common import vault
from common.journal import SYSTEM, record
from invoices.enums import BARE, PDFS, WITH_PAGE, Channel, Direction, FileKind
from invoices.formats.codec import to_json
from invoices.formats.model import Invoice as TypedInvoice
from invoices.media import PDF, media_type_of
from invoices.models import Deposit, FirmInvoice, Invoice, InvoiceCheck, InvoiceFile
from invoices.opening import OpenedInvoice, disagreements_of, safe_copy
from invoices.rendering import outgoing_of_pdf, outgoing_pdf, picture_pdf
from invoices.services.automatic import validate_if_ruled
from invoices.services.parts import part_of, safe_number
from invoices.services.timeline import note
from invoices.services.verdicts import verdict_of


class DuplicateInvoiceError(ValueError):
    """The company already has this invoice (same seller, number and year): `first`."""

    def __init__(self, message: str, *, first: Invoice) -> None:
        super().__init__(message)
        self.first = first


@vault.undone_on_error()
def file_invoice(deposit: Deposit, *, direction: Direction, opened: OpenedInvoice, typed: TypedInvoice) -> Invoice:
    """
    Make the invoice of a deposit, inside the company's tenant and the caller's transaction.

    What leaves later (Factur-X) is made and stored now, so that its size is known before a firm may pull it.
    Raises DuplicateInvoiceError.
    """
    invoice = _create_invoice(deposit, direction, opened, typed)
    outgoing = _keep_files(deposit, invoice, opened)
    InvoiceCheck.objects.bulk_create([verdict_of(invoice, check) for check in opened.checks])
    _open_parts(invoice, outgoing)
    note(invoice, "filed", actor=_depositor(deposit), text=f"{deposit.get_channel_display()} : {deposit.file_name}")
    record(SYSTEM, "invoice.filed", invoice, direction=direction, number=invoice.number)
    validate_if_ruled(invoice)
    return invoice


def _create_invoice(deposit: Deposit, direction: Direction, opened: OpenedInvoice, typed: TypedInvoice) -> Invoice:
    flags = _disagreements(deposit, opened)
    invoice = Invoice(
        company_id=deposit.company_id,
        direction=direction,
        disagreements=flags,
        differs=bool(flags),
        **_columns(opened, typed),
    )
    if deposit.filed_apart:
        invoice.duplicate_rank = _next_rank(invoice)
    try:
        with transaction.atomic():
            invoice.save(force_insert=True)
    except IntegrityError as error:
        raise DuplicateInvoiceError(
            f"La facture {invoice.number} de {invoice.seller_name or 'ce vendeur'} est déjà enregistrée "
            f"pour {invoice.issue_date.year}. Le fichier est gardé, il n'a pas été classé deux fois.",
            first=_alike(invoice).earliest("duplicate_rank"),
        ) from error
    return invoice


def _disagreements(deposit: Deposit, opened: OpenedInvoice) -> list[dict[str, Any]]:
    """What the page of a PDF and the data inside it say differently; nothing where only one of the two is there."""
    if opened.container not in PDFS or opened.xml is None or opened.invoice is None:
        return []
    with vault.as_local_file(deposit.stored_as) as path:
        return disagreements_of(path, opened.invoice)


def _next_rank(invoice: Invoice) -> int:
    """A person said that it is no duplicate: it stands beside those that look like it."""
    highest = _alike(invoice).aggregate(Max("duplicate_rank"))["duplicate_rank__max"]
    return 0 if highest is None else highest + 1


def _alike(invoice: Invoice) -> QuerySet[Invoice]:
    """The invoices that « invoice_once » (see models) does not let this one join, but for its rank."""
    seller: dict[str, Any]
    if invoice.seller_siren:
        seller = {"seller_siren": invoice.seller_siren}
    elif invoice.seller_vat:
        seller = {"seller_siren": "", "seller_vat": invoice.seller_vat}
    else:
        # Folded by the database, as the constraint does: two ways of folding differ on odd letters.
        seller = {"seller_siren": "", "seller_vat": "", "folded_name": Lower(Value(invoice.seller_name))}
    return Invoice.objects.annotate(folded_name=Lower("seller_name")).filter(
        company=invoice.company_id,
        direction=invoice.direction,
        number=invoice.number,
        issue_date__year=invoice.issue_date.year,
        **seller,
    )


def _columns(opened: OpenedInvoice, typed: TypedInvoice) -> dict[str, Any]:
    seller, buyer, totals = typed.seller, typed.buyer, typed.totals
    return {
        "container": opened.container,
        "profile": opened.profile or "",
        "number": typed.number,
        "type_code": typed.type_code or "",
        "issue_date": typed.issue_date,
        "due_date": typed.due_date,
        "currency": typed.currency or "EUR",
        "seller_name": (seller.name or "")[:300],
        "seller_siren": seller.siren or "",
        "seller_vat": (seller.vat or "")[:20],
        "buyer_name": (buyer.name or "")[:300],
        "buyer_siren": buyer.siren or "",
        "buyer_vat": (buyer.vat or "")[:20],
        "total_without_vat": totals.without_vat,
        "total_vat": totals.vat,
        "total_with_vat": totals.with_vat,
        "amount_due": totals.amount_due,
        "data": to_json(typed, contents=False),
    }


def _keep_files(deposit: Deposit, invoice: Invoice, opened: OpenedInvoice) -> InvoiceFile:
    """The original, its XML, and what leaves; returns the last."""
    common: dict[str, Any] = {"company_id": invoice.company_id, "invoice": invoice}
    original = InvoiceFile.objects.create(
        **common,
        kind=FileKind.ORIGINAL,
        name=deposit.file_name,
        media_type=_media_type(deposit, opened),
        size=deposit.size,
        sha256=deposit.sha256,
        stored_as=deposit.stored_as,
    )
    base = safe_number(invoice.number)
    if opened.xml is not None and opened.container in WITH_PAGE:
        _keep(common, FileKind.XML, f"{base}.xml", "application/xml", opened.xml)
    if opened.container in PDFS:
        pdf = _leaving_pdf(deposit, opened)
        return original if pdf is None else _keep(common, FileKind.OUTGOING, f"{base}.pdf", PDF, pdf)
    pdf = _picture_page(deposit, invoice) if opened.container == "image" else outgoing_pdf(opened)
    return _keep(common, FileKind.OUTGOING, f"{base}.pdf", PDF, pdf)


def _media_type(deposit: Deposit, opened: OpenedInvoice) -> str:
    if opened.container in BARE:
        return "application/xml"
    if deposit.acts_by_itself:
        # Downloaded, never opened within a page: what is shown and what leaves is the safe copy.
        return "application/octet-stream"
    return media_type_of(deposit.stored_as)


def _leaving_pdf(deposit: Deposit, opened: OpenedInvoice) -> bytes | None:
    """What a PDF leaves as, where that is not the PDF itself: without what acts by itself, as Factur-X."""
    with vault.as_local_file(deposit.stored_as) as path:
        safe = safe_copy(path) if deposit.acts_by_itself else None
        made = outgoing_of_pdf(safe or path) if opened.xml is not None else None
    return made or safe


def _picture_page(deposit: Deposit, invoice: Invoice) -> bytes:
    with vault.as_local_file(deposit.stored_as) as path:
        return picture_pdf(path, number=invoice.number, day=invoice.issue_date)


def _keep(common: dict[str, Any], kind: FileKind, name: str, media_type: str, data: bytes) -> InvoiceFile:
    stored = vault.keep_bytes(data, folder="factures")
    return InvoiceFile.objects.create(
        **common,
        kind=kind,
        name=name,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
        stored_as=stored.name,
    )


def _open_parts(invoice: Invoice, outgoing: InvoiceFile) -> None:
    """A part for each firm that is linked to the company now; later ones see what is filed from then on."""
    clients = Client.objects.filter(company=invoice.company_id, status=ClientStatus.ACTIVE)
    FirmInvoice.objects.bulk_create([part_of(client, invoice, size=outgoing.size) for client in clients])


def _depositor(deposit: Deposit) -> str:
    if deposit.deposited_by is not None:
        return str(deposit.deposited_by)
    return Channel(deposit.channel).label
