"""The invoices of the demonstration, made by our own code and taken in by the same way as anybody's."""

from datetime import date, timedelta

from clients.models import Client, CompanyMembership
from common.identifiers import vat_of_siren
from common.tenancy import tenant
from exports.services.partners import mark_transferred
from firms.models import ApiKey, Membership, PartnerSoftware
from invoices.enums import Direction, FirmState, InvoiceState
from invoices.formats.model import Invoice as TypedInvoice
from invoices.formats.model import Party
from invoices.models import Deposit, FirmInvoice, Invoice
from invoices.samples import as_cii_xml, as_facturx_pdf, as_ubl_xml, french_party, invented_lines, sample_invoice
from invoices.services.decisions import refuse, validate
from invoices.services.processing import process
from invoices.services.receiving import receive
from jefacture.seed.directory import SUPPLIERS

_MAKERS = [("pdf", as_facturx_pdf), ("xml", as_cii_xml), ("xml", as_ubl_xml)]
_FIRST_DAY = date(2026, 9, 3)


def deposit_samples(client: Client, *, purchases: int, sales: int, to_validate: int) -> None:
    """
    Invoices of one active client, in the three containers by turns; the last `to_validate` of each sense wait.

    Deposited again, the same bytes are the same deposit: running this twice adds nothing.
    """
    assert client.company is not None  # noqa: S101 - an « Actif » file has its space
    with tenant(company=client.company.pk):
        owner = CompanyMembership.objects.select_related("person").get(company=client.company.pk)
    for direction, count in ((Direction.PURCHASE, purchases), (Direction.SALE, sales)):
        for n in range(count):
            deposit = _deposit(owner, client, _invoice(client, direction, n), turn=n)
            if n < count - to_validate:
                _validate(owner, deposit)


def deposit_for_somebody_else(client: Client) -> None:
    """One that is held: it names another company."""
    assert client.company is not None  # noqa: S101 - as above
    with tenant(company=client.company.pk):
        owner = CompanyMembership.objects.select_related("person").get(company=client.company.pk)
    (first_name, first, trade), (second_name, second, _) = SUPPLIERS[:2]
    invoice = sample_invoice(
        seller=french_party(name=first_name, siren=first, vat=vat_of_siren(first)),
        buyer=french_party(name=second_name, siren=second, vat=vat_of_siren(second)),
        number="FL-2026-0999",
        issue_date=_FIRST_DAY,
        lines=invented_lines(7, trade=trade),
    )
    _deposit(owner, client, invoice, turn=0)


def refuse_one(client: Client) -> None:
    """One purchase that its company refused."""
    assert client.company is not None  # noqa: S101 - as above
    with tenant(company=client.company.pk):
        if Invoice.objects.filter(company=client.company.pk, state=InvoiceState.REFUSED).exists():
            return
        owner = CompanyMembership.objects.select_related("person").get(company=client.company.pk)
        waiting = Invoice.objects.filter(company=client.company.pk, state=InvoiceState.TO_VALIDATE)
        refuse(
            owner,
            invoice=waiting.filter(direction=Direction.PURCHASE).earliest("issue_date"),
            reason="Prix différent du bon de commande",
        )


def transfer_some(expert: Membership, client: Client, *, count: int) -> None:
    """The first invoices were already taken by the firm's software."""
    key = ApiKey.objects.filter(firm=expert.firm_id, revoked_at__isnull=True).earliest("created_at")
    software = PartnerSoftware.objects.filter(enabled=True).order_by("slug")[0]
    for direction in Direction:
        with tenant(firm=expert.firm_id):
            parts = FirmInvoice.objects.filter(client=client, direction=direction)
            taken = parts.filter(state=FirmState.TRANSFERRED).count()
            first = list(parts.filter(state=FirmState.TO_TRANSFER).order_by("issue_date")[: max(0, count - taken)])
        for part in first:
            mark_transferred(key, software=software, part=part)


def _invoice(client: Client, direction: Direction, n: int) -> TypedInvoice:
    name, siren, trade = SUPPLIERS[n % len(SUPPLIERS)]
    own = _party(client)
    other = french_party(name=name, siren=siren, vat=vat_of_siren(siren), city="Paris", postal_code="75012")
    purchase = direction == Direction.PURCHASE
    prefix = "".join(word[0] for word in (name if purchase else client.name).split())[:3].upper()
    return sample_invoice(
        seller=other if purchase else own,
        buyer=own if purchase else other,
        number=f"{prefix}-2026-{int(client.siren[4:8]) % 700 + n + 1:04d}",
        issue_date=_FIRST_DAY + timedelta(days=3 * n + int(client.siren[-2:]) % 9),
        lines=invented_lines(n + int(client.siren[-4:]), trade=trade),
    )


def _party(client: Client) -> Party:
    return french_party(
        name=client.name,
        siren=client.siren,
        vat=client.vat_number,
        street=client.street,
        postal_code=client.postal_code,
        city=client.city,
    )


def _deposit(owner: CompanyMembership, client: Client, invoice: TypedInvoice, *, turn: int) -> Deposit:
    assert client.company is not None  # noqa: S101 - as above
    suffix, make = _MAKERS[turn % len(_MAKERS)]
    data = make(invoice)
    with tenant(company=client.company.pk):
        deposit, _new = receive(
            owner,
            company=client.company,
            client=None,
            file_name=f"{invoice.number}.{suffix}",
            size=len(data),
            chunks=(data,),
        )
    process(deposit.pk)
    with tenant(company=client.company.pk):
        return Deposit.objects.select_related("invoice").get(pk=deposit.pk)


def _validate(owner: CompanyMembership, deposit: Deposit) -> None:
    with tenant(company=deposit.company_id):
        if deposit.invoice is not None and deposit.invoice.state == "to_validate":
            validate(owner, invoice=deposit.invoice)
