"""The stand-in of « Recherche d'entreprises » answers in the shape of the real one."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

PONTS = "441209327"


def search(address: str, http: requests.Session, q: str, **more: str) -> Any:
    answer = http.get(f"{address}/search", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_siren_names_one_company_with_its_head_office(company_directory: str, http: requests.Session) -> None:
    found = search(company_directory, http, PONTS)
    [company] = found["results"]
    assert {name: found[name] for name in ("total_results", "page", "per_page", "total_pages")} == {
        "total_results": 1,
        "page": 1,
        "per_page": 10,
        "total_pages": 1,
    }
    assert (company["siren"], company["nom_raison_sociale"], company["etat_administratif"]) == (
        PONTS,
        "BOULANGERIE DES DEUX PONTS",
        "A",
    )
    assert (company["siege"]["siret"], company["siege"]["adresse"]) == (
        "44120932700010",
        "4 QUAI DES TANNEURS 44000 NANTES",
    )


def test_siret_of_another_office_is_matched_beside_the_head_office(
    company_directory: str, http: requests.Session
) -> None:
    [company] = search(company_directory, http, "44120932700028")["results"]
    [office] = company["matching_etablissements"]
    assert (office["siret"], office["est_siege"], office["adresse"]) == (
        "44120932700028",
        False,
        "20 ZONE ARTISANALE 44000 NANTES",
    )
    assert company["siege"]["siret"] == "44120932700010"


def test_names_are_found_by_the_beginnings_of_their_words(company_directory: str, http: requests.Session) -> None:
    names = [company["nom_complet"] for company in search(company_directory, http, "boulangerie")["results"]]
    assert names == [
        "BOULANGERIE FERRAND",
        "BOULANGERIE DES DEUX PONTS",
        "BOULANGERIE DE LA HALLE",
        "BOULANGERIE MARTIN ET FILS",
    ]
    second = search(company_directory, http, "Boulang", page="2", per_page="3")
    assert ([c["nom_complet"] for c in second["results"]], second["total_pages"]) == (["BOULANGERIE MARTIN ET FILS"], 2)


def test_closed_hidden_and_unknown_companies(company_directory: str, http: requests.Session) -> None:
    [closed] = search(company_directory, http, "atelier ferme")["results"]
    assert (closed["etat_administratif"], closed["date_fermeture"]) == ("C", "2024-03-12")
    [hidden] = search(company_directory, http, "814002465")["results"]
    assert (hidden["statut_diffusion"], hidden["nom_complet"], hidden["siege"]["adresse"]) == (
        "P",
        "[NON-DIFFUSIBLE]",
        "[NON-DIFFUSIBLE]",
    )
    assert hidden["siege"]["libelle_commune"] == "LYON"
    for nobody in ("441209707", "441209328", "44120932700011"):
        assert search(company_directory, http, nobody)["results"] == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "Veuillez indiquer au moins un paramètre de recherche."),
        ({"q": "ab"}, "3 caractères minimum pour les termes de la requête (ou utilisez au moins un filtre)"),
        ({"q": "abc", "page": "0"}, "Veuillez indiquer un paramètre `page` entre `1` et `1000`, par défaut `1`."),
        (
            {"q": "abc", "per_page": "26"},
            "Veuillez indiquer un paramètre `per_page` entre `1` et `25`, par défaut `10`.",
        ),
    ],
)
def test_wrong_question_is_refused_in_words(
    company_directory: str, http: requests.Session, query: dict[str, str], sentence: str
) -> None:
    answer = http.get(f"{company_directory}/search", params=query)
    assert (answer.status_code, answer.json()) == (400, {"erreur": sentence})


def test_eighth_request_in_a_second_is_one_too_many(company_directory: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{company_directory}/search?q={PONTS}", timeout=5), range(8)))
    refused = [answer for answer in answers if answer.status_code != 200]
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in refused] == [(429, "1")]
    assert requests.get(f"{company_directory}/requests", timeout=5).json()["busiest_second"] == 8


@pytest.mark.parametrize(
    ("fault", "status"), [("500", 500), ("429", 429), ("garbage", 200), ("huge", 200), ("redirect", 302), ("slow", 200)]
)
def test_faults_happen_on_request(company_directory: str, http: requests.Session, fault: str, status: int) -> None:
    http.put(f"{company_directory}/faults", json={"fault": fault, "seconds": 1}).raise_for_status()
    started = time.monotonic()
    answer = http.get(f"{company_directory}/search?q={PONTS}", allow_redirects=False)
    assert (answer.status_code, time.monotonic() - started >= 1) == (status, fault == "slow")


def test_unknown_fault_is_refused_and_the_page_lists_them(company_directory: str, http: requests.Session) -> None:
    assert http.put(f"{company_directory}/faults", json={"fault": "flood"}).status_code == 400
    assert "slow, 500, 429, garbage, huge, redirect" in http.get(f"{company_directory}/").text
