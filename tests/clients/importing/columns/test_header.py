from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from clients.importing.columns.header import MappingNeeded, find_header, header_from_mapping
from clients.importing.columns.registry import LABELS
from clients.importing.sources import SheetRefused, open_source
from tests.clients.importing.making import OTHER_SIREN, SIREN, plan, write_xlsx

NAMES = [
    "RAISON SOCIALE *", "Raison\u00a0sociale", "raison_sociale", "Nom de l’entreprise", "Société", "Dénomination",
    "Nom du client", "NOM", "Client", "Raison Sociale (obligatoire)", "Company name",
]  # fmt: skip
NUMBERS = [
    "Siren", "N° SIREN", "n°siren", "Numéro de SIREN", "N°\u00a0Siren client", "SIREN (9 chiffres)", "SIREN / SIRET",
    "No SIREN", "№ siren", "NUM_SIREN",
]  # fmt: skip


def found(path: Path, *, remembered: Mapping[str, str] | None = None) -> tuple[str | None, int, dict[str, str]]:
    with open_source(path) as sheets:
        header = find_header(sheets, remembered=remembered)
        return header.sheet.name, header.number, header.letters


def found_in(tmp_path: Path, *rows: Sequence[object], remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    return found(write_xlsx(tmp_path / "clients.xlsx", rows), remembered=remembered)[2]


def needed_for(tmp_path: Path, *rows: Sequence[object]) -> MappingNeeded:
    with (
        pytest.raises(MappingNeeded) as raised,
        open_source(write_xlsx(tmp_path / "clients.xlsx", rows)) as sheets,
    ):
        find_header(sheets)
    return raised.value


def test_every_label_is_found_in_any_order(tmp_path: Path) -> None:
    labels = list(reversed(LABELS.values()))
    assert found_in(tmp_path, labels) == dict(zip(labels, "ABCDEFGHIJKLMNOPQ", strict=True))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", NUMBERS)
def test_usual_wordings_of_mandatory_columns_are_understood(tmp_path: Path, name: str, number: str) -> None:
    assert found_in(tmp_path, [number, name]) == {"SIREN": "A", "Raison sociale": "B"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mail", "E-mail du contact"), ("e-mail", "E-mail du contact"), ("Adresse mail", "E-mail du contact"),
        ("Mél.", "E-mail du contact"), ("CP", "Code postal"), ("C.P.", "Code postal"), ("Code Postal", "Code postal"),
        ("N° SIRET", "SIRET"), ("SIRET siège", "SIRET"), ("N° TVA intracommunautaire", "TVA"), ("TVA intracom.", "TVA"),
        ("Tél", "Téléphone"), ("TEL.", "Téléphone"), ("Portable", "Téléphone"), ("Commune", "Ville"),
        ("Adresse du siège", "Adresse"), ("Code client", "Code dossier"), ("N° de dossier", "Code dossier"),
        ("Collaborateur", "Collaborateurs affectés (e-mails)"), ("Prénom", "Prénom du contact"),
        ("Nom", "Nom du contact"), ("Contact", "Nom du contact"), ("Code BIC/SWIFT", "BIC"), ("SWIFT", "BIC"),
        ("N° client", "Code dossier"), ("Numéro client", "Code dossier"),
        ("RIB", "IBAN"), ("Code pays", "Pays"), ("Code langue", "Langue"), ("Code NAF", None),
        ("Forme juridique", None), ("Régime TVA", None), ("Qualité", None), ("Commissaire aux comptes", None),
        ("Localité", "Ville"), ("Courriel", "E-mail du contact"), ("Adresse mail du dirigeant", "E-mail du contact"),
        ("Email de facturation", "E-mail du contact"), ("E-mail (contact)", "E-mail du contact"),
        ("Contact - E-mail", "E-mail du contact"), ("Téléphone 1", "Téléphone"), ("Tél. portable", "Téléphone"),
        ("Téléphone fixe (contact)", "Téléphone"), ("Numéro de téléphone", "Téléphone"),
        ("Interlocuteur", "Nom du contact"), ("Responsable", None), ("Nom du responsable", "Nom du contact"),
        ("Nom du dirigeant", "Nom du contact"), ("Nom prénom", "Nom du contact"),
        ("Dirigeant : prénom", "Prénom du contact"),
        ("Réf. dossier", "Code dossier"), ("N° dossier", "Code dossier"), ("Code tiers", "Code dossier"),
        ("Identifiant externe", "Code dossier"), ("Chef de mission", "Collaborateurs affectés (e-mails)"),
        ("E-mail collaborateur", "Collaborateurs affectés (e-mails)"), ("N° TVA intracom.", "TVA"),
        ("Code NIF", "TVA"), ("Adresse 1 (facturation)", "Adresse"), ("Complément", "Complément d'adresse"),
        ("Adresse 2", "Complément d'adresse"), ("Code pays (facturation)", "Pays"), ("Coordonnées bancaires", "IBAN"),
    ],
)  # fmt: skip
def test_usual_wordings_of_other_columns_are_understood(tmp_path: Path, text: str, label: str | None) -> None:
    expected = {"Raison sociale": "A", "SIREN": "B"} | ({label: "C"} if label else {})
    assert found_in(tmp_path, ["Raison sociale", "SIREN", text]) == expected


@pytest.mark.parametrize(
    "labels",
    [
        {"Code client": "Code dossier", "Dénomination": "Raison sociale", "N° SIRET": "SIRET", "Adresse 1": "Adresse",
         "Adresse 2": "Complément d'adresse", "CP": "Code postal", "Bureau distributeur": "Ville", "Tél.": "Téléphone",
         "Mail": "E-mail du contact", "Responsable dossier": "Collaborateurs affectés (e-mails)"},
        {"Code": "Code dossier", "Intitulé": "Raison sociale", "Siret": "SIRET", "Complément": "Complément d'adresse",
         "Adresse": "Adresse", "Code postal": "Code postal", "Commune": "Ville", "Interlocuteur": "Nom du contact"},
        {"Code (client)": "Code dossier", "Raison sociale / Nom": "Raison sociale", "Siren": "SIREN", "Civilité": None,
         "Nom (contact)": "Nom du contact", "Prénom (contact)": "Prénom du contact", "Portable (contact)": "Téléphone"},
        {"Référence": "Code dossier", "Nom de la société": "Raison sociale", "SIREN": "SIREN", "Gestionnaire": None,
         "E-mail gestionnaire": "Collaborateurs affectés (e-mails)", "Forme juridique": None},
        {"Identifiant": None, "Nom client": "Raison sociale", "N° SIRET": "SIRET"},
        {"Identifiant": None, "Identifiant SIREN": "SIREN", "Client": "Raison sociale", "N° TVA intracom.": "TVA"},
    ],
)  # fmt: skip
def test_whole_headers_of_other_programs_are_understood(tmp_path: Path, labels: dict[str, str | None]) -> None:
    named = {label: letter for label, letter in zip(labels.values(), "ABCDEFGHIJ", strict=False) if label}
    assert found_in(tmp_path, list(labels)) == named


def test_column_called_identifiant_is_the_siren_only_where_it_holds_one(tmp_path: Path) -> None:
    header = ["Client", "Identifiant"]
    assert found_in(tmp_path, header, ["A", "C001"], ["B", SIREN]) == {"Raison sociale": "A", "SIREN": "B"}
    assert needed_for(tmp_path, header, ["A", "C001"], ["B", "C002"]).missing == ("SIREN",)


def test_header_of_two_lines_is_read_as_one(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Raison", "N°", "Adresse", "Contact", None],
        ["sociale", "SIREN", "(rue)", "Nom", "Mail"],
        ["A", SIREN, "1 rue", "B", "b@c.fr"],
    ]
    path = write_xlsx(tmp_path / "two.xlsx", rows)
    assert found(path) == (
        "Dossiers",
        2,
        {"Raison sociale": "A", "SIREN": "B", "Adresse": "C", "Nom du contact": "D", "E-mail du contact": "E"},
    )
    assert [row.number for row in plan(path)] == [3]


def test_group_line_above_a_whole_header_does_not_matter(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["Société", None, "Contact"],
        ["Raison sociale", "SIREN", "Mail"],
        ["A", SIREN, "b@c.fr"],
    ]
    assert found(write_xlsx(tmp_path / "group.xlsx", rows)) == (
        "Dossiers",
        2,
        {"Raison sociale": "A", "SIREN": "B", "E-mail du contact": "C"},
    )


def test_what_a_list_prints_on_every_page_is_no_client(tmp_path: Path) -> None:
    title, header = ["Cabinet Durand : liste des clients"], ["SIREN", "Raison sociale", "Ville"]
    rows: list[Sequence[object]] = [
        title, header, [SIREN, "A", "Nice"], ["Page 1 / 2"], title, header, [OTHER_SIREN, "TOTAL", None],
        ["Total : 2 clients"], [None, "Total général", 2], ["2 dossiers"], ["Édité le 12/03/2026 par Paul"],
    ]  # fmt: skip
    planned = plan(write_xlsx(tmp_path / "printed.xlsx", rows))
    assert [(row.number, row.siren, row.reasons) for row in planned] == [(3, SIREN, ()), (7, OTHER_SIREN, ())]


@pytest.mark.parametrize("name", ["Total Energies", "Page Personnel", "Édition du Port", "2 Dossiers SARL"])
def test_client_whose_name_begins_like_a_total_is_told_what_it_lacks(tmp_path: Path, name: str) -> None:
    (row,) = plan(write_xlsx(tmp_path / "total.xlsx", [["Raison sociale", "SIREN"], [name, None]]))
    assert row.reasons == ("SIREN manquant.",)


def test_header_is_found_wherever_it_is(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Cabinet Durand"],
        [],
        ["Liste des clients : SIREN et raison sociale"],
        *[[i, "x"] for i in range(500)],
    ]
    rows += [[None, None, "Raison sociale", None, "SIREN"], [None, None, "A", None, SIREN]]
    assert found(write_xlsx(tmp_path / "deep.xlsx", rows)) == ("Dossiers", 504, {"Raison sociale": "C", "SIREN": "E"})


def test_first_sheet_with_a_header_is_taken(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["SIREN seul"])
    for name in ("Clients", "Encore"):
        workbook.create_sheet(name).append(["SIREN", "Société"])
    workbook.save(tmp_path / "sheets.xlsx")
    assert found(tmp_path / "sheets.xlsx") == ("Clients", 1, {"SIREN": "A", "Raison sociale": "B"})


@pytest.mark.parametrize("holder", ["SIRET", "TVA"])
def test_siret_or_vat_stands_for_the_siren(tmp_path: Path, holder: str) -> None:
    assert found_in(tmp_path, ["Raison sociale", holder]) == {"Raison sociale": "A", holder: "B"}


def test_exact_label_wins_over_a_synonym(tmp_path: Path) -> None:
    assert found_in(tmp_path, ["Société", "Raison sociale", "SIREN"]) == {"Raison sociale": "B", "SIREN": "C"}


def test_first_of_two_optional_columns_is_taken(tmp_path: Path) -> None:
    assert found_in(tmp_path, ["Raison sociale", "SIREN", "Mail", "Courriel"]) == {
        "Raison sociale": "A",
        "SIREN": "B",
        "E-mail du contact": "C",
    }


def test_missing_column_asks_with_samples(tmp_path: Path) -> None:
    needed = needed_for(
        tmp_path, ["Titre"], ["Appellation", "SIREN", None, "Ville"], ["A", SIREN, "x", "Nice"], ["B", 2]
    )
    assert (needed.sheet.name, needed.header_row, needed.missing, needed.ambiguous) == (
        "Dossiers",
        2,
        ("Raison sociale",),
        {},
    )
    assert [(c.letter, c.text, c.field, c.samples) for c in needed.columns] == [
        ("A", "Appellation", None, ("A", "B")),
        ("B", "SIREN", "siren", (SIREN, "2")),
        ("C", "", None, ("x", "")),
        ("D", "Ville", "city", ("Nice", "")),
    ]
    assert (
        needed.reason
        == "L'en-tête de la ligne 2 est incomplet\u00a0: la colonne «\u00a0Raison sociale\u00a0» est introuvable."
    )


def test_ambiguous_column_asks(tmp_path: Path) -> None:
    needed = needed_for(tmp_path, ["Raison sociale", "N° SIREN", "Siren"], ["A", SIREN, SIREN])
    assert (needed.missing, needed.ambiguous) == ((), {"SIREN": ("B", "C")})


def test_last_name_beside_first_name_without_company_asks(tmp_path: Path) -> None:
    assert needed_for(tmp_path, ["Nom", "Prénom", "SIREN"], ["A", "B", SIREN]).missing == ("Raison sociale",)


def test_sheet_without_header_asks_from_its_first_row(tmp_path: Path) -> None:
    needed = needed_for(tmp_path, ["Boulangerie", SIREN], ["Garage", SIREN])
    assert (needed.header_row, needed.is_header_recognised) == (0, False)
    assert [guess.samples for guess in needed.columns] == [("Boulangerie", "Garage"), (SIREN, SIREN)]


def test_chosen_columns_are_read_and_remembered_ones_found(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "own.xlsx", [["Appellation", "N° SIREN", "Siren", "Ville"], ["A", SIREN, "x", "Nice"]])
    with open_source(path) as sheets:
        header = header_from_mapping(sheets[0], header_row=1, columns={"name": 0, "siren": 1})
        assert [row.number for row in header.rows()] == [2]
    other = write_xlsx(tmp_path / "next.xlsx", [[], ["Siren", "APPELLATION :"]])
    assert found(other, remembered={"appellation": "name"})[2] == {"SIREN": "A", "Raison sociale": "B"}


def test_chosen_columns_without_the_name_are_refused(tmp_path: Path) -> None:
    with open_source(write_xlsx(tmp_path / "own.xlsx", [["a", "b"]])) as sheets:
        with pytest.raises(ValueError, match=r"Indiquez la colonne\xa0: Raison sociale, SIREN\."):
            header_from_mapping(sheets[0], header_row=1, columns={"city": 0})


def test_sheets_without_rows_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "blank.xlsx", [])
    with open_source(path) as sheets, pytest.raises(SheetRefused, match="aucune ligne remplie"):
        find_header(sheets)
