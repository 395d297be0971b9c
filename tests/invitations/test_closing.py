"""« Fermer l'espace »: what the company, its firms and those who wait find afterwards."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import User
from clients.enums import ClientStatus, CompanyRole
from clients.models import Client, CompanyMembership
from clients.services import restore_client
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import ColleagueState, InvitationState
from invitations.services import close_space
from tests.browsing import signed_in, text_of
from tests.factories import Cabinet, make_client, make_company, make_owner
from tests.invitations.conftest import Link, client_now, invitation_now, send_waiting_mail
from tests.invitations.test_colleagues import FORM, invitation_of, invite, now
from tests.outbox.smtp_server import Recorder
from tests.together import in_the_background, wait_until_blocked
from tests.world import make_invoice

Send = Callable[[Membership, Client], Link]
CONSENT = {"terms": "on", "version": "2026-11"}


class Space:
    """A company with an owner, a second member and an « Actif » file at a firm."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.company = make_company(name="Menuiserie Dupré")
        self.owner = make_owner(self.company, email="patronne@entreprise.test")
        self.member = make_owner(self.company)
        with tenant(company=self.company.pk):
            CompanyMembership.objects.filter(pk=self.member.pk).update(role=CompanyRole.MEMBER)
        self.file = make_client(
            cabinet.firm, company=self.company, status=ClientStatus.ACTIVE, activated_at=timezone.now()
        )
        self.path = f"/entreprises/{self.company.siren}/fermer/"
        self.list = f"/entreprises/{self.company.siren}/factures/"

    def close(self, name: str = "menuiserie dupre") -> int:
        return signed_in(self.owner.person).post(self.path, {"name": name}).status_code


@pytest.fixture
def space(cabinet: Cabinet) -> Space:
    return Space(cabinet)


def test_every_access_ends_and_the_firm_reads_what_it_received(space: Space, cabinet: Cabinet, smtp: Recorder) -> None:
    make_invoice(space.company, client=space.file, number="F-77")
    member = signed_in(space.member.person)
    assert member.get(space.list).status_code == 200

    owner = signed_in(space.owner.person)
    answer = owner.post(space.path, {"name": "Menuiserie Dupré"})

    assert answer["Location"] == "/entreprises/"
    assert "est fermé" in text_of(owner.get("/entreprises/"))
    assert [browser.get(space.list).status_code for browser in (owner, member)] == [404, 404]
    assert [now(person)[1] for person in (space.owner, space.member)] == [False, False]
    assert client_now(space.file).status == ClientStatus.ARCHIVED
    firm = signed_in(cabinet.administrator.user)
    assert firm.get(space.list).status_code == 404
    assert "F-77" in text_of(firm.get(f"/cabinets/{cabinet.firm.siret}/factures/"))
    with tenant(company=space.company.pk):
        lines = JournalEntry.objects.order_by("id").values_list("action", "firm_id", "company_id", "person_id")
        assert list(lines) == [
            ("client.left", cabinet.firm.pk, space.company.pk, space.owner.person_id),
            ("company.closed", None, space.company.pk, space.owner.person_id),
        ]
    send_waiting_mail()
    assert [(mail["To"], mail["Subject"]) for mail in smtp.messages] == [
        (cabinet.administrator.user.any_email, "Menuiserie Dupré a fermé son espace")
    ]


def test_name_must_be_typed(space: Space) -> None:
    answer = signed_in(space.owner.person).post(space.path, {"name": "Menuiserie"})
    assert (answer.status_code, "Ce n'est pas le nom" in text_of(answer)) == (422, True)
    assert (now(space.owner)[1], client_now(space.file).status) == (True, ClientStatus.ACTIVE)


def test_member_does_not_close_nor_a_firm(space: Space, cabinet: Cabinet) -> None:
    form = {"name": "Menuiserie Dupré"}
    people = (space.member.person, cabinet.administrator.user, make_owner(make_company()).person)
    assert [signed_in(person).post(space.path, form).status_code for person in people] == [403, 404, 404]
    assert client_now(space.file).status == ClientStatus.ACTIVE


def test_what_waits_is_refused(space: Space, other_cabinet: Cabinet, send_invitation: Send, smtp: Recorder) -> None:
    client = make_client(other_cabinet.firm, siren=space.company.siren, contact_email="compta@entreprise.test")
    link = send_invitation(other_cabinet.administrator, client)
    Browser().post(link.path, link.form)
    colleague = invite(space.owner, smtp)

    assert space.close() == 302

    found = invitation_now(link.invitation)
    assert (found.state, found.waits_for_owner, client_now(client).status) == (
        InvitationState.REVOKED,
        False,
        ClientStatus.CREATED,
    )
    assert invitation_of(space.company).state == ColleagueState.REVOKED
    assert Browser().post(colleague, FORM).status_code == 410


def test_firm_that_restores_its_file_opens_nothing(space: Space, cabinet: Cabinet) -> None:
    space.close()
    restore_client(cabinet.administrator, client=space.file)
    assert client_now(space.file).status == ClientStatus.CREATED
    assert signed_in(cabinet.administrator.user).get(space.list).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_closed_space_is_not_given_to_whom_a_firm_invites(
    space: Space, other_cabinet: Cabinet, send_invitation: Send, who: str
) -> None:
    space.close()
    email = "intrus@entreprise.test" if who == "stranger" else str(space.member.person.email)
    client = make_client(other_cabinet.firm, siren=space.company.siren, contact_email=email)
    link = send_invitation(other_cabinet.administrator, client)
    browser, form = (Browser(), link.form) if who == "stranger" else (signed_in(space.member.person), CONSENT)

    answer = browser.post(link.path, form)

    assert (answer.status_code, "Cet espace a été fermé" in text_of(answer)) == (410, True)
    assert not User.objects.filter(email="intrus@entreprise.test").exists()
    assert client_now(client).status == ClientStatus.INVITED
    with tenant(company=space.company.pk):
        assert not CompanyMembership.objects.filter(ended_at__isnull=True).exists()


def test_owner_comes_back_by_a_firms_invitation(space: Space, other_cabinet: Cabinet, send_invitation: Send) -> None:
    close_space(space.owner)
    client = make_client(other_cabinet.firm, siren=space.company.siren, contact_email=str(space.owner.person.email))
    link = send_invitation(other_cabinet.administrator, client)
    browser = signed_in(space.owner.person)
    assert "Un clic suffit" in text_of(browser.get(link.path))

    browser.post(link.path, CONSENT)

    assert now(space.owner) == (CompanyRole.OWNER, True)
    assert (client_now(client).status, client_now(space.file).status) == (ClientStatus.ACTIVE, ClientStatus.ARCHIVED)
    assert browser.get(space.list).status_code == 200


def test_firms_own_file_of_the_company_stays_open(space: Space, other_cabinet: Cabinet) -> None:
    own = make_client(other_cabinet.firm, company=space.company, status=ClientStatus.ACTIVE, is_firm_file=True)
    space.close()
    assert client_now(own).status == ClientStatus.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_space_does_not_close_over_a_firm_that_is_connected_at_that_moment(
    space: Space, other_cabinet: Cabinet, send_invitation: Send
) -> None:
    client = make_client(other_cabinet.firm, siren=space.company.siren, contact_email=str(space.owner.person.email))
    link = send_invitation(other_cabinet.administrator, client)
    owner, form = signed_in(space.owner.person), {"name": "Menuiserie Dupré"}
    with in_the_background() as start, transaction.atomic():
        assert owner.post(link.path, CONSENT).status_code == 302
        closing = start(lambda: signed_in(space.owner.person).post(space.path, form))
        wait_until_blocked(1)

    answer = closing.result()
    assert (answer.status_code, "Un cabinet vient d'être connecté à cet espace." in text_of(answer)) == (422, True)
    assert [client_now(file).status for file in (space.file, client)] == [ClientStatus.ACTIVE] * 2
    assert now(space.owner) == (CompanyRole.OWNER, True)
    assert space.close() == 302
    assert [client_now(file).status for file in (space.file, client)] == [ClientStatus.ARCHIVED] * 2


@pytest.mark.django_db(transaction=True)
def test_colleague_who_was_invited_while_the_space_closed_does_not_enter(space: Space, smtp: Recorder) -> None:
    with in_the_background() as start, transaction.atomic():
        colleague = invite(space.owner, smtp)
        start(lambda: close_space(space.owner)).result(timeout=10)

    assert Browser().post(colleague, FORM).status_code == 409
    with tenant(company=space.company.pk):
        assert not CompanyMembership.objects.filter(ended_at__isnull=True).exists()
