"""« Cabinets » of a company space: a firm that asks is let in by the owner, or refused."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from clients.enums import ClientStatus, CompanyRole
from clients.models import Client, Company, CompanyMembership, EarlierAccess
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import InvitationState
from tests.browsing import signed_in, text_of
from tests.factories import Cabinet, CompanyUserFactory, FirmFactory, make_client, make_company, make_owner
from tests.invitations.conftest import Link, client_now, invitation_now, send_waiting_mail
from tests.outbox.smtp_server import Recorder

Send = Callable[[Membership, Client], Link]


class Asked:
    """A company of another firm's, whose colleague accepted this firm's invitation."""

    def __init__(self, send: Send, cabinet: Cabinet, other_cabinet: Cabinet) -> None:
        self.company: Company = make_company(name="Menuiserie Dupré")
        self.owner = make_owner(self.company, email="patronne@entreprise.test")
        self.other = make_client(other_cabinet.firm, company=self.company, status=ClientStatus.ACTIVE)
        self.client = make_client(cabinet.firm, siren=self.company.siren, contact_email="compta@entreprise.test")
        self.link = send(cabinet.administrator, self.client)
        self.path = f"/entreprises/{self.company.siren}/cabinets/"
        self.guest = Browser()
        self.guest.post(self.link.path, self.link.form)

    @property
    def person(self) -> User:
        return User.objects.get(email="compta@entreprise.test")

    def answer(self, act: str, browser: Browser | None = None, **form: str) -> int:
        browser = browser or signed_in(self.owner.person)
        return browser.post(f"{self.path}{self.link.invitation.pk}/{act}/", form).status_code

    def members(self) -> list[tuple[str | None, str, bool]]:
        with tenant(company=self.company.pk):
            found = CompanyMembership.objects.select_related("person").order_by("created_at")
            return [(m.person.email, m.role, m.ended_at is None) for m in found]

    def journal(self, action: str) -> list[tuple[object, object, object]]:
        with tenant(company=self.company.pk):
            lines = JournalEntry.objects.filter(action=action)
            return [(line.firm_id, line.company_id, line.person_id) for line in lines]


@pytest.fixture
def asked(send_invitation: Send, cabinet: Cabinet, other_cabinet: Cabinet) -> Asked:
    return Asked(send_invitation, cabinet, other_cabinet)


def test_owner_is_told_by_mail_and_finds_the_request_and_the_firm_connected(asked: Asked, smtp: Recorder) -> None:
    send_waiting_mail()
    mail = smtp.messages[-1]
    assert (mail["To"], mail["Subject"]) == (
        "patronne@entreprise.test",
        "Cabinet Durand & Associés demande à voir les factures de Menuiserie Dupré",
    )
    assert f"http://localhost:8000{asked.path}" in smtp.last_text
    assert Browser().get(asked.path)["Location"] == f"/connexion/?next={asked.path}"

    page = text_of(signed_in(asked.owner.person).get(asked.path))

    assert "Cabinet Durand & Associés demande à voir vos factures" in page
    assert "par le lien envoyé à compta@entreprise.test" in page
    assert page.count("Bernard Audit Lyon") == 1
    assert client_now(asked.client).status == ClientStatus.PENDING


def test_approval_makes_the_file_active_on_both_sides_and_tells_who_invited(
    asked: Asked, cabinet: Cabinet, smtp: Recorder
) -> None:
    assert asked.answer("approuver") == 302

    client = client_now(asked.client)
    assert (client.status, client.company_id, client.activated_at is not None) == (
        ClientStatus.ACTIVE,
        asked.company.pk,
        True,
    )
    assert asked.members() == [("patronne@entreprise.test", CompanyRole.OWNER, True)]
    assert asked.journal("invitation.approved") == [(cabinet.firm.pk, asked.company.pk, asked.owner.person_id)]
    page = text_of(signed_in(asked.owner.person).get(asked.path))
    assert "demande à voir vos factures" not in page
    assert "par l'accord de patronne@entreprise.test" in page
    send_waiting_mail()
    assert (smtp.messages[-1]["To"], smtp.messages[-1]["Subject"]) == (
        cabinet.administrator.user.any_email,
        "Menuiserie Dupré a accepté votre demande de connexion",
    )
    space = f"/entreprises/{asked.company.siren}/factures/"
    assert signed_in(cabinet.administrator.user).get(space).status_code == 200
    assert asked.guest.get(space).status_code == 404
    assert "sans vous ouvrir son espace" in text_of(asked.guest.get(asked.link.path))


def test_owner_may_let_the_person_in_as_well(asked: Asked) -> None:
    assert asked.answer("approuver", person_too="on") == 302

    assert asked.members()[1:] == [("compta@entreprise.test", CompanyRole.MEMBER, True)]
    assert asked.guest.get(f"/entreprises/{asked.company.siren}/factures/").status_code == 200
    assert "Ouvrir mon espace" in text_of(asked.guest.get(asked.link.path))


def test_refusal_gives_the_file_back_and_the_firm_reads_why(asked: Asked, cabinet: Cabinet, smtp: Recorder) -> None:
    assert asked.answer("refuser", reason="Nous restons chez Bernard.") == 302

    client, invitation = client_now(asked.client), invitation_now(asked.link.invitation)
    assert (client.status, client.company_id) == (ClientStatus.CREATED, None)
    assert (invitation.state, invitation.refusal) == (
        InvitationState.REVOKED,
        "L'entreprise a refusé la connexion. Nous restons chez Bernard.",
    )
    assert asked.journal("invitation.declined") == [(cabinet.firm.pk, asked.company.pk, asked.owner.person_id)]
    tab = signed_in(cabinet.administrator.user).get(f"/cabinets/{cabinet.firm.siret}/clients/{client.pk}/invitations/")
    assert "Nous restons chez Bernard." in text_of(tab)
    send_waiting_mail()
    assert smtp.messages[-1]["Subject"] == "Menuiserie Dupré a refusé votre demande de connexion"
    assert "Nous restons chez Bernard." in smtp.last_text
    gone = asked.guest.get(asked.link.path)
    assert (gone.status_code, "n'a pas donné son accord" in text_of(gone)) == (410, True)
    assert signed_in(cabinet.administrator.user).get(f"/entreprises/{asked.company.siren}/factures/").status_code == 404


def test_request_is_answered_once(asked: Asked) -> None:
    owner = signed_in(asked.owner.person)
    asked.answer("refuser", owner)

    asked.answer("approuver", owner)

    assert "n'attend plus de réponse" in text_of(owner.get(asked.path))
    assert client_now(asked.client).status == ClientStatus.CREATED


def test_only_an_owner_answers(asked: Asked, cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    colleague = make_owner(asked.company).person
    stranger = make_owner(make_company()).person
    with tenant(company=asked.company.pk):
        CompanyMembership.objects.filter(person=colleague).update(role=CompanyRole.MEMBER)
    people = (colleague, stranger, asked.person, cabinet.administrator.user, other_cabinet.administrator.user)

    codes = [asked.answer("approuver", signed_in(person)) for person in people]

    assert codes == [403, 404, 404, 404, 404]
    page = text_of(signed_in(colleague).get(asked.path))
    assert "Un propriétaire de l'espace y répond." in page
    assert client_now(asked.client).status == ClientStatus.PENDING


def test_request_of_another_company_is_nobodys(asked: Asked) -> None:
    elsewhere = make_owner(make_company())
    path = f"/entreprises/{elsewhere.company.siren}/cabinets/{asked.link.invitation.pk}/approuver/"
    assert signed_in(elsewhere.person).post(path).status_code == 404
    assert client_now(asked.client).status == ClientStatus.PENDING


def test_file_that_waits_is_not_invited_again(asked: Asked, cabinet: Cabinet, smtp: Recorder) -> None:
    send_waiting_mail()
    firm, file = signed_in(cabinet.administrator.user), f"/cabinets/{cabinet.firm.siret}/clients/{asked.client.pk}/"
    arrived = len(smtp.messages)

    page = text_of(firm.post(f"{file}inviter/", follow=True))

    assert f"{asked.client.name} : L'entreprise n'a pas encore répondu à votre demande de connexion." in page
    send_waiting_mail()
    assert (len(smtp.messages), client_now(asked.client).status) == (arrived, ClientStatus.PENDING)
    asked.answer("approuver")
    assert client_now(asked.client).status == ClientStatus.ACTIVE


def test_former_member_is_told_and_asks_the_owner(send_invitation: Send, cabinet: Cabinet, smtp: Recorder) -> None:
    company = make_company()
    owner, former = make_owner(company), make_owner(company)
    with tenant(company=company.pk):
        CompanyMembership.objects.filter(pk=former.pk).update(ended_at=former.created_at)
    client = make_client(cabinet.firm, siren=company.siren, contact_email=str(former.person.email))
    link = send_invitation(cabinet.administrator, client)
    browser = signed_in(former.person)

    page = text_of(browser.get(link.path))
    browser.post(link.path, {"terms": "on", "version": "2026-11"})

    assert "Vous ne faites plus partie de cet espace" in page
    assert "Connexion en attente" in text_of(browser.get(link.path))
    send_waiting_mail()
    assert smtp.messages[-1]["To"] == owner.person.email
    signed_in(owner.person).post(
        f"/entreprises/{company.siren}/cabinets/{link.invitation.pk}/approuver/", {"person_too": "on"}
    )
    with tenant(company=company.pk):
        back = CompanyMembership.objects.get(pk=former.pk)
    assert (back.role, back.ended_at) == (CompanyRole.MEMBER, None)
    assert browser.get(f"/entreprises/{company.siren}/factures/").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_firms_costs_the_same_whatever_their_number(
    number: int, asked: Asked, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_client(FirmFactory.create(), company=asked.company, status=ClientStatus.ACTIVE)
    browser = signed_in(asked.owner.person)
    browser.get(asked.path)
    with django_assert_num_queries(15):
        browser.get(asked.path)


def test_person_of_several_companies_goes_from_one_to_the_other(db: None) -> None:
    person = CompanyUserFactory.create()
    companies = [make_company(name=name) for name in ("Atelier du Zinc", "Zinc Immobilier")]
    for company in companies:
        with tenant(company=company.pk):
            CompanyMembership.objects.create(company=company, person=person)
    browser = signed_in(person)

    page = browser.get(f"/entreprises/{companies[0].siren}/factures/").content.decode()
    choice = browser.get("/entreprises/?choisir").content.decode()

    assert 'href="/entreprises/?choisir"' in page
    assert [choice.count(f"/entreprises/{company.siren}/factures/") for company in companies] == [1, 1]


def test_owner_may_agree_on_earlier_invoices_from_a_date(asked: Asked) -> None:
    page = signed_in(asked.owner.person).get(asked.path).content.decode()
    assert f'hx-get="{asked.path}anterieures/"' in page
    assert asked.answer("approuver", earlier="on", since="2026-02-30") == 302
    assert client_now(asked.client).status == ClientStatus.PENDING

    assert asked.answer("approuver", earlier="on", since="2026-01-01") == 302
    with tenant(company=asked.company.pk):
        agreement = EarlierAccess.objects.get()
    assert (agreement.client_id, agreement.since, agreement.agreed_by_id) == (
        asked.client.pk,
        date(2026, 1, 1),
        asked.owner.pk,
    )
    assert asked.journal("client.earlier_agreed") == [(asked.client.firm_id, asked.company.pk, asked.owner.person_id)]
    page = text_of(signed_in(asked.owner.person).get(asked.path))
    assert "factures antérieures (depuis le 01/01/2026) : 0 sur 0 transmises, la suite arrive." in page
