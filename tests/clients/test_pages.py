"""Client files as a person works with them: found, opened, changed, assigned."""

from typing import Any

import pytest
from lxml import html

from clients.enums import ClientStatus
from clients.models import Client, ClientAssignment
from clients.services import update_client
from common.permissions import ForbiddenError
from common.tenancy import tenant
from firms.enums import MembershipStatus
from tests.clients.browsing import address, browser_of, statuses, text_of
from tests.factories import Cabinet, MembershipFactory, assign_to, make_active_client, make_client

FORM = {"siren": "732 829 320", "name": "Boulangerie du Port", "country": "fr"}


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200
    page: Any = html.fromstring(answer.content)
    return [str(name) for name in page.xpath('//td//a[@class="name"]/text()')]


def found(cabinet: Cabinet, query: str) -> list[str]:
    return names(browser_of(cabinet.administrator).get(address(cabinet, f"?{query}")))


# --- Found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "etienne",
        "ÉTIENNE",
        "coeur d'or",
        "CŒUR D’OR",
        "or  etienne",
        "876 543 219",
        "876543219",
        "bij-07",
        "mme.legrand@",
        "legrand adèle",
        "besançon",
    ],
)
def test_search_finds_without_accents_case_or_order(cabinet: Cabinet, words: str) -> None:
    make_client(
        cabinet.firm,
        name="Bijouterie Étienne Cœur d’Or",
        siren="876543219",
        code="BIJ-07",
        contact_email="mme.legrand@bijou.test",
        contact_last_name="Legrand",
        contact_first_name="Adèle",
        city="Besançon",
    )
    make_client(cabinet.firm, name="Autre")
    answer = browser_of(cabinet.administrator).get(address(cabinet), {"q": words})
    assert names(answer) == ["Bijouterie Étienne Cœur d’Or"]


@pytest.mark.parametrize("words", ["%", "_", "étienne zinc", "'; DROP TABLE clients_client; --"])
def test_search_for_what_is_not_there_says_so(cabinet: Cabinet, words: str) -> None:
    make_client(cabinet.firm, name="Étienne")
    make_client(cabinet.firm, name="Zinc")
    answer = browser_of(cabinet.administrator).get(address(cabinet), {"q": words})
    assert (names(answer), "Aucun résultat" in text_of(answer)) == ([], True)


def test_filters_narrow_the_list_together(cabinet: Cabinet) -> None:
    make_client(cabinet.firm, name="A", status=ClientStatus.INVITED)
    make_client(cabinet.firm, name="B", status=ClientStatus.INVITED, contact_email="")
    active = make_active_client(cabinet.firm)
    own = cabinet.client.name
    assert found(cabinet, "statut=invited") == ["A", "B"]
    assert found(cabinet, "statut=invited&statut=active") == ["A", "B", active.name]
    assert found(cabinet, "statut=invited&sans_email=true") == ["B"]
    assert found(cabinet, "jamais_invite=true") == [own]
    assert found(cabinet, f"affecte={cabinet.assigned.pk}") == [own]
    assert found(cabinet, f"affecte={cabinet.unassigned.pk}") == []


@pytest.mark.parametrize("query", ["statut=zzz", "affecte=zzz", "statut=created&statut=zzz"])
def test_filter_that_is_not_understood_finds_nobody(cabinet: Cabinet, query: str) -> None:
    assert found(cabinet, query) == []


def test_filter_by_a_member_of_another_firm_finds_nobody(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    assert found(cabinet, f"affecte={other_cabinet.assigned.pk}") == []


def test_every_row_is_on_one_page_even_where_the_sort_does_not_tell_them_apart(cabinet: Cabinet) -> None:
    expected = {cabinet.client.name} | {make_client(cabinet.firm, name=f"Client {n:03}").name for n in range(60)}
    for sort in ("code", "-code", "status", "-contact_email"):
        shown = [name for page in (1, 2, 3) for name in found(cabinet, f"tri={sort}&par=25&page={page}")]
        assert (sort, len(shown), set(shown)) == (sort, 61, expected)


# --- Opened and changed -------------------------------------------------------------------------------------------


def test_client_is_opened_by_its_siren_and_the_vat_number_follows(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.unassigned)
    answer = browser.post(address(cabinet, "nouveau/"), FORM)
    with tenant(firm=cabinet.firm.pk):
        client = Client.objects.get(siren="732829320")
    assert answer["Location"] == address(cabinet, f"{client.pk}/")
    assert (client.name, client.country, client.vat_number) == ("Boulangerie du Port", "FR", "FR44732829320")
    assert (client.language, client.created_by_id, client.search) == (
        "fr",
        cabinet.unassigned.pk,
        "boulangerie du port 732829320",
    )
    assert "Le dossier de Boulangerie du Port est créé." in text_of(browser.get(answer["Location"]))


def test_siret_typed_for_the_siren_gives_both(cabinet: Cabinet) -> None:
    browser_of(cabinet.administrator).post(address(cabinet, "nouveau/"), {**FORM, "siren": "732 829 320 00074"})
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.values_list("siren", "siret").get(name=FORM["name"]) == ("732829320", "73282932000074")


@pytest.mark.parametrize(
    ("typed", "kept", "sentence"),
    [
        ("732 829 320 00074", "73282932000074", "Le dossier est enregistré."),
        ("", "", "Le dossier est enregistré."),
        ("73282932000075", "73282932000082", "SIRET invalide : la clé de contrôle ne correspond pas"),
        ("552 081 317 66522", "73282932000082", "Ce SIRET est celui d'une autre entreprise."),
    ],
)
def test_siret_of_a_file_is_changed_within_its_company(cabinet: Cabinet, typed: str, kept: str, sentence: str) -> None:
    client = make_client(cabinet.firm, siren="732829320", siret="73282932000082")
    form = {"name": client.name, "country": "FR", "version": "1", "siret": typed}
    browser, edit = browser_of(cabinet.administrator), address(cabinet, f"{client.pk}/modifier/")
    assert sentence in text_of(browser.post(edit, form, follow=True))
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.values_list("siret", flat=True).get(pk=client.pk) == kept


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"siren": ""}, "Ce champ est obligatoire."),
        ({"siren": "732829321"}, "SIREN invalide : la clé de contrôle ne correspond pas, vérifiez les 9 chiffres."),
        ({"siren": "73282932"}, "SIREN invalide : 9 chiffres attendus, 8 reçus."),
        ({"siren": "73282932000075"}, "SIRET invalide : la clé de contrôle ne correspond pas"),
        ({"name": " "}, "Ce champ est obligatoire."),
        ({"name": "x" * 201}, "au plus 200 caractères"),
        ({"name": "a\x00b"}, "Le caractère nul n’est pas autorisé."),
        ({"country": "France"}, "au plus 2 caractères"),
        ({"country": "F1"}, "Indiquez le code du pays en deux lettres, par exemple FR."),
        ({"contact_email": "pas une adresse"}, "Cette adresse e-mail n'est pas valable."),
        ({"iban": "FR7630006000011234567890188"}, "IBAN invalide : la clé de contrôle ne correspond pas."),
        ({"bic": "AGRI"}, "BIC invalide : il compte 8 ou 11 caractères."),
        ({"vat_number": "FR"}, "N° de TVA invalide : attendu FR, deux caractères de clé"),
        ({"language": "xx"}, "Sélectionnez un choix valide."),
    ],
)
def test_form_says_in_french_what_is_wrong_and_keeps_what_was_typed(
    cabinet: Cabinet, change: dict[str, str], sentence: str
) -> None:
    answer = browser_of(cabinet.administrator).post(address(cabinet, "nouveau/"), {**FORM, "city": "Sète", **change})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="Sète"' in answer.content.decode()
    assert list(statuses(cabinet)) == [cabinet.client.pk]


def test_second_file_on_a_siren_is_refused_on_the_form(cabinet: Cabinet) -> None:
    form = {**FORM, "siren": cabinet.client.siren}
    answer = browser_of(cabinet.administrator).post(address(cabinet, "nouveau/"), form)
    assert (answer.status_code, list(statuses(cabinet))) == (422, [cabinet.client.pk])
    assert "Un dossier client existe déjà pour ce SIREN." in text_of(answer)


@pytest.mark.parametrize(("version", "code"), [("", 422), ("abc", 422), ("99999999999999999999", 409)])
def test_version_that_is_none_is_refused(cabinet: Cabinet, version: str, code: int) -> None:
    edit = address(cabinet, f"{cabinet.client.pk}/modifier/")
    form = {"name": "Chez moi", "country": "FR", "version": version}
    assert browser_of(cabinet.administrator).post(edit, form).status_code == code


def test_language_that_an_import_brought_survives_a_change_of_something_else(cabinet: Cabinet) -> None:
    client = make_client(cabinet.firm, language="pt")
    browser = browser_of(cabinet.administrator)
    edit = address(cabinet, f"{client.pk}/modifier/")
    page: Any = html.fromstring(browser.get(edit).content)
    [form] = page.xpath('//form[@method="post" and @data-guard]')
    fields = {name: value or "" for name, value in form.fields.items()}
    assert fields["language"] == "pt"
    assert browser.post(edit, {**fields, "city": "Porto"}).status_code == 302
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.values_list("language", "city").get(pk=client.pk) == ("pt", "Porto")


def test_confidential_is_an_administrateurs_to_say(cabinet: Cabinet) -> None:
    client = make_client(cabinet.firm, created_by=cabinet.unassigned)
    path, edit = address(cabinet, f"{client.pk}/"), address(cabinet, f"{client.pk}/modifier/")
    form = {"name": client.name, "country": "FR", "version": "1", "confidential": "on"}

    creator = browser_of(cabinet.unassigned)
    assert 'name="confidential"' not in creator.get(edit).content.decode()
    creator.post(edit, form)
    assert [creator.get(path).status_code, confidential(client)] == [200, False]

    administrator = browser_of(cabinet.administrator)
    words = "Dossier confidentiel : visible des administrateurs et des collaborateurs nommés"
    assert words in text_of(administrator.get(edit))
    administrator.post(edit, form | {"version": "2"})
    assert [creator.get(path).status_code, confidential(client)] == [404, True]
    page = text_of(administrator.get(path))
    assert words in page
    assert "dossier confidentiel : non → oui" in text_of(administrator.get(f"{path}?onglet=historique"))
    assign_to(client, cabinet.unassigned)
    assert creator.get(path).status_code == 200


def confidential(client: Client) -> bool:
    with tenant(firm=client.firm_id):
        return Client.objects.values_list("confidential", flat=True).get(pk=client.pk)


def test_confidential_set_by_a_collaborateur_is_refused_by_the_service(cabinet: Cabinet) -> None:
    with pytest.raises(ForbiddenError):
        update_client(cabinet.assigned, client=cabinet.client, values={"confidential": True}, version=1)


# --- Assigned -----------------------------------------------------------------------------------------------------


def test_file_is_assigned_and_taken_back_from_its_page(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.administrator)
    path = address(cabinet, f"{cabinet.client.pk}/affectations/{cabinet.unassigned.pk}/")
    for form, held in (({}, True), ({"retirer": "1"}, False)):
        assert browser.post(path, form)["Location"] == address(cabinet, f"{cabinet.client.pk}/")
        with tenant(firm=cabinet.firm.pk):
            assert ClientAssignment.objects.filter(membership=cabinet.unassigned).exists() == held


def test_file_is_not_given_to_who_has_left(cabinet: Cabinet) -> None:
    gone = MembershipFactory.create(firm=cabinet.firm, status=MembershipStatus.DISABLED)
    browser = browser_of(cabinet.administrator)
    answer = browser.post(address(cabinet, f"{cabinet.client.pk}/affectations/{gone.pk}/"), follow=True)
    assert "Cette personne n'a pas accès au cabinet." in text_of(answer)
    with tenant(firm=cabinet.firm.pk):
        assert ClientAssignment.objects.filter(membership=gone).count() == 0


def test_file_is_not_given_to_somebody_of_another_firm(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    path = address(cabinet, f"{cabinet.client.pk}/affectations/{other_cabinet.assigned.pk}/")
    assert browser_of(cabinet.administrator).post(path).status_code == 404
