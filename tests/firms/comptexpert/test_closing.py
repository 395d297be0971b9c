"""A delegation withdrawn in ComptExpert closes access in time, over real HTTP. Each method: test_renewal."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.utils import timezone

from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Firm, Membership
from tests.firms.conftest import LOGIN, Browser, ComptExpert

DURAND = "/cabinets/73282932000074/"
#: As COMPTEXPERT_RENEWAL_SECONDS, which is 60 in production.
RENEWAL_SECONDS = 0.3
HTMX = {"HX-Request": "true"}
SHEET = {"file": ("clients.csv", b"SIREN;Raison sociale\n")}

pytestmark = pytest.mark.django_db(transaction=True)

#: What the browser asks for, and the answer while the delegation holds.
ASKED: dict[str, tuple[Callable[[requests.Session, str], requests.Response], int]] = {
    "part by htmx": (lambda http, url: http.get(f"{url}clients/importer/en-cours/", headers=HTMX), 200),
    "form": (lambda http, url: http.post(f"{url}clients/nouveau/", {"name": "Nouveau"}), 422),
    "upload": (lambda http, url: http.post(f"{url}clients/importer/", files=SHEET, allow_redirects=False), 302),
}


@pytest.fixture
def paul(browser: Browser, live_server: Any, settings: Any) -> Iterator[requests.Session]:
    """A collaborateur signed in by a browser of his own, on a real server."""
    browser.sign_in("marie.durand")
    Firm.objects.update(terms_accepted_at=timezone.now())
    settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = RENEWAL_SECONDS
    with requests.Session() as http:
        http.trust_env = False
        at_comptexpert = http.get(f"{live_server.url}{LOGIN}")
        home = http.post(at_comptexpert.url, data={"sub": "paul.martin"})
        assert home.url == f"{live_server.url}{DURAND}clients/"
        token = re.search(r'"X-CSRFToken": "(\w+)"', home.text)
        assert token is not None
        http.headers.update({"X-CSRFToken": token[1], "Referer": home.url})
        yield http


def withdraw(comptexpert: ComptExpert, *, logout: bool = False) -> None:
    (cabinet,) = comptexpert.claims("paul.martin")["cabinets"]
    comptexpert.change("paul.martin", logout=logout, cabinets=[{**cabinet, "delegations": []}])


def ended() -> list[tuple[str, str]]:
    with tenant(firm=Firm.objects.get().pk):
        lines = JournalEntry.objects.filter(action__in=["membership.ended", "session.ended"]).order_by("id")
        return list(lines.values_list("action", "object_label"))


@pytest.mark.parametrize("asked", ASKED)
def test_withdrawn_delegation_closes_access_in_time(
    asked: str, paul: requests.Session, live_server: Any, comptexpert: ComptExpert
) -> None:
    ask, allowed = ASKED[asked]
    url = f"{live_server.url}{DURAND}"
    assert ask(paul, url).status_code == allowed

    withdraw(comptexpert)
    time.sleep(RENEWAL_SECONDS)  # the longest that rights read before may hold

    assert ask(paul, url).status_code in {401, 403}
    assert Membership.objects.get(user__subject="paul.martin").status == "disabled"
    assert ended() == [("membership.ended", "Paul Martin (Utilisateur)")]


def test_logout_by_comptexpert_closes_access_at_once(
    paul: requests.Session, live_server: Any, comptexpert: ComptExpert
) -> None:
    comptexpert.http.put(
        f"{comptexpert.url}/backchannel-logout-uris", json=[f"{live_server.url}/comptexpert/deconnexion-serveur/"]
    ).raise_for_status()

    withdraw(comptexpert, logout=True)

    answer = paul.post(f"{live_server.url}{DURAND}clients/importer/", files=SHEET, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/connexion/")
    assert ended() == [("session.ended", "Paul Martin (Utilisateur)")]


def test_form_given_back_is_sent_again_from_its_page(
    paul: requests.Session, live_server: Any, comptexpert: ComptExpert
) -> None:
    time.sleep(RENEWAL_SECONDS)  # as above: then they are read again
    comptexpert.commit("userinfo_401", once=True)
    form = {"siren": "732829320", "name": "Garage « Élan »", "country": "FR", "language": "fr"}
    page = paul.post(f"{live_server.url}{DURAND}clients/nouveau/", form)
    assert page.status_code == 401
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    assert {name: kept[name] for name in form} == form

    other_tab = paul.get(f"{live_server.url}{LOGIN}?silencieux=1&next=/comptexpert/reconnecte/")
    assert "Votre accès est confirmé" in other_tab.text.replace("&#x27;", "'")
    created = paul.post(f"{live_server.url}{DURAND}clients/nouveau/", kept)

    assert "Garage « Élan »" in created.text
    with tenant(firm=Firm.objects.get().pk):
        assert JournalEntry.objects.filter(action="client.created", object_label="Garage « Élan »").count() == 1
