"""What stands in a firm before a walk begins, made in the stack's own process (`stack.call`)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client
from common.tenancy import tenant
from exports.models import ExportConfiguration
from firms.enums import Role
from firms.models import ApiKey, Firm, Membership
from invitations.services import invite
from invoices.enums import Direction, InvoiceState
from invoices.models import FirmInvoice, Invoice
from tests.factories import PASSWORD, MembershipFactory, make_active_client, make_client, make_owner
from tests.world import make_invoice


def add_clients(siret: str, *, names: list[str], email: str | None = None) -> None:
    """Client files « Créé »; each has an address of its own where none is given."""
    firm = Firm.objects.get(siret=siret)
    contact: dict[str, Any] = {} if email is None else {"contact_email": email}
    for name in names:
        make_client(firm, name=name, **contact)


def add_member(siret: str, *, first_name: str, last_name: str) -> None:
    """An utilisateur of the firm, whom files can be assigned to."""
    MembershipFactory.create(firm=Firm.objects.get(siret=siret), user__first_name=first_name, user__last_name=last_name)


def add_active_client(siret: str) -> dict[str, str]:
    """An « Actif » client with its company space; who signs in there, and with what."""
    client: Client = make_active_client(Firm.objects.get(siret=siret))
    assert client.company is not None
    owner = make_owner(client.company).person
    return {
        "id": str(client.pk),
        "name": client.company.name,
        "siren": client.company.siren,
        "email": owner.email or "",
        "password": PASSWORD,
    }


def invite_client(siret: str, *, name: str) -> None:
    """By the firm's administrateur, just now."""
    actor = Membership.objects.select_related("firm").get(firm__siret=siret, role=Role.ADMINISTRATOR)
    with tenant(firm=actor.firm_id):
        client = Client.objects.get(name=name)
    invite(actor, client=client)


def finish_first_steps(siret: str) -> None:
    """Each client invited, the key used, a way out for the invoices."""
    firm = Firm.objects.get(siret=siret)
    make_client(firm, status=ClientStatus.INVITED)
    ApiKey.objects.filter(firm=firm).update(last_used_at=timezone.now())
    with tenant(firm=firm.pk):
        ExportConfiguration.objects.create(firm=firm, name="ACD", recipient="acd@logiciel.test")


def add_listed_client(siret: str, *, count: int) -> dict[str, str]:
    """As `add_active_client`, with invoices of ten months; one of them is in dispute."""
    told = add_active_client(siret)
    firm = Firm.objects.get(siret=siret)
    with tenant(firm=firm.pk):
        client = Client.objects.select_related("company").get(pk=told["id"])
    company = client.company
    assert company is not None
    for n in range(1, count + 1):
        terms: dict[str, Any] = {"seller_name": f"Établissements Lefèvre {n}", "total_with_vat": Decimal(n * 1240)}
        if n == 1:
            terms["state"] = InvoiceState.DISPUTED
        invoice = make_invoice(company, client=client, number=f"L-{n:03}", **terms)
        changes: dict[str, Any] = {"issue_date": date(2026, 11, 2) - timedelta(days=n * n % 300)}
        if n % 3 == 0:
            changes["direction"] = Direction.SALE
        with tenant(firm=firm.pk, company=company.pk):
            Invoice.objects.filter(pk=invoice.pk).update(**changes)
            FirmInvoice.objects.filter(invoice=invoice.pk).update(**changes)
    return told
