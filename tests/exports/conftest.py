from dataclasses import dataclass

import pytest
from pytest_django import Settings

from clients.models import Client
from firms.models import PartnerSoftware
from tests.exports.comapi_client import ComapiClient, in_process
from tests.exports.factories import KeyedFirm, make_client, make_firm, make_software

BAKERY = "552100554"
GARAGE = "404833048"


@dataclass(frozen=True)
class Partner:
    """Cabinet A, its software and one « Actif » client file; cabinet B has the same client and one of its own."""

    a: KeyedFirm
    b: KeyedFirm
    software: PartnerSoftware
    client: Client
    client_of_b: Client
    other_client_of_b: Client

    def api(self, *, of: KeyedFirm | None = None) -> ComapiClient:
        return ComapiClient(in_process, (of or self.a).raw_key, str(self.software.pk))


def make_partner() -> Partner:
    a, b = make_firm(), make_firm(siret="44306184100047", name="Bernard Audit Lyon")
    return Partner(
        a=a,
        b=b,
        software=make_software(),
        client=make_client(a.firm, siren=BAKERY),
        client_of_b=make_client(b.firm, siren=BAKERY),
        other_client_of_b=make_client(b.firm, siren=GARAGE, name="Garage Nord"),
    )


@pytest.fixture
def partner(db: None) -> Partner:
    return make_partner()


@pytest.fixture(autouse=True)
def _json_only_middleware(settings: Settings) -> None:
    name = "exports.api.comapi.middleware.JsonOnlyMiddleware"
    if name not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [name, *settings.MIDDLEWARE]
