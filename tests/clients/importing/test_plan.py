import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from clients.enums import RowAction
from clients.importing.columns.registry import EXAMPLE, LABELS
from clients.importing.plan import Change, PlanCounts
from tests.clients.importing.making import OTHER_SIREN, SIREN, VAT, make_siren, plan, plan_cells, write_xlsx

LABEL_ROW = ["Raison sociale", "SIREN", "E-mail", "Ville"]


def test_unknown_siren_is_created_with_its_filled_cells(tmp_path: Path) -> None:
    (row,) = plan_cells(tmp_path, LABEL_ROW, ["Boulangerie", 732829320, "A@B.fr", None])
    assert (row.action, row.number, row.siren, row.name) == (RowAction.CREATE, 2, SIREN, "Boulangerie")
    assert dict(row.values) == {"name": "Boulangerie", "siren": SIREN, "vat_number": VAT, "contact_email": "a@b.fr"}
    assert row.cells == ("Boulangerie", 732829320, "A@B.fr")


def test_known_siren_is_updated_field_by_field_and_blank_erases_nothing(tmp_path: Path) -> None:
    existing: dict[str, Any] = {
        SIREN: {"name": "Boulangerie", "siren": SIREN, "contact_email": "old@b.fr", "city": "Nice", "code": "B1"}
    }
    (row,) = plan_cells(tmp_path, [*LABEL_ROW, "Code"], ["Boulangerie", SIREN, "new@b.fr", None, ""], existing=existing)
    assert (row.action, row.changes) == (RowAction.UPDATE, (Change("contact_email", "old@b.fr", "new@b.fr"),))


def test_first_value_of_a_blank_field_is_a_change(tmp_path: Path) -> None:
    existing: dict[str, Any] = {SIREN: {"name": "A", "siren": SIREN, "city": None}}
    (row,) = plan_cells(tmp_path, LABEL_ROW, ["A", SIREN, None, "Nice"], existing=existing)
    assert row.changes == (Change("city", "", "Nice"),)


def test_same_values_are_unchanged(tmp_path: Path) -> None:
    cells = ["Boulangerie", "732 829 320", "A@B.fr", "Nice"]
    (first,) = plan_cells(tmp_path, LABEL_ROW, cells)
    (second,) = plan_cells(tmp_path, LABEL_ROW, cells, existing={SIREN: first.values})
    assert (second.action, second.changes) == (RowAction.UNCHANGED, ())


@pytest.mark.parametrize(
    ("country", "number", "vat"),
    [("", "", VAT), ("France", "", VAT), ("Belgique", "", None), ("", "FR45732829320", "FR45732829320")],
)
def test_new_french_file_has_the_vat_number_of_its_siren(
    tmp_path: Path, country: str, number: str, vat: str | None
) -> None:
    (row,) = plan_cells(tmp_path, ["Société", "SIREN", "Pays", "TVA"], ["A", SIREN, country, number])
    assert row.values.get("vat_number") == vat


def test_file_that_exists_keeps_its_blank_vat_number(tmp_path: Path) -> None:
    existing: dict[str, Any] = {SIREN: {"name": "A", "siren": SIREN, "vat_number": ""}}
    (row,) = plan_cells(tmp_path, ["Société", "SIREN", "TVA"], ["A", SIREN, ""], existing=existing)
    assert (row.action, row.changes) == (RowAction.UNCHANGED, ())


def test_later_duplicates_are_rejected_and_both_rows_named(tmp_path: Path) -> None:
    rows = plan_cells(
        tmp_path, LABEL_ROW, ["A", SIREN], [], ["B", OTHER_SIREN], ["C", "732 829 320"], ["D", SIREN, "bad@"]
    )
    assert [(row.number, row.action) for row in rows] == [
        (2, RowAction.CREATE),
        (4, RowAction.CREATE),
        (5, RowAction.REJECT),
        (6, RowAction.REJECT),
    ]
    siren = "732\u202f829\u202f320"
    assert rows[2].reasons == (f"Doublon\u00a0: les lignes 2 et 5 ont le même SIREN {siren} (ligne 2\u00a0: A).",)
    assert rows[3].reasons == (
        "E-mail du contact «\u00a0bad@\u00a0»\u00a0: ce n'est pas une adresse complète.",
        f"Doublon\u00a0: les lignes 2 et 6 ont le même SIREN {siren} (ligne 2\u00a0: A).",
    )


def test_repeated_code_is_a_warning(tmp_path: Path) -> None:
    rows = plan_cells(tmp_path, ["Société", "SIREN", "Code"], ["A", SIREN, "X1"], ["B", OTHER_SIREN, "X1"])
    assert [row.warnings for row in rows] == [
        (),
        ("Code dossier «\u00a0X1\u00a0»\u00a0: les lignes 2 et 3 ont le même.",),
    ]


def test_collaborators_are_added_and_strangers_left_out(tmp_path: Path) -> None:
    labels = ["Société", "SIREN", "Collaborateurs"]
    existing: dict[str, Any] = {SIREN: {"name": "A", "siren": SIREN, "collaborators": ("marie@c.fr",)}}
    (row,) = plan_cells(
        tmp_path,
        labels,
        ["A", SIREN, "paul@c.fr; marie@c.fr\nx@d.fr, chef@c.fr"],
        existing=existing,
        collaborators={"paul@c.fr": "", "marie@c.fr": "", "chef@c.fr": "est administrateur"},
    )
    assert row.changes == (Change("collaborators", ("marie@c.fr",), ("marie@c.fr", "paul@c.fr")),)
    assert row.warnings == (
        "x@d.fr n'est pas un collaborateur de ce cabinet\u00a0: non affecté.",
        "chef@c.fr est administrateur\u00a0: non affecté.",
    )
    (row,) = plan_cells(tmp_path, labels, ["A", SIREN, "x@d.fr"], existing=existing, collaborators={})
    assert (row.action, "collaborators" in row.values) == (RowAction.UNCHANGED, False)


def test_examples_left_in_are_ignored_but_not_a_client_of_that_siren(tmp_path: Path) -> None:
    rows = plan_cells(
        tmp_path,
        list(LABELS.values()),
        list(EXAMPLE.values()),
        ["Vrai client", *list(EXAMPLE.values())[1:]],
    )
    assert [(row.number, row.name, row.action) for row in rows] == [(3, "Vrai client", RowAction.CREATE)]


def test_counts_are_those_of_the_page(tmp_path: Path) -> None:
    existing: dict[str, Any] = {SIREN: {"name": "Ancien", "siren": SIREN}}
    rows = plan_cells(
        tmp_path, LABEL_ROW, ["A", SIREN], ["B", OTHER_SIREN, "x@gmial.com"], ["C", "1"], existing=existing
    )
    counts = PlanCounts()
    counts.add(rows)
    assert counts.actions == {RowAction.CREATE: 1, RowAction.UPDATE: 1, RowAction.REJECT: 1}
    assert (dict(counts.changed_fields), counts.warned) == ({"name": 1}, 1)


def test_five_thousand_rows_with_forty_bad_ones_take_less_than_two_seconds(tmp_path: Path) -> None:
    rows = [["Raison sociale", "SIREN", "Mail", "CP", "Pays"]]
    for index in range(5000):
        siren = make_siren(30_000_000 + index)
        bad = index % 125 == 7
        rows.append([f"Société {index}", siren if not bad else "12", f"a{index}@exemple.fr", "69003", "France"])
    path = write_xlsx(tmp_path / "large.xlsx", rows)
    started = time.process_time()
    assert Counter(row.action for row in plan(path)) == {RowAction.CREATE: 4960, RowAction.REJECT: 40}
    assert time.process_time() - started < 2


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A1", "<script>", "x" * 32_000])
def test_odd_texts_are_only_texts(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f'Société;SIREN;Ville\n"{cell}";{SIREN};Nice\n')
    (row,) = plan(path)
    assert row.action == (RowAction.REJECT if len(cell) > 200 else RowAction.CREATE)
    assert row.name == (cell if len(cell) <= 200 else "")
