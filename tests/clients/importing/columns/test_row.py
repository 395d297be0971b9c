from pathlib import Path
from typing import Any

import pytest

from clients.enums import RowAction
from tests.clients.importing.making import OTHER_SIREN, SIREN, SIRET, VAT, plan_cells


def values_of(tmp_path: Path, **cells: Any) -> dict[str, Any]:
    (row,) = plan_cells(tmp_path, list(cells), list(cells.values()))
    assert row.reasons == ()
    return dict(row.values)


def told(tmp_path: Path, **cells: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(reasons, warnings)."""
    (row,) = plan_cells(tmp_path, list(cells), list(cells.values()))
    assert row.action == (RowAction.REJECT if row.reasons else RowAction.CREATE)
    return row.reasons, row.warnings


@pytest.mark.parametrize("cells", [{"SIRET": SIRET}, {"SIREN": None, "SIRET": SIRET}, {"SIREN": SIRET}])
def test_siren_comes_from_the_siret(tmp_path: Path, cells: dict[str, Any]) -> None:
    assert values_of(tmp_path, Société="A", **cells) == {"name": "A", "siren": SIREN, "siret": SIRET, "vat_number": VAT}


@pytest.mark.parametrize("cells", [{"TVA": "FR 44 732 829 320"}, {"SIREN": "", "TVA": VAT}, {"SIREN": VAT}])
def test_siren_comes_from_the_vat_number(tmp_path: Path, cells: dict[str, Any]) -> None:
    assert values_of(tmp_path, Société="A", **cells) == {"name": "A", "siren": SIREN, "vat_number": VAT}


def test_own_cell_goes_before_what_another_holds(tmp_path: Path) -> None:
    head_office, other_office = SIRET, "73282932000082"
    assert values_of(tmp_path, Société="A", SIREN=other_office, SIRET=head_office)["siret"] == head_office


def test_wrong_vat_key_is_a_warning(tmp_path: Path) -> None:
    warning = "N° de TVA FR45732829320\u00a0: la clé ne correspond pas, à vérifier."
    assert told(tmp_path, Société="A", SIREN=SIREN, TVA="FR45732829320") == ((), (warning,))


def test_vat_number_of_another_siren_is_a_warning(tmp_path: Path) -> None:
    siren = "552\u202f081\u202f317"
    warning = f"N° de TVA {VAT}\u00a0: ce n'est pas celui du SIREN {siren}, à vérifier."
    assert told(tmp_path, Société="A", SIREN=OTHER_SIREN, TVA=VAT) == ((), (warning,))


def test_siret_of_another_siren_is_rejected(tmp_path: Path) -> None:
    reason = f"Le SIRET {SIRET} n'est pas celui d'un établissement du SIREN 552\u202f081\u202f317."
    assert told(tmp_path, Société="A", SIREN=OTHER_SIREN, SIRET=SIRET) == ((reason,), ())


def test_all_reasons_of_a_row_are_told(tmp_path: Path) -> None:
    reasons, _ = told(tmp_path, Société=None, SIREN="732829321", IBAN="FR76", **{"E-mail": "a@", "Pays": "Wakanda"})
    assert reasons == (
        "SIREN invalide\u00a0: la clé de contrôle ne correspond pas, vérifiez les 9 chiffres.",
        "IBAN invalide\u00a0: sa longueur ou ses caractères ne conviennent pas à son pays.",
        "E-mail du contact «\u00a0a@\u00a0»\u00a0: ce n'est pas une adresse complète.",
        "Pays «\u00a0Wakanda\u00a0» inconnu\u00a0: indiquez son nom ou son code.",
        "Raison sociale manquante.",
    )


def test_missing_siren_is_told_once(tmp_path: Path) -> None:
    assert told(tmp_path, Société="A", SIREN=None)[0] == ("SIREN manquant.",)
    assert told(tmp_path, Société="A", SIREN=None, SIRET="73282932000075")[0] == (
        "SIRET invalide\u00a0: la clé de contrôle ne correspond pas, vérifiez les 14 chiffres.",
    )
    assert told(tmp_path, Société="A", SIREN=None, TVA="FR53000054321")[0] == (
        "SIREN manquant\u00a0: ce n° de TVA n'en contient pas.",
    )


@pytest.mark.parametrize(
    ("code", "country", "kept"),
    [
        (1000, None, "01000"),
        (1000, "France", "01000"),
        (1000, "Belgique", "1000"),
        ("75 008", None, "75008"),
        ("F-75008", None, "75008"),
        ("75008 PARIS CEDEX 08", None, "75008"),
        ("SW1A 1AA", "UK", "SW1A 1AA"),
        (13002.0, "FR", "13002"),
    ],
)
def test_postal_code_follows_the_country(tmp_path: Path, code: Any, country: str | None, kept: str) -> None:
    assert values_of(tmp_path, Société="A", SIREN=SIREN, CP=code, Pays=country)["postal_code"] == kept


def test_odd_french_postal_code_is_a_warning(tmp_path: Path) -> None:
    warning = "Code postal «\u00a0750\u00a0»\u00a0: 5 chiffres attendus en France, à vérifier."
    assert told(tmp_path, Société="A", SIREN=SIREN, CP=750) == ((), (warning,))


def test_address_of_several_lines_is_one(tmp_path: Path) -> None:
    values = values_of(tmp_path, Société="A", SIREN=SIREN, Adresse="12 rue du Port\nBâtiment B")
    assert values["street"] == "12 rue du Port, Bâtiment B"


@pytest.mark.parametrize(
    ("iban", "bic", "warned"),
    [
        ("FR7630006000011234567890189", "AGRIFRPP", False),
        ("FR7630006000011234567890189", "BNPARERX", False),
        ("FR7630006000011234567890189", "DEUTDEFF", True),
        ("BE68539007547034", "GEBABEBB", False),
    ],
)
def test_bic_of_another_country_than_the_iban_is_a_warning(
    tmp_path: Path, iban: str, bic: str, *, warned: bool
) -> None:
    warning = f"BIC {bic}\u00a0: son pays n'est pas celui de l'IBAN, à vérifier."
    assert told(tmp_path, Société="A", SIREN=SIREN, IBAN=iban, BIC=bic) == ((), (warning,) if warned else ())


def test_address_of_several_columns_is_one(tmp_path: Path) -> None:
    cells: dict[str, Any] = {"Adresse 1": "12 rue du Port", "Adresse 2": None, "Adresse 3": "Bâtiment B"}
    assert values_of(tmp_path, Société="A", SIREN=SIREN, **cells)["street"] == "12 rue du Port, Bâtiment B"
    assert values_of(tmp_path, Société="A", SIREN=SIREN, Complément="Bât. C")["street"] == "Bât. C"
    reason = "Adresse\u00a0: 302 caractères en tout, pour 200 au plus."
    long: dict[str, Any] = {"Adresse 1": "x" * 150, "Adresse 2": "y" * 150}
    assert told(tmp_path, Société="A", SIREN=SIREN, **long) == ((reason,), ())
