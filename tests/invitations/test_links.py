"""The page behind the link: every case, and what each leaves in the database."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.enums import Audience
from accounts.models import Terms, TermsAcceptance, User
from clients.enums import ClientStatus, CompanyRole
from clients.models import Client, CompanyMembership
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import InvitationState
from invitations.models import Invitation
from tests.factories import PASSWORD, Cabinet, CompanyUserFactory, make_client, make_company, make_owner
from tests.invitations.conftest import (
    Link,
    browser_of,
    client_now,
    company_of,
    invitation_now,
)

Send = Callable[[Membership, Client], Link]


def memberships(siren: str) -> list[tuple[str, str]]:
    with tenant(platform="the test looks at a row"):
        found = CompanyMembership.objects.filter(company__siren=siren).select_related("person")
        return [(str(member.person.email), member.role) for member in found]


# --- Opening ------------------------------------------------------------------------------------------------------


def test_opening_the_link_consumes_nothing(link: Link, cabinet: Cabinet) -> None:
    browser = Browser()
    assert browser.head(link.path).status_code == 200
    assert invitation_now(link.invitation).opened_at is None
    for _ in range(3):
        page = browser.get(link.path)
        assert page.status_code == 200
    found = invitation_now(link.invitation)
    assert (found.state, found.token_sha256) == (InvitationState.OPENED, link.invitation.token_sha256)
    assert client_now(cabinet.client).status == ClientStatus.INVITED
    assert company_of(cabinet.client.siren) is None
    assert User.objects.company_users().count() == 0
    assert browser.post(link.path, link.form).status_code == 302


def test_page_shows_the_terms_and_the_rules_and_is_kept_by_nobody(link: Link, cabinet: Cabinet) -> None:
    page = Browser().get(link.path)
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "same-origin"
    text = page.content.decode()
    assert cabinet.client.contact_email in text
    assert "12 caractères au moins" in text
    assert Terms.objects.get(audience=Audience.COMPANY).text.split("\n")[0][:40] in text


def test_unknown_link_is_not_found_and_guessing_is_slowed(db: None) -> None:
    browser = Browser()
    codes = [browser.get(f"/invitation/{'x' * 40}{n}/").status_code for n in range(22)]
    assert codes == [404] * 20 + [429] * 2
    assert Browser(REMOTE_ADDR="192.0.2.7").get("/invitation/other/").status_code == 404


# --- Accepting with a new account -----------------------------------------------------------------------------------


def test_acceptance_opens_the_company_space_and_signs_in(link: Link, cabinet: Cabinet) -> None:
    browser = Browser(headers={"user-agent": "Navigateur de test"})
    answer = browser.post(link.path, link.form)
    siren = cabinet.client.siren
    assert (answer.status_code, answer["Location"]) == (302, f"/entreprises/{siren}/factures/")
    user = User.objects.company_users().get()
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert browser.session["_auth_user_backend"] == "accounts.backends.CompanyBackend"
    assert "Cette session" in browser.get("/compte/").content.decode()
    assert (user.email, user.check_password(PASSWORD)) == (cabinet.client.contact_email, True)
    client, company = client_now(cabinet.client), company_of(siren)
    assert company is not None
    assert (client.status, client.company_id) == (ClientStatus.ACTIVE, company.pk)
    assert client.activated_at is not None
    assert memberships(siren) == [(user.email, CompanyRole.OWNER)]
    found = invitation_now(link.invitation)
    assert (found.state, found.accepted_by_id, found.company_id) == (InvitationState.ACCEPTED, user.pk, company.pk)
    proof = TermsAcceptance.objects.get()
    assert (proof.user, proof.party, proof.ip, proof.user_agent) == (
        user,
        company.pk,
        "127.0.0.1",
        "Navigateur de test",
    )
    assert proof.sha256 == proof.terms.sha256
    with tenant(company=company.pk):
        [entry] = JournalEntry.objects.filter(action="invitation.accepted")
        assert (entry.firm_id, entry.person_id) == (cabinet.firm.pk, user.pk)


def test_second_post_is_refused(link: Link, cabinet: Cabinet) -> None:
    assert Browser().post(link.path, link.form).status_code == 302
    again = Browser().post(link.path, {**link.form, "password": "Another-Horse-43"})
    assert again.status_code == 410
    assert User.objects.company_users().get().check_password(PASSWORD)
    assert "déjà été acceptée" in again.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "court"}, "au minimum 12"),
        ({"password": "123456789012345"}, "entièrement numérique"),
        ({"password": ""}, "Choisissez un mot de passe."),
        ({"terms": ""}, "Cochez la case pour accepter les CGU."),
        ({"version": "2025-01"}, "Les CGU ont changé entre-temps"),
    ],
)
def test_incomplete_form_is_shown_again_and_nothing_is_made(
    link: Link, cabinet: Cabinet, change: dict[str, str], sentence: str
) -> None:
    answer = Browser().post(link.path, {**link.form, **change})
    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert User.objects.company_users().count() == 0
    assert client_now(cabinet.client).status == ClientStatus.INVITED


def test_password_like_the_address_is_refused(link: Link, cabinet: Cabinet) -> None:
    answer = Browser().post(link.path, {**link.form, "password": cabinet.client.contact_email})
    assert answer.status_code == 422


# --- With an account ----------------------------------------------------------------------------------------------


def test_address_with_an_account_signs_in_first_then_joins_with_one_click(link: Link, cabinet: Cabinet) -> None:
    user = CompanyUserFactory.create(email=cabinet.client.contact_email)
    page = Browser().get(link.path)
    assert f'href="/connexion/?next={link.path}"' in page.content.decode()
    assert Browser().post(link.path, link.form).status_code == 200
    assert client_now(cabinet.client).status == ClientStatus.INVITED
    browser = Browser()
    signed_in = browser.post("/connexion/", {"login": user.email, "password": PASSWORD, "next": link.path})
    assert signed_in["Location"] == link.path
    assert browser.get(link.path).status_code == 200
    assert browser.post(link.path, {"terms": "on", "version": "2026-11"}).status_code == 302
    assert memberships(cabinet.client.siren) == [(user.email, CompanyRole.OWNER)]
    assert User.objects.company_users().get().check_password(PASSWORD)


def test_somebody_else_signed_in_is_told_and_can_sign_out(link: Link, cabinet: Cabinet) -> None:
    browser = browser_of(CompanyUserFactory.create())
    page = browser.get(link.path)
    assert page.status_code == 403
    assert "quelqu'un d'autre" in page.content.decode().replace("&#x27;", "'")
    assert browser.post(link.path, link.form).status_code == 403
    assert client_now(cabinet.client).status == ClientStatus.INVITED
    assert browser.post(link.path, {"deconnexion": "1"})["Location"] == link.path
    assert browser.get(link.path).status_code == 200


def test_comptexpert_person_is_told_and_can_sign_out(link: Link, cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.administrator.user)
    assert browser.get(link.path).status_code == 403
    assert browser.post(link.path, link.form).status_code == 403
    assert client_now(cabinet.client).status == ClientStatus.INVITED
    browser.post(link.path, {"deconnexion": "1"})
    assert browser.get(link.path).status_code == 200


# --- A company that is in jefacture already -------------------------------------------------------------------------


def test_company_of_another_firm_waits_for_its_owner_and_nothing_is_granted(
    send_invitation: Send, cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    company = make_company()
    owner = make_owner(company)
    make_client(other_cabinet.firm, company=company, status=ClientStatus.ACTIVE)
    client = make_client(cabinet.firm, siren=company.siren, contact_email="comptable@entreprise.test")
    link = send_invitation(cabinet.administrator, client)
    browser = Browser()
    answer = browser.post(link.path, link.form)
    assert answer["Location"] == link.path
    page = browser.get(link.path)
    assert page.status_code == 200
    assert "Connexion en attente" in page.content.decode()
    found = client_now(client)
    assert (found.status, found.company_id) == (ClientStatus.PENDING, None)
    assert memberships(company.siren) == [(owner.person.email, CompanyRole.OWNER)]
    assert browser.get(f"/entreprises/{company.siren}/factures/").status_code == 404
    with tenant(company=company.pk):
        assert Invitation.objects.get().pk == link.invitation.pk  # what its owner will answer


def test_owner_of_the_company_joins_at_once_under_whatever_address(
    send_invitation: Send, cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    company = make_company()
    owner = make_owner(company)
    make_client(other_cabinet.firm, company=company, status=ClientStatus.ACTIVE)
    client = make_client(cabinet.firm, siren=company.siren, contact_email="compta@entreprise.test")
    link = send_invitation(cabinet.administrator, client)
    answer = browser_of(owner.person).post(link.path, {"terms": "on", "version": "2026-11"})
    assert answer["Location"] == f"/entreprises/{company.siren}/factures/"
    assert client_now(client).status == ClientStatus.ACTIVE
    assert memberships(company.siren) == [(owner.person.email, CompanyRole.OWNER)]


def test_space_of_a_firm_that_is_itself_a_client_is_not_given_to_the_first_who_comes(
    send_invitation: Send, cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    company = make_company()
    make_client(other_cabinet.firm, company=company, status=ClientStatus.ACTIVE, is_firm_file=True)
    client = make_client(cabinet.firm, siren=company.siren)
    link = send_invitation(cabinet.administrator, client)
    Browser().post(link.path, link.form)
    assert client_now(client).status == ClientStatus.PENDING
    assert memberships(company.siren) == []


def test_former_member_waits_for_the_owner(send_invitation: Send, cabinet: Cabinet) -> None:
    company = make_company()
    make_owner(company)
    former = make_owner(company)
    with tenant(company=company.pk):
        CompanyMembership.objects.filter(pk=former.pk).update(ended_at=timezone.now())
    client = make_client(cabinet.firm, siren=company.siren, contact_email=str(former.person.email))
    link = send_invitation(cabinet.administrator, client)
    browser_of(former.person).post(link.path, {"terms": "on", "version": "2026-11"})
    assert client_now(client).status == ClientStatus.PENDING
