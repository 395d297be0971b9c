"""What stands in a firm before a walk begins, made in the stack's own process (`stack.call`)."""

from typing import Any

from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client
from common.tenancy import tenant
from exports.models import ExportConfiguration
from firms.enums import Role
from firms.models import ApiKey, Firm, Membership
from invitations.services import invite
from tests.factories import PASSWORD, MembershipFactory, make_active_client, make_client, make_owner


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
