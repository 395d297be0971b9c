import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.test import Client as Browser
from pytest_django import Settings

from clients.models import Client
from common.archives.models import ArchiveState
from common.tenancy import tenant
from exports.models import FirmExport
from firms.models import Membership, PartnerSoftware
from tests.browsing import signed_in
from tests.exports.comapi_client import ComapiClient, in_process
from tests.exports.factories import KeyedFirm, make_client, make_firm, make_software
from tests.exports.firm_archives import confirmed
from tests.exports.pushing import Pushing, connected
from tests.factories import Cabinet, make_active_client, make_cabinet
from tests.world import World, make_world

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
    name = "exports.api.middleware.JsonOnlyMiddleware"
    if name not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [name, *settings.MIDDLEWARE]


@pytest.fixture
def pushing(db: None) -> Pushing:
    cabinet = make_cabinet()
    client = make_active_client(cabinet.firm, name="Boulangerie Petit", siren="552100554")
    return Pushing(cabinet, client, connected(cabinet, client))


@pytest.fixture
def inbox(settings: Settings) -> Iterator[list[EmailMessage]]:
    """What arrived at a real SMTP server."""
    received: list[EmailMessage] = []

    class Handler:
        async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
            received.append(message_from_bytes(envelope.content or b"", policy=policy.default))  # type: ignore[arg-type] # bytes by default
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    yield received
    controller.stop()


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    return make_cabinet()


@pytest.fixture
def other(db: None) -> Cabinet:
    return make_cabinet()


def browser_of(membership: Membership) -> Browser:
    return signed_in(membership.user)


def page(cabinet: Cabinet, rest: str) -> str:
    return f"/cabinets/{cabinet.firm.siret}/{rest}"


@pytest.fixture
def world(db: None) -> World:
    """With another firm beside it, which has a row in each table too."""
    for each in (make_world(), own := make_world()):
        with tenant(firm=each.cabinet.firm.pk):
            FirmExport.objects.update(state=ArchiveState.FAILED)
    return own


@pytest.fixture
def browser(world: World) -> Browser:
    return confirmed(signed_in(world.cabinet.administrator.user))
