"""One row of every fenced table for one firm and one company: what the walk over the policies looks at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from clients.enums import ImportSource, RowAction
from clients.models import (
    Client,
    Company,
    CompanyMembership,
    EarlierAccess,
    Enrichment,
    ImportJob,
    ImportRow,
    ImportWording,
)
from common.chains import seal_all
from common.journal import record
from common.tenancy import tenant
from exports.models import ClientExport, Delivery, ExportConfiguration, FirmExport, PartnerCall
from firms.keys import issue_key
from firms.models import PartnerSoftware
from invitations.models import BatchRow, CompanyInvitation, Invitation, InvitationBatch, InvitationSettings
from invoices.enums import Channel, Direction, FileKind, ParcelKind, ParcelState
from invoices.formats.codec import to_json
from invoices.formats.model import Invoice as TypedInvoice
from invoices.models import (
    AutomaticRule,
    CompanyExport,
    Deposit,
    FirmInvoice,
    Invoice,
    InvoiceCheck,
    InvoiceComment,
    InvoiceEvent,
    InvoiceFile,
    InvoiceHold,
    KnownSender,
    Mailbox,
    Parcel,
    PartnerDeposit,
    Recheck,
    SavedView,
)
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from tests.factories import Cabinet, assign_to, make_active_client, make_cabinet, make_owner, make_portfolio


@dataclass(frozen=True)
class World:
    cabinet: Cabinet
    client: Client
    company: Company
    owner: CompanyMembership
    invoice: Invoice

    def context(self, name: str) -> dict[str, UUID | str]:
        """Arguments of tenant() for this world."""
        values: dict[str, UUID | str] = {
            "firm": self.cabinet.firm.pk,
            "company": self.company.pk,
            "person": self.owner.person_id,
            "platform": "a test walks the policies",
        }
        return {name: values[name]}


def make_world() -> World:
    cabinet = make_cabinet()
    client = make_active_client(cabinet.firm)
    assert client.company is not None
    company = client.company
    owner = make_owner(company)
    assign_to(client, cabinet.assigned)
    invoice = make_invoice(company, client=client)
    make_portfolio(cabinet.firm, "Équipe", clients=[client], members=[cabinet.assigned])
    _make_firm_rows(cabinet, client, invoice)
    _make_mail(cabinet, company)
    _make_company_rows(owner, firm=cabinet.firm.pk)
    _make_kept_rows(owner, client, invoice)
    _make_view(owner, client)
    _make_decisions(owner, invoice)
    with tenant(firm=cabinet.firm.pk, company=company.pk):
        record(owner, "test.done", client)
    with tenant(person=owner.person_id):
        record(owner, "test.done", client)
    seal_all()
    return World(cabinet=cabinet, client=client, company=company, owner=owner, invoice=invoice)


def _make_decisions(owner: CompanyMembership, invoice: Invoice) -> None:
    with tenant(company=owner.company_id):
        AutomaticRule.objects.create(company_id=owner.company_id, direction=Direction.SALE)
        InvoiceComment.objects.create(
            company_id=owner.company_id, invoice=invoice, person=owner.person, author="Test", house="Test", text="Vu"
        )


def make_invoice(company: Company, *, client: Client | None = None, number: str = "F-1", **fields: object) -> Invoice:
    """An invoice with a row in each of its tables, and the firm's part when `client` is given."""
    with tenant(company=company.pk):
        invoice = Invoice.objects.create(
            company=company,
            direction=Direction.PURCHASE,
            container="facturx",
            number=number,
            issue_date=date(2026, 11, 2),
            seller_siren="552100554",
            data=to_json(TypedInvoice(number=number, issue_date=date(2026, 11, 2), type_code="380", currency="EUR")),
            **fields,
        )
        _make_company_parts(invoice, firm=client.firm_id if client else None)
        if client is not None:
            _make_firm_part(invoice, client)
    return invoice


def _make_company_parts(invoice: Invoice, *, firm: UUID | None) -> None:
    shared = {"company": invoice.company, "invoice": invoice}
    Deposit.objects.create(
        **shared,
        firm_id=firm,
        channel=Channel.WEB_COMPANY,
        file_name="f.pdf",
        size=1,
        sha256=uuid4().hex,
        stored_as="x",
    )
    InvoiceFile.objects.create(
        **shared,
        kind=FileKind.ORIGINAL,
        name="f.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0",
        stored_as="x",
    )
    InvoiceEvent.objects.create(**shared, kind="filed", actor="Test", text="Classée")
    InvoiceCheck.objects.create(**shared, rule_set="test", version="1", ran=True)


def _make_firm_part(invoice: Invoice, client: Client) -> None:
    FirmInvoice.objects.create(
        firm_id=client.firm_id,
        company=invoice.company,
        client=client,
        invoice=invoice,
        direction=invoice.direction,
        issue_date=invoice.issue_date,
        file_name=f"achat_20261102_{invoice.number}_{uuid4().hex}.pdf",
    )


def _make_firm_rows(cabinet: Cabinet, client: Client, invoice: Invoice) -> None:
    firm = cabinet.firm
    key, _raw = issue_key(firm, name="Clé")
    software = PartnerSoftware.objects.create(slug=uuid4().hex, name="Logiciel")
    with tenant(firm=firm.pk):
        job = ImportJob.objects.create(
            firm=firm, created_by=cabinet.administrator, source=ImportSource.FILE, file_name="c.xlsx", stored_as="x"
        )
        ImportRow.objects.create(firm=firm, job=job, number=2, action=RowAction.CREATE)
        ImportWording.objects.create(firm=firm, key="denomination", field="name")
        Enrichment.objects.create(firm=firm, created_by=cabinet.administrator)
        InvitationSettings.objects.create(firm=firm)
        Invitation.objects.create(
            firm=firm,
            client=client,
            company_id=client.company_id,
            email="a@b.test",
            token_sha256=uuid4().hex,
            created_by=cabinet.administrator,
            expires_at=datetime.now(UTC) + timedelta(days=30),
        )
        batch = InvitationBatch.objects.create(firm=firm, created_by=cabinet.administrator, total=1)
        BatchRow.objects.create(firm=firm, batch=batch, client=client)
        configuration = ExportConfiguration.objects.create(firm=firm, name="Lien", recipient="prod@cabinet.test")
        ClientExport.objects.create(firm=firm, client=client, configuration=configuration)
        PartnerCall.objects.create(firm=firm, key=key, software=software)
        PartnerDeposit.objects.create(firm=firm, key=key, fingerprint="0", company_id=invoice.company_id)
        FirmExport.objects.create(firm=firm, created_by=cabinet.administrator)
        Delivery.objects.create(
            firm=firm,
            company_id=invoice.company_id,
            invoice=invoice,
            configuration=configuration,
            recipient="prod@cabinet.test",
        )


def _make_view(owner: CompanyMembership, client: Client) -> None:
    with tenant(firm=client.firm_id, company=owner.company_id):
        SavedView.objects.create(
            person_id=owner.person_id, firm_id=client.firm_id, company_id=owner.company_id, name="À valider"
        )


def _make_kept_rows(owner: CompanyMembership, client: Client, invoice: Invoice) -> None:
    with tenant(company=owner.company_id):
        InvoiceHold.objects.create(company_id=owner.company_id, invoice=invoice, reason="Contrôle", placed_by="Test")
        EarlierAccess.objects.create(
            firm_id=client.firm_id, company_id=owner.company_id, client=client, agreed_by=owner
        )


def _make_company_rows(owner: CompanyMembership, *, firm: UUID) -> None:
    with tenant(company=owner.company_id):
        CompanyExport.objects.create(company_id=owner.company_id, created_by=owner)
        Recheck.objects.create(
            company_id=owner.company_id,
            started_by="Test",
            since=date(2026, 1, 1),
            until=date(2026, 12, 31),
            state="done",
        )
        KnownSender.objects.create(company_id=owner.company_id, address="fournisseur@b.test", added_by=owner)
        mailbox = Mailbox.objects.create(
            company_id=owner.company_id, direction=Direction.PURCHASE, local_part=f"achats-{uuid4().hex}"
        )
        Parcel.objects.create(
            company_id=owner.company_id,
            firm_id=firm,
            kind=ParcelKind.MESSAGE,
            channel=Channel.EMAIL,
            mailbox=mailbox,
            sender="inconnu@b.test",
            name="Votre facture",
            size=1,
            sha256="0",
            ledger=uuid4().hex,
            stored_as="x",
            state=ParcelState.HELD,
            reason_code="unknown_sender",
        )
        CompanyInvitation.objects.create(
            company_id=owner.company_id,
            email="collegue@b.test",
            token_sha256=uuid4().hex,
            created_by=owner,
            expires_at=datetime.now(UTC) + timedelta(days=14),
        )


def _make_mail(cabinet: Cabinet, company: Company) -> None:
    with tenant(firm=cabinet.firm.pk, company=company.pk):
        OutgoingEmail.objects.create(
            firm_id=cabinet.firm.pk,
            company_id=company.pk,
            kind=EmailKind.INVITATION,
            message_id=f"<{uuid4()}@test>",
            recipient="a@b.test",
            sender="s@b.test",
            subject="Test",
        )
