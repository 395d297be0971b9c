"""What stands in a firm before a walk begins, made in the stack's own process (`stack.call`)."""

from clients.models import Client
from common.tenancy import tenant
from firms.models import Firm
from tests.factories import PASSWORD, make_active_client, make_client, make_owner


def add_clients(siret: str, *, names: list[str]) -> None:
    firm = Firm.objects.get(siret=siret)
    for name in names:
        make_client(firm, name=name)


def add_active_client(siret: str) -> dict[str, str]:
    """An « Actif » client with its company space; who signs in there, and with what."""
    client: Client = make_active_client(Firm.objects.get(siret=siret))
    assert client.company is not None
    with tenant(platform="a walk begins in a company's space"):
        owner = make_owner(client.company).person
    return {
        "id": str(client.pk),
        "name": client.company.name,
        "siren": client.company.siren,
        "email": owner.email or "",
        "password": PASSWORD,
    }
