"""A PDF and the structured file of one invoice become one invoice, whichever comes first, or both at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from common.journal import SYSTEM, record
from invoices.enums import BARE, JOINED, WITH_PAGE, DepositState, Pairing
from invoices.formats.codec import from_json
from invoices.formats.model import Invoice as TypedInvoice
from invoices.likeness import Found, Stated, likeness
from invoices.models import Deposit, Invoice
from invoices.outline import digest_of
from invoices.selectors.deposits import readable_of, without_page
from invoices.services.settling import MACHINE, join, one_at_a_time
from invoices.services.timeline import note

#: How long the two may be apart to be put together without a person.
DAYS = 7
_MOST = 2000


def pair_pdf(deposit: Deposit) -> bool:
    """Join a PDF without data to the one structured invoice that it clearly shows; whether there is one."""
    if deposit.pairing == Pairing.APART:
        return False
    one_at_a_time(deposit.company_id)
    weighed = [(_weigh(deposit, xml), xml.invoice) for xml in _structured(deposit) if xml.invoice is not None]
    best = max((weight for weight, _ in weighed), default=0)
    found = [invoice for weight, invoice in weighed if weight == best]
    # Two that are as likely: a statement of account, or a form letter. A person says which.
    if best == 0 or len({invoice.pk for invoice in found}) != 1:
        return False
    attach(deposit, found[0], Pairing.READABLE)
    return True


def pair_waiting_pdf(deposit: Deposit, invoice: Invoice) -> None:
    """The PDF that came before its structured file, and waits to be completed, joins the invoice just filed."""
    if invoice.container not in BARE:
        return
    one_at_a_time(deposit.company_id)
    waiting = Deposit.objects.filter(
        company=deposit.company_id, state=DepositState.INCOMPLETE, reason_code="no_data", read__container="pdf"
    ).exclude(pairing=Pairing.APART)
    near = waiting.filter(_near(deposit)).select_for_update(of=("self",), skip_locked=True).order_by("created_at")
    pdfs = [(_weigh(pdf, deposit, invoice=invoice), pdf) for pdf in near[:_MOST]]
    weight, pdf = max(pdfs, key=lambda each: each[0], default=(0, None))
    if pdf is not None and weight:
        attach(pdf, invoice, Pairing.READABLE)


def join_copy(deposit: Deposit, first: Invoice, typed: TypedInvoice, *, container: str) -> bool:
    """
    A Factur-X of an invoice that came as bare XML, or the reverse, is a second container of it; whether it is one.

    Only where the two say exactly the same: the same container twice, or one term that differs, is a duplicate.
    """
    kinds = {first.container, container}
    if deposit.pairing == Pairing.APART or not (kinds & WITH_PAGE and kinds & BARE):
        return False
    if digest_of(from_json(first.data)) != digest_of(typed):
        return False
    one_at_a_time(deposit.company_id)
    attach(deposit, first, _place_of(first, container))
    return True


def attach(deposit: Deposit, invoice: Invoice, pairing: Pairing, *, actor: str = MACHINE) -> None:
    """Make the deposit one more file of the invoice, and say so on both."""
    join(deposit, invoice, pairing, actor=actor)
    note(invoice, "file_joined", actor=actor, text=f"{Pairing(pairing).label} : {deposit.file_name}")
    if actor == MACHINE:
        record(SYSTEM, "deposit.joined", deposit, number=invoice.number, invoice=str(invoice.pk))


def _place_of(first: Invoice, container: str) -> Pairing:
    wants_page = container in WITH_PAGE and readable_of(first) is None
    return Pairing.READABLE if wants_page else Pairing.COPY


def _structured(deposit: Deposit) -> Iterable[Deposit]:
    """The deposits near this one that made an invoice of bare XML which has no page yet."""
    rows = Deposit.objects.filter(
        _near(deposit),
        company=deposit.company_id,
        state=DepositState.FILED,
        invoice__in=without_page(Invoice.objects.filter(company=deposit.company_id, container__in=BARE)),
    ).exclude(pairing__in=JOINED)
    return rows.select_related("invoice").defer("invoice__data").order_by("-created_at")[:_MOST]


def _near(deposit: Deposit) -> Q:
    start: datetime = min(deposit.created_at, timezone.now()) - timedelta(days=DAYS)
    near = Q(created_at__gte=start)
    return near | Q(batch=deposit.batch) if deposit.batch is not None else near


def _weigh(pdf: Deposit, xml: Deposit, *, invoice: Invoice | None = None) -> int:
    stated = invoice or xml.invoice
    if stated is None:
        return 0
    return likeness(
        Found(pdf.file_name, pdf.batch),
        pdf.text,
        Found(xml.file_name, xml.batch),
        Stated(stated.number, stated.total_with_vat),
    )
