"""An invitation as a client has it: the link of an e-mail that really arrived."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from accounts.models import User
from clients.models import Client, Company
from common.tenancy import tenant
from firms.models import Membership
from invitations.models import Invitation
from invitations.services import invite
from outbox.models import OutgoingEmail
from outbox.services.sending import send_due
from tests.factories import PASSWORD, Cabinet, make_cabinet
from tests.outbox.smtp_server import Recorder, smtp_server

_LINK = re.compile(r"http://localhost:8000(/invitation/([\w-]+)/)")


@pytest.fixture
def smtp(settings: Settings) -> Iterator[Recorder]:
    with smtp_server() as recorder:
        settings.SMTP_URL = recorder.url
        yield recorder


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    return make_cabinet(name="Cabinet Durand & Associés")


@pytest.fixture
def other_cabinet(db: None) -> Cabinet:
    return make_cabinet(name="Bernard Audit Lyon")


@dataclass(frozen=True)
class Link:
    """What a client finds in the e-mail."""

    invitation: Invitation
    token: str
    path: str

    @property
    def form(self) -> dict[str, str]:
        return {"password": PASSWORD, "terms": "on", "version": "2026-11"}


@pytest.fixture
def send_invitation(smtp: Recorder) -> Callable[[Membership, Client], Link]:
    def send(actor: Membership, client: Client) -> Link:
        invitation = invite(actor, client=client)
        send_waiting_mail()
        return link_in(smtp, invitation)

    return send


@pytest.fixture
def link(send_invitation: Callable[[Membership, Client], Link], cabinet: Cabinet) -> Link:
    return send_invitation(cabinet.administrator, cabinet.client)


def send_waiting_mail() -> None:
    with tenant(platform="the test is the worker"):
        waiting = list(OutgoingEmail.objects.filter(wake_at__isnull=False).values_list("pk", flat=True))
    for pk in waiting:
        send_due(pk)


def texts_of(smtp: Recorder) -> list[str]:
    """The text parts of what arrived, in its order."""
    return [str(part.get_content()) for message in smtp.messages if (part := message.get_body(("plain",)))]


def link_in(smtp: Recorder, invitation: Invitation) -> Link:
    """The link of the latest message that arrived."""
    found = _LINK.search(texts_of(smtp)[-1])
    assert found is not None
    return Link(invitation=invitation, token=found[2], path=found[1])


def client_now(client: Client) -> Client:
    with tenant(platform="the test looks at a row"):
        return Client.objects.get(pk=client.pk)


def invitation_now(invitation: Invitation) -> Invitation:
    with tenant(platform="the test looks at a row"):
        return Invitation.objects.select_related("client").get(pk=invitation.pk)


def company_of(siren: str) -> Company | None:
    with tenant(platform="the test looks at a row"):
        return Company.objects.filter(siren=siren).first()


def browser_of(user: User) -> Browser:
    browser = Browser()
    backend = (
        "accounts.backends.CompanyBackend" if user.is_company_user else "firms.comptexpert.backend.ComptExpertBackend"
    )
    browser.force_login(user, backend=backend)
    return browser
