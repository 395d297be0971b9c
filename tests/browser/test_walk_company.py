"""A company that is in jefacture already: another firm asks, its owner answers, then invites a colleague."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, Visitors
from tests.factories import PASSWORD
from tests.stack import Stack

pytestmark = pytest.mark.browser

_WORLD = """
from django.utils import timezone
from clients.enums import ClientStatus
from invitations.services import invite
from tests.factories import make_cabinet, make_client, make_company, make_owner
company = make_company(name="Menuiserie Dupré")
owner = make_owner(company, email="patronne@dupre.test", first_name="Zoé", last_name="Dupré")
first, second = make_cabinet(name="Cabinet Premier"), make_cabinet(name="Cabinet Second")
make_client(first.firm, company=company, status=ClientStatus.ACTIVE, activated_at=timezone.now())
client = make_client(second.firm, siren=company.siren, name=company.name, contact_email="compta@dupre.test")
invite(second.administrator, client=client)
result = {"siren": company.siren, "inviter": second.administrator.user.contact_email}
"""
_LINK = re.compile(r"http\S+/(?:invitation|entreprises|rejoindre)/\S+")


def _link(stack: Stack, to: str) -> str:
    stack.wait(f"the e-mail to {to}", lambda: stack.messages(to=to), seconds=20)
    found = _LINK.search(stack.messages(to=to)[0]["text"])
    assert found
    return found.group()


def test_owner_approves_a_second_firm_from_the_e_mail_and_invites_a_colleague(visitors: Visitors) -> None:
    guest, owner, colleague = visitors.new(), visitors.new(), visitors.new()
    world: dict[str, str] = guest.stack.run(_WORLD)
    _accept_and_wait(guest)
    _approve_from_the_e_mail(owner)
    guest.stack.wait("the answer", lambda: guest.stack.messages(to=world["inviter"]), seconds=20)
    guest.go(f"/entreprises/{world['siren']}/factures/")
    guest.expect_heading("Factures 0")

    _invite_colleague(owner)
    _join(colleague)
    colleague.go(f"/entreprises/{world['siren']}/utilisateurs/")
    colleague.expect_texts("tbody .state", ["Actif", "Actif", "Actif"])
    assert colleague.page.get_by_role("button", name="Actions pour").count() == 0


def _accept_and_wait(guest: Visitor) -> None:
    guest.go(_link(guest.stack, "compta@dupre.test"))
    guest.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    guest.page.get_by_role("checkbox").check()
    guest.page.get_by_role("button", name="Ouvrir mon espace").click()
    guest.expect_heading("Connexion en attente")
    guest.look("connexion-en-attente")


def _approve_from_the_e_mail(owner: Visitor) -> None:
    page = owner.page
    owner.go(_link(owner.stack, "patronne@dupre.test"))
    page.get_by_label("E-mail").fill("patronne@dupre.test")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    owner.expect_heading("Cabinets")
    expect(page.get_by_role("heading", name="Cabinet Second demande à voir vos factures")).to_be_visible()
    owner.look("cabinets-demande")
    page.get_by_label("Ouvrir aussi cet espace à compta@dupre.test, comme Membre").check()
    page.get_by_role("button", name="Approuver").click()
    dialog = page.get_by_role("dialog", name="Approuver la connexion")
    expect(dialog).to_contain_text("verra chaque facture classée")
    dialog.get_by_role("button", name="Approuver").click()
    owner.expect_texts(".jf-rows .state", ["Actif", "Actif"])
    owner.look("cabinets")


def _invite_colleague(owner: Visitor) -> None:
    page = owner.page
    page.get_by_role("link", name="Utilisateurs").click()
    page.get_by_label("E-mail").fill("paul@dupre.test")
    page.get_by_role("button", name="Envoyer l'invitation").click()
    owner.expect_texts("tbody .state", ["Actif", "Actif", "Invité"])
    owner.look("entreprise-utilisateurs")


def _join(colleague: Visitor) -> None:
    page = colleague.page
    colleague.go(_link(colleague.stack, "paul@dupre.test"))
    colleague.expect_heading("Menuiserie Dupré vous invite")
    colleague.look("collegue")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Rejoindre Menuiserie Dupré").click()
    page.wait_for_url("**/factures/")


_SPACE = """
from clients.enums import ClientStatus
from django.utils import timezone
from tests.factories import make_cabinet, make_client, make_company, make_owner
company = make_company(name="Atelier du Zinc")
owner = make_owner(company, email="zinc@depart.test", first_name="Jean", last_name="Zinc")
make_client(make_cabinet(name="Cabinet Premier").firm, company=company, status=ClientStatus.ACTIVE,
            activated_at=timezone.now())
result = company.siren
"""


def test_owner_takes_the_archive_along_and_closes_the_space(visitors: Visitors) -> None:
    owner = visitors.new()
    page = owner.page
    siren: str = owner.stack.run(_SPACE)
    owner.sign_in_with("zinc@depart.test", PASSWORD)
    owner.go(f"/entreprises/{siren}/parametres/")
    page.get_by_role("link", name="Exporter tout l'espace").click()
    owner.expect_heading("Quitter jefacture")
    page.get_by_role("button", name="Préparer l'archive").click()
    link = page.get_by_role("link", name="Télécharger l'archive")
    expect(link).to_be_visible()
    owner.look("quitter")
    with page.expect_download() as download:
        link.click()
    names = zipfile.ZipFile(download.value.path()).namelist()
    assert names[:2] == ["factures.csv", "depots.csv"]

    page.get_by_role("link", name="Fermer l'espace").click()
    owner.expect_heading("Fermer l'espace")
    page.get_by_label("Nom de l'entreprise").fill("Atelier")
    page.get_by_role("button", name="Fermer l'espace").click()
    owner.expect_texts("[data-error-summary] a", ["Nom de l'entreprise"])
    owner.look("fermer-l-espace")
    page.get_by_label("Nom de l'entreprise").fill("Atelier du Zinc")
    page.get_by_role("button", name="Fermer l'espace").click()
    expect(page.get_by_text("L'espace de Atelier du Zinc est fermé.")).to_be_visible()
    gone = owner.go(f"/entreprises/{siren}/factures/")
    assert gone is not None
    assert gone.status == 404
