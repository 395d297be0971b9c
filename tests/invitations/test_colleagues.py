"""« Utilisateurs » of a company space: its people, their roles, and the colleagues who are invited."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import TermsAcceptance, User
from clients.enums import ClientStatus, CompanyRole
from clients.models import Company, CompanyMembership
from common.models import JournalEntry
from common.tenancy import tenant
from invitations.enums import ColleagueState
from invitations.models import CompanyInvitation
from tests.browsing import signed_in, text_of
from tests.factories import PASSWORD, Cabinet, CompanyUserFactory, make_client, make_company, make_owner
from tests.invitations.conftest import browser_of, send_waiting_mail
from tests.outbox.smtp_server import Recorder

_LINK = re.compile(r"http://localhost:8000(/rejoindre/([\w-]+)/)")
CONSENT = {"terms": "on", "version": "2026-11"}
FORM = {**CONSENT, "password": PASSWORD}


@pytest.fixture
def company(db: None) -> Company:
    return make_company(name="Menuiserie Dupré")


@pytest.fixture
def owner(company: Company) -> CompanyMembership:
    return make_owner(company, email="patronne@entreprise.test")


def colleague_of(company: Company) -> CompanyMembership:
    person = CompanyUserFactory.create()
    with tenant(company=company.pk):
        return CompanyMembership.objects.create(company=company, person=person, role=CompanyRole.MEMBER)


def users_page(company: Company) -> str:
    return f"/entreprises/{company.siren}/utilisateurs/"


def act(member: CompanyMembership, word: str) -> str:
    return f"{users_page(member.company)}{member.pk}/{word}/"


def now(member: CompanyMembership) -> tuple[str, bool]:
    with tenant(company=member.company_id):
        found = CompanyMembership.objects.get(pk=member.pk)
        return found.role, found.ended_at is None


def invitation_of(company: Company) -> CompanyInvitation:
    with tenant(company=company.pk):
        return CompanyInvitation.objects.latest("created_at")


def invite(owner: CompanyMembership, smtp: Recorder, email: str = "paul@entreprise.test", role: str = "member") -> str:
    """The path of the link that arrived."""
    answer = signed_in(owner.person).post(users_page(owner.company), {"email": email, "role": role})
    assert answer.status_code == 302
    return latest_link(smtp)


def latest_link(smtp: Recorder) -> str:
    send_waiting_mail()
    found = _LINK.search(smtp.last_text)
    assert found is not None
    return found[1]


def set_invitation(company: Company, **values: object) -> None:
    with tenant(company=company.pk):
        CompanyInvitation.objects.update(**values)


# --- Inviting and entering ------------------------------------------------------------------------------------------


def test_colleague_chooses_a_password_accepts_the_terms_and_enters(
    owner: CompanyMembership, company: Company, smtp: Recorder
) -> None:
    path = invite(owner, smtp)
    assert (smtp.messages[-1]["To"], smtp.messages[-1]["Subject"]) == (
        "paul@entreprise.test",
        "Rejoignez l'espace de Menuiserie Dupré sur jefacture",
    )
    invitation = invitation_of(company)
    assert invitation.token_sha256 not in path
    assert timedelta(days=13, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=14)
    browser = Browser()
    pages = [browser.head(path), browser.get(path), browser.get(path)]
    assert [(page.status_code, page["Cache-Control"], page["Referrer-Policy"]) for page in pages] == [
        (200, "no-store, private", "same-origin")
    ] * 3

    answer = browser.post(path, FORM)

    assert (answer.status_code, answer["Location"]) == (302, f"/entreprises/{company.siren}/factures/")
    person = User.objects.get(email="paul@entreprise.test")
    assert person.check_password(PASSWORD)
    proof = TermsAcceptance.objects.get(user=person)
    assert (proof.party, proof.ip) == (company.pk, "127.0.0.1")
    with tenant(company=company.pk):
        member = CompanyMembership.objects.get(person=person)
        lines = JournalEntry.objects.filter(action__startswith="colleague.").values_list("action", "company_id")
        assert list(lines.order_by("id")) == [("colleague.invited", company.pk), ("colleague.joined", company.pk)]
    assert (member.role, invitation_of(company).state) == (CompanyRole.MEMBER, ColleagueState.ACCEPTED)
    assert browser.get(f"/entreprises/{company.siren}/factures/").status_code == 200


def test_address_with_an_account_signs_in_first_then_joins(
    owner: CompanyMembership, company: Company, smtp: Recorder
) -> None:
    person = CompanyUserFactory.create(email="paul@entreprise.test")
    path = invite(owner, smtp, role="owner")
    assert f'href="/connexion/?next={path}"' in Browser().get(path).content.decode()
    assert Browser().post(path, FORM).status_code == 200  # shown again: nothing was posted to
    assert "un clic" in text_of(browser_of(person).get(path)).lower()

    assert browser_of(person).post(path, CONSENT).status_code == 302

    with tenant(company=company.pk):
        assert CompanyMembership.objects.get(person=person).role == CompanyRole.OWNER


def test_somebody_else_signed_in_is_told_and_can_sign_out(
    owner: CompanyMembership, company: Company, smtp: Recorder, cabinet: Cabinet
) -> None:
    path = invite(owner, smtp)
    for person in (owner.person, cabinet.administrator.user):
        browser = browser_of(person)
        assert [browser.get(path).status_code, browser.post(path, FORM).status_code] == [403, 403]
        assert browser.post(path, {"deconnexion": "1"})["Location"] == path
        assert browser.get(path).status_code == 200
    assert invitation_of(company).state == ColleagueState.OPEN


def test_link_serves_once_and_has_a_page_for_each_end(
    owner: CompanyMembership, company: Company, smtp: Recorder
) -> None:
    path = invite(owner, smtp)
    set_invitation(company, expires_at=timezone.now() - timedelta(seconds=1))
    expired = Browser().post(path, FORM)
    assert (expired.status_code, "n'est plus valable" in text_of(expired)) == (410, True)
    set_invitation(company, expires_at=timezone.now() + timedelta(days=1))
    assert Browser().post(path, FORM).status_code == 302

    again = Browser().post(path, {**FORM, "password": "Another-Horse-43"})

    assert (again.status_code, "déjà été acceptée" in text_of(again)) == (410, True)
    assert User.objects.get(email="paul@entreprise.test").check_password(PASSWORD)
    assert Browser().get("/rejoindre/unknown/").status_code == 404


@pytest.mark.parametrize(("change", "sentence"), [({"terms": ""}, "Cochez la case"), ({"password": "court"}, "12")])
def test_incomplete_form_is_shown_again_and_nobody_enters(
    owner: CompanyMembership, smtp: Recorder, change: dict[str, str], sentence: str
) -> None:
    answer = Browser().post(invite(owner, smtp), {**FORM, **change})
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert list(User.objects.company_users()) == [owner.person]


def test_resending_replaces_the_link_and_revoking_ends_it(
    owner: CompanyMembership, company: Company, smtp: Recorder
) -> None:
    first, browser = invite(owner, smtp), signed_in(owner.person)
    acts = f"{users_page(company)}invitations/{invitation_of(company).pk}/"

    browser.post(f"{acts}renvoyer/")
    second = latest_link(smtp)
    assert [Browser().get(first).status_code, Browser().get(second).status_code] == [404, 200]

    browser.post(f"{acts}revoquer/")
    ended = Browser().post(second, FORM)
    assert (ended.status_code, "a été annulée" in text_of(ended)) == (410, True)
    browser.post(f"{acts}renvoyer/")
    assert invitation_of(company).state == ColleagueState.REVOKED
    browser.get(users_page(company))  # where the acts were told
    assert "paul@entreprise.test" not in text_of(browser.get(users_page(company)))
    assert invite(owner, smtp)  # and may be invited anew


def test_same_address_is_not_invited_twice_nor_somebody_inside(
    owner: CompanyMembership, company: Company, smtp: Recorder
) -> None:
    invite(owner, smtp)
    browser = signed_in(owner.person)
    for email, sentence in (
        ("PAUL@entreprise.test", "déjà invitée"),
        ("Patronne@entreprise.test", "fait déjà partie"),
        ("pas une adresse", "n'est pas valable"),
    ):
        answer = browser.post(users_page(company), {"email": email, "role": "member"})
        assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    with tenant(company=company.pk):
        assert CompanyInvitation.objects.count() == 1


# --- The people ------------------------------------------------------------------------------------------------------


def test_list_shows_who_is_in_and_who_is_invited_of_this_company_alone(
    owner: CompanyMembership, company: Company, smtp: Recorder
) -> None:
    elsewhere = make_owner(make_company(), email="ailleurs@entreprise.test")
    invite(elsewhere, smtp, "invite.ailleurs@entreprise.test")
    member = colleague_of(company)
    invite(owner, smtp)
    rows = re.findall(r"<tr>(.*?)</tr>", signed_in(owner.person).get(users_page(company)).content.decode(), re.DOTALL)

    cells = [re.findall(r'data-label="(?:E-mail|Rôle|Statut)">(.*?)</td>', row, re.DOTALL) for row in rows[1:]]

    assert [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells] == [
        ["patronne@entreprise.test", "Propriétaire", "Actif"],
        [str(member.person.email), "Membre", "Actif"],
        ["paul@entreprise.test", "Membre", "Invité"],
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_whatever_the_number_of_people(
    number: int, owner: CompanyMembership, company: Company, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        colleague_of(company)
    browser = signed_in(owner.person)
    browser.get(users_page(company))
    with django_assert_num_queries(13):
        browser.get(users_page(company))


def test_access_ends_with_the_next_request_of_an_open_session(owner: CompanyMembership, company: Company) -> None:
    member = colleague_of(company)
    browser = signed_in(member.person)
    space = f"/entreprises/{company.siren}/factures/"
    assert browser.get(space).status_code == 200

    assert signed_in(owner.person).post(act(member, "retirer")).status_code == 302

    assert (now(member), browser.get(space).status_code) == ((CompanyRole.MEMBER, False), 404)
    assert str(member.person.email) not in text_of(signed_in(owner.person).get(users_page(company)))


def test_roles_change_and_the_space_is_handed_over(owner: CompanyMembership, company: Company) -> None:
    member = colleague_of(company)
    browser = signed_in(owner.person)
    browser.post(act(member, "role"), {"role": "owner"})
    assert now(member)[0] == CompanyRole.OWNER
    browser.post(act(member, "role"), {"role": "member"})
    assert now(member)[0] == CompanyRole.MEMBER

    browser.post(act(member, "transmettre"))

    assert (now(owner)[0], now(member)[0]) == (CompanyRole.MEMBER, CompanyRole.OWNER)
    assert browser.post(act(member, "retirer")).status_code == 403
    with tenant(company=company.pk):
        actions = JournalEntry.objects.order_by("id").values_list("action", flat=True)
        assert list(actions) == ["company.role_changed", "company.role_changed", "company.handed_over"]


@pytest.mark.parametrize(("word", "form"), [("retirer", {}), ("role", {"role": "member"})])
def test_last_owner_stays(owner: CompanyMembership, company: Company, word: str, form: dict[str, str]) -> None:
    colleague_of(company)
    browser = signed_in(owner.person)
    browser.post(act(owner, word), form)
    assert now(owner) == (CompanyRole.OWNER, True)
    assert "seule propriétaire" in text_of(browser.get(users_page(company)))


def test_owner_who_is_not_the_last_leaves(owner: CompanyMembership, company: Company) -> None:
    second = make_owner(company)
    answer = signed_in(owner.person).post(act(owner, "retirer"))
    assert (answer["Location"], now(owner)[1], now(second)) == ("/entreprises/", False, (CompanyRole.OWNER, True))


def test_member_reads_the_list_and_changes_nothing(owner: CompanyMembership, company: Company) -> None:
    member = colleague_of(company)
    browser = signed_in(member.person)
    page = browser.get(users_page(company))
    assert (page.status_code, "Inviter un collègue" in text_of(page), b"Actions pour" in page.content) == (
        200,
        False,
        False,
    )
    codes = [browser.post(act(owner, word)).status_code for word in ("retirer", "role", "transmettre")]
    codes.append(browser.post(users_page(company), {"email": "x@entreprise.test", "role": "owner"}).status_code)
    assert codes == [403, 403, 403, 403]
    assert now(owner) == (CompanyRole.OWNER, True)


def test_firms_and_other_companies_meet_no_such_page(
    owner: CompanyMembership, company: Company, cabinet: Cabinet
) -> None:
    make_client(cabinet.firm, company=company, status=ClientStatus.ACTIVE)
    stranger = make_owner(make_company())
    for person in (cabinet.administrator.user, stranger.person):
        browser = signed_in(person)
        assert browser.get(users_page(company)).status_code == 404
        assert browser.post(act(owner, "retirer")).status_code == 404
    elsewhere = f"{users_page(stranger.company)}{owner.pk}/retirer/"
    assert signed_in(stranger.person).post(elsewhere).status_code == 404
    assert now(owner) == (CompanyRole.OWNER, True)
