"""What is read of the directory's answer."""

from datetime import date
from typing import Any

import pytest

from clients.directory.company import Company, companies_in

SIREN = "510761505"
SIRET = "51076150500013"


def office(**changes: Any) -> dict[str, Any]:
    return {
        "siret": SIRET,
        "adresse": "15 AVENUE DES ECOLES 06110 LE CANNET",
        "code_postal": "06110",
        "libelle_commune": "LE CANNET",
        "libelle_pays_etranger": None,
        **changes,
    }


def answer(siege: object = None, matching: object = (), **changes: Any) -> dict[str, Any]:
    result = {
        "siren": SIREN,
        "nom_complet": "CARREFOUR (CTIM)",
        "nom_raison_sociale": "CARREFOUR",
        "siege": office() if siege is None else siege,
        "matching_etablissements": list(matching) if isinstance(matching, tuple) else matching,
        "etat_administratif": "A",
        "date_fermeture": None,
        "statut_diffusion": "O",
    }
    return {"results": [result | changes]}


def read(document: dict[str, Any], number: str = SIREN) -> Company:
    [company] = companies_in(document, number=number)
    return company


def test_company_is_read_with_its_head_office_and_its_vat_number() -> None:
    company = read(answer())
    assert company == Company(
        siren=SIREN,
        siret=SIRET,
        name="CARREFOUR",
        street="15 AVENUE DES ECOLES",
        postal_code="06110",
        city="LE CANNET",
        country="FR",
        ceased_on=None,
        is_diffusible=True,
    )
    assert company.vat_number == "FR68510761505"


def test_siret_gives_the_address_of_its_office() -> None:
    other = office(siret="51076150500021", adresse="2 RUE DU PORT 06400 CANNES", code_postal="06400")
    assert read(answer(matching=(office(), other)), "51076150500021").street == "2 RUE DU PORT"


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("DIRECTION GENERALE 9 RUE DU COLONEL 75015 PARIS 15", "DIRECTION GENERALE 9 RUE DU COLONEL"),
        ("12000 ROUTE DE NICE 06110 LE CANNET", "12000 ROUTE DE NICE"),
        ("3 RUE X 69426 LYON CEDEX 03", "3 RUE X"),
        ("06110 LE CANNET", ""),
        ("15 AVENUE DES ECOLES", ""),
        ("[NON-DIFFUSIBLE]", ""),
        (None, ""),
    ],
)
def test_street_is_what_stands_before_postal_code_and_town(address: object, street: str) -> None:
    assert read(answer(office(adresse=address))).street == street


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"etat_administratif": "A", "date_fermeture": "2024-03-12"}, None),
        ({"etat_administratif": "C", "date_fermeture": "2024-03-12"}, date(2024, 3, 12)),
        ({"etat_administratif": "C", "siege": office(date_fermeture="2023-01-31")}, date(2023, 1, 31)),
        ({"etat_administratif": "C", "date_mise_a_jour_insee": "2022-05-31T08:00:12"}, date(2022, 5, 31)),
        ({"etat_administratif": "C", "date_fermeture": "un jour"}, None),
    ],
)
def test_day_of_closure_is_the_register_s_else_that_of_its_last_change(
    fields: dict[str, Any], day: date | None
) -> None:
    assert read(answer(**fields)).ceased_on == day


def test_hidden_values_are_blank_and_a_person_s_name_is_the_whole_one() -> None:
    hidden = read(answer(nom_raison_sociale=None, nom_complet="[NON-DIFFUSIBLE]", statut_diffusion="P"))
    assert (hidden.name, hidden.is_diffusible) == ("", False)
    assert read(answer(nom_raison_sociale=None, nom_complet="JEANNE MARTIN")).name == "JEANNE MARTIN"


def test_foreign_head_office_has_its_country_and_no_french_vat_number() -> None:
    company = read(answer(office(libelle_pays_etranger="ALLEMAGNE", libelle_commune=None, code_postal=None)))
    assert (company.country, company.city, company.vat_number) == ("DE", "", "")


def test_long_and_odd_texts_fit_a_client_file() -> None:
    company = read(answer(office(libelle_commune="V" * 300), nom_raison_sociale="A\x00B\u200b " + "C" * 500))
    assert (company.name, company.city) == (f"A B {'C' * 196}", "V" * 100)


@pytest.mark.parametrize(
    "document",
    [
        answer(siege="x", matching="y"),
        answer(siege={"siret": 12, "adresse": ["x"]}),
        answer(nom_complet=None, nom_raison_sociale={"a": 1}),
    ],
)
def test_value_of_another_type_is_as_none(document: dict[str, Any]) -> None:
    assert read(document).siren == SIREN


@pytest.mark.parametrize("document", [answer(siren="441209327"), answer(siren=510761505), {"results": [None, 3]}])
def test_company_of_another_number_is_none(document: dict[str, Any]) -> None:
    assert companies_in(document, number=SIREN) == []


@pytest.mark.parametrize("document", [None, [], {}, {"results": None}, {"erreur": "non"}])
def test_what_is_no_answer_is_told(document: object) -> None:
    with pytest.raises(ValueError, match="no results"):
        companies_in(document)
