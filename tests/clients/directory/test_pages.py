"""« Nouveau client » beside the directory, and « Compléter mes clients », as browsers ask for them."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.enums import EnrichmentState
from clients.models import Client, Enrichment
from clients.services import run_enrichment, start_enrichment
from common.tenancy import tenant
from firms.models import Membership
from tests.browsing import signed_in, text_of
from tests.clients.directory.conftest import StandIn
from tests.factories import Cabinet, make_client

PONTS, CLOSED, UNKNOWN, HIDDEN = "441209327", "441209608", "441209707", "814002465"
PONTS_FILLED = {
    "name": "BOULANGERIE DES DEUX PONTS",
    "street": "4 QUAI DES TANNEURS",
    "postal_code": "44000",
    "city": "NANTES",
    "country": "FR",
    "vat_number": "FR40441209327",
}


def look_up(member: Membership, **typed: str) -> Any:
    return signed_in(member.user).get(reverse("clients:lookup", args=[member.firm.siret]), typed)


def filled(answer: Any) -> Any:
    return json.loads(unescape(re.search(r'data-company="([^"]*)"', answer.content.decode())[1]))  # type: ignore[index]


def words(answer: Any) -> str:
    return text_of(answer).strip()


# --- A number ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [PONTS, "441 209 327", "441 209 327 00010"])
def test_number_gives_what_the_form_is_filled_with(cabinet: Cabinet, typed: str) -> None:
    answer = look_up(cabinet.assigned, siren=typed)
    assert filled(answer) == PONTS_FILLED
    assert words(answer) == (
        "BOULANGERIE DES DEUX PONTS , 44000 NANTES. Les champs vides sont remplis d'après l'annuaire des entreprises."
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (
            UNKNOWN,
            "L'annuaire des entreprises ne connaît pas ce numéro. Vérifiez-le, ou remplissez les champs à la main.",
        ),
        ("441209328", "SIREN invalide : la clé de contrôle ne correspond pas, vérifiez les 9 chiffres."),
        ("44120932700011", "SIRET invalide : la clé de contrôle ne correspond pas, vérifiez les 14 chiffres."),
        ("44120", ""),
        ("", ""),
        ("sept", ""),
    ],
)
def test_number_without_a_company_fills_nothing(cabinet: Cabinet, typed: str, says: str) -> None:
    answer = look_up(cabinet.assigned, siren=typed)
    assert (answer.status_code, filled(answer), words(answer)) == (200, {}, says)


def test_closed_company_is_told_with_its_day(cabinet: Cabinet) -> None:
    answer = look_up(cabinet.assigned, siren=CLOSED)
    assert words(answer).startswith("Entreprise cessée le 12/03/2024 ")
    assert filled(answer)["name"] == "ATELIER FERME"


def test_hidden_company_leaves_name_and_address_to_the_person(cabinet: Cabinet) -> None:
    answer = look_up(cabinet.assigned, siren=HIDDEN)
    assert filled(answer) == {"city": "LYON", "country": "FR", "vat_number": "FR09814002465"}
    assert words(answer).startswith("Cette entreprise a demandé que son nom et son adresse ne soient pas diffusés.")


def test_directory_that_is_away_is_said_and_changes_nothing_else(cabinet: Cabinet, stand_in: StandIn) -> None:
    stand_in.commit("500")
    for _ in range(2):  # away, then left alone
        answer = look_up(cabinet.assigned, siren=PONTS)
        assert (answer.status_code, filled(answer)) == (200, {})
        assert words(answer).startswith("L'annuaire des entreprises ne répond pas pour le moment.")
    form = {"siren": PONTS, "name": "Les Deux Ponts", "country": "FR"}
    created = signed_in(cabinet.assigned.user).post(reverse("clients:create", args=[cabinet.firm.siret]), form)
    assert created.status_code == 302


def test_existing_file_is_told_with_a_link_to_those_who_see_it(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    file = make_client(cabinet.firm, siren=PONTS, name="Les Deux Ponts")
    link = reverse("clients:detail", args=[cabinet.firm.siret, file.pk])
    seen = {
        member: (link in look_up(member, siren=PONTS).content.decode(), words(look_up(member, siren=PONTS)))
        for member in (cabinet.administrator, cabinet.unassigned, other_cabinet.administrator)
    }
    exists = "Un dossier client existe déjà pour ce SIREN."
    assert seen[cabinet.administrator] == (True, f"{exists} Ouvrir le dossier de Les Deux Ponts")
    assert seen[cabinet.unassigned] == (False, exists)
    assert (seen[other_cabinet.administrator][0], exists in seen[other_cabinet.administrator][1]) == (False, False)


# --- A name -----------------------------------------------------------------------------------------------------------


def options(answer: Any) -> list[tuple[str, str]]:
    return re.findall(r'data-name="([^"]*)"\s+data-number="([^"]*)"', answer.content.decode())


def test_name_gives_a_list_to_choose_from(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    make_client(cabinet.firm, siren=PONTS)
    make_client(other_cabinet.firm, siren="441209400")
    answer = look_up(cabinet.assigned, name="boulangerie d", siren="")
    assert options(answer) == [
        ("BOULANGERIE DES DEUX PONTS", "44120932700010"),
        ("BOULANGERIE DE LA HALLE", "44120940000015"),
    ]
    assert words(answer) == (
        "BOULANGERIE DES DEUX PONTS 441 209 327 · 44000 NANTES · Dossier existant "
        "BOULANGERIE DE LA HALLE 441 209 400 · 35000 RENNES"
    )


@pytest.mark.parametrize("typed", [{"name": "bo"}, {"name": "zzzz"}, {"name": "boulangerie", "siren": "7"}])
def test_name_without_companies_or_beside_a_number_gives_no_list(cabinet: Cabinet, typed: dict[str, str]) -> None:
    answer = look_up(cabinet.assigned, **typed)
    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_closed_company_is_marked_in_the_list(cabinet: Cabinet) -> None:
    assert words(look_up(cabinet.assigned, name="atelier ferme")).endswith("· Cessée le 12/03/2024")


def test_hundred_and_twenty_a_minute_are_enough_for_one_person(cabinet: Cabinet) -> None:
    browser, address = signed_in(cabinet.assigned.user), reverse("clients:lookup", args=[cabinet.firm.siret])
    assert {browser.get(address).status_code for _ in range(120)} == {200}
    assert browser.get(address).status_code == 429
    assert look_up(cabinet.administrator).status_code == 200


def test_form_asks_the_directory_and_an_existing_file_does_not(cabinet: Cabinet) -> None:
    browser = signed_in(cabinet.administrator.user)
    address = reverse("clients:lookup", args=[cabinet.firm.siret])
    new = browser.get(reverse("clients:create", args=[cabinet.firm.siret])).content.decode()
    edit = browser.get(reverse("clients:edit", args=[cabinet.firm.siret, cabinet.client.pk])).content.decode()
    assert (new.count(address), edit.count(address)) == (2, 0)
    assert ("js/lookup.js" in new, "js/lookup.js" in edit) == (True, False)


# --- « Compléter mes clients » ----------------------------------------------------------------------------------------


def url(cabinet: Cabinet, name: str, *more: object) -> str:
    return reverse(f"clients:{name}", args=[cabinet.firm.siret, *more])


@pytest.fixture
def browser(cabinet: Cabinet) -> Browser:
    return signed_in(cabinet.administrator.user)


def latest(cabinet: Cabinet) -> Enrichment:
    with tenant(firm=cabinet.firm.pk):
        return Enrichment.objects.latest("created_at")


def test_menu_offers_it_to_administrateurs(cabinet: Cabinet, browser: Browser) -> None:
    link = f'href="{url(cabinet, "complete")}"'
    utilisateur = signed_in(cabinet.assigned.user).get(url(cabinet, "list")).content.decode()
    assert (link in browser.get(url(cabinet, "list")).content.decode(), link in utilisateur) == (True, False)


def test_page_says_what_will_happen(cabinet: Cabinet, other_cabinet: Cabinet, browser: Browser) -> None:
    whole = {"siret": "44120932700010", "vat_number": "FR40441209327", "street": "a", "postal_code": "b", "city": "c"}
    make_client(cabinet.firm, siren=PONTS, **whole)  # type: ignore[arg-type] # all of them are texts
    page = text_of(browser.get(url(cabinet, "complete")))
    assert "2 dossiers , dont 1 avec au moins un champ vide." in page
    assert "Comptez environ 1 s" in page
    assert "Compléter 2 dossiers" in page


def test_started_followed_and_done(cabinet: Cabinet, other_cabinet: Cabinet, browser: Browser) -> None:
    make_client(cabinet.firm, siren=PONTS)
    make_client(cabinet.firm, siren=CLOSED)
    make_client(cabinet.firm, siren=UNKNOWN)
    started = browser.post(url(cabinet, "complete"))
    enrichment = latest(cabinet)
    page = url(cabinet, "enrichment", enrichment.pk)
    assert started["Location"] == page
    assert browser.get(url(cabinet, "complete"))["Location"] == page
    assert browser.post(url(cabinet, "complete"))["Location"] == page
    assert "0 sur 4" in text_of(browser.get(page))
    assert "Vous pouvez quitter cette page." in text_of(browser.get(page))
    assert page in browser.get(url(cabinet, "running")).content.decode()
    assert words(signed_in(cabinet.assigned.user).get(url(cabinet, "running"))) == ""
    assert words(signed_in(other_cabinet.administrator.user).get(url(other_cabinet, "running"))) == ""

    run_enrichment(enrichment.pk)

    assert browser.get(url(cabinet, "enrichment_progress", enrichment.pk))["HX-Refresh"] == "true"
    with tenant(firm=cabinet.firm.pk):
        own = 1 if Client.objects.get(pk=cabinet.client.pk).vat_number else 0
    done = text_of(browser.get(page))
    assert "Complément terminé." in done
    assert f"Complétés {2 + own} dossiers dont des champs vides sont remplis" in done
    assert f"Inconnus {2 - own} SIREN absents de l'annuaire" in done
    assert "4 sur 4 dossiers cherchés" in done
    assert words(browser.get(url(cabinet, "running"))) == ""


def test_page_says_that_the_directory_is_away_and_when_it_is_asked_again(
    cabinet: Cabinet, browser: Browser, stand_in: StandIn
) -> None:
    stand_in.commit("500")
    enrichment = start_enrichment(cabinet.administrator)
    run_enrichment(enrichment.pk)
    page = text_of(browser.get(url(cabinet, "enrichment", enrichment.pk)))
    assert re.search(r"L'annuaire des entreprises ne répond pas\. Nouvel essai à \d\d:\d\d:\d\d", page)


def test_stopped_from_its_page(cabinet: Cabinet, browser: Browser) -> None:
    enrichment = start_enrichment(cabinet.administrator)
    for sentence in ("Ce qui a été complété est gardé.", "Ce complément est déjà terminé."):
        answer = browser.post(url(cabinet, "enrichment_stop", enrichment.pk), follow=True)
        assert sentence in text_of(answer)
    assert latest(cabinet).state == EnrichmentState.STOPPED


def test_another_firm_s_enrichment_is_unknown(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    enrichment = start_enrichment(cabinet.administrator)
    browser = signed_in(other_cabinet.administrator.user)
    assert browser.get(url(other_cabinet, "enrichment", enrichment.pk)).status_code == 404
    assert browser.post(url(other_cabinet, "enrichment_stop", enrichment.pk)).status_code == 404


def test_journal_tells_what_was_completed(cabinet: Cabinet, browser: Browser) -> None:
    make_client(cabinet.firm, siren=CLOSED)
    run_enrichment(start_enrichment(cabinet.administrator).pk)
    page = text_of(browser.get(reverse("firms:journal", args=[cabinet.firm.siret])))
    assert "Dossier client complété par l'annuaire des entreprises" in page
    assert "cessation d'activité : vide → 12/03/2024" in page
    assert "Clients complétés par l'annuaire des entreprises" in page
