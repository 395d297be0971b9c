import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.folding import fold, tidy


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Société Générale", "societe generale"),
        ("CŒUR d’Alène", "coeur d'alene"),
        ("  Ægir \u00a0 & \u202f Łódź ", "aegir & lodz"),
        ("Straße", "strasse"),
        ("L’Oréal—Paris", "l'oreal-paris"),
        ("", ""),
    ],
)
def test_fold_removes_accents_case_and_odd_spaces(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_of_folded_text_is_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("12 rue\u00a0du\u202fPort", "12 rue du Port"),
        ("_x000D_Dupont_x000D_\n", "Dupont"),
        ("snake_x005F_case", "snake_case"),
        ("ref_x0041_", "ref_x0041_"),
        ("zéro\u200blargeur\ufeff", "zérolargeur"),
        ("e\u0301te\u0301", "été"),
        ("a\x00b\tc", "a b c"),
        ("  ", ""),
    ],
)
def test_tidy_removes_what_spreadsheets_leave(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


def test_tidy_joins_filled_lines_as_asked() -> None:
    assert tidy("12 rue du Port\r\n\r\nBâtiment B", line_break=", ") == "12 rue du Port, Bâtiment B"
