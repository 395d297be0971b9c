from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from common import identifiers
from common.identifiers import IdentifierError, RoundedNumberError, mend_digits

SIRENS = st.integers(10_000, 99_999_999).map(lambda start: f"{start:08d}{luhn.calc_check_digit(f'{start:08d}')}")


@pytest.mark.parametrize("typed", ["732829320", "732 829 320", "732.829.320", "732\u00a0829\u202f320", " 732-829-320 "])
def test_siren_is_cleaned_of_separators(typed: str) -> None:
    assert identifiers.clean_siren(typed) == "732829320"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("732829321", "SIREN invalide\u00a0: la clé de contrôle ne correspond pas, vérifiez les 9 chiffres."),
        ("000000000", "SIREN invalide\u00a0: la clé de contrôle ne correspond pas, vérifiez les 9 chiffres."),
        ("73282932", "SIREN invalide\u00a0: 9 chiffres attendus, 8 reçus."),
        ("73282932A", "SIREN invalide\u00a0: 9 chiffres attendus, sans lettre."),
        ("٧٣٢٨٢٩٣٢٠", "SIREN invalide\u00a0: 9 chiffres attendus, sans lettre."),
        ("", "SIREN invalide\u00a0: 9 chiffres attendus, sans lettre."),
    ],
)
def test_wrong_siren_is_refused_in_french(typed: str, message: str) -> None:
    with pytest.raises(IdentifierError) as raised:
        identifiers.clean_siren(typed)
    assert str(raised.value) == message


@given(st.text("0123456789", min_size=9, max_size=9))
def test_siren_key_agrees_with_the_library(number: str) -> None:
    assert _accepts(identifiers.clean_siren, number) == (luhn.is_valid(number) and number != "0" * 9)


@pytest.mark.parametrize("siret", ["73282932000074", "35600000000048", "35600000049837", "35600000036606"])
def test_siret_is_accepted_with_la_postes_exception(siret: str) -> None:
    assert identifiers.clean_siret(siret) == siret
    assert identifiers.siren_of_siret(siret) == siret[:9]


@pytest.mark.parametrize("siret", ["73282932000075", "35600000049838", "7328293200007", "35600000049839"])
def test_wrong_siret_is_refused(siret: str) -> None:
    with pytest.raises(IdentifierError):
        identifiers.clean_siret(siret)


@pytest.mark.parametrize("typed", ["FR44732829320", "FR 44 732829320", "fr44 732 829 320", "44732829320"])
def test_french_vat_number_is_cleaned_and_holds_its_siren(typed: str) -> None:
    assert identifiers.clean_vat(typed) == "FR44732829320"
    assert identifiers.siren_of_vat(typed) == "732829320"
    assert identifiers.vat_key_matches("FR44732829320") is True


def test_vat_number_of_a_siren() -> None:
    assert identifiers.vat_of_siren("732829320") == "FR44732829320"
    assert identifiers.vat_of_siren("005520135") == "FR92005520135"


@pytest.mark.parametrize(
    ("vat", "matches", "siren"),
    [
        ("FR45732829320", False, "732829320"),
        ("FR4Z123456782", True, "123456782"),
        ("BE0403019261", True, None),
        ("BE0403019262", False, None),
        ("CHE123456788", True, None),
        ("FR53000054321", False, None),
    ],
)
def test_vat_key_and_siren_inside(vat: str, *, matches: bool, siren: str | None) -> None:
    assert identifiers.clean_vat(vat) == vat
    assert (identifiers.vat_key_matches(vat), identifiers.siren_of_vat(vat)) == (matches, siren)


@pytest.mark.parametrize("typed", ["FR4473282932", "FRIO732829320", "non assujetti", "12", "FR"])
def test_malformed_vat_number_is_refused(typed: str) -> None:
    with pytest.raises(IdentifierError):
        identifiers.clean_vat(typed)


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("IBAN : fr7630006000011234567890189", "FR7630006000011234567890189"),
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("BE71 0961 2345 6769", "BE71096123456769"),
    ],
)
def test_iban_is_cleaned(typed: str, cleaned: str) -> None:
    assert identifiers.clean_iban(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("FR7630006000011234567890188", "IBAN invalide\u00a0: la clé de contrôle ne correspond pas."),
        ("30006000011234567890189", "IBAN invalide\u00a0: ceci est un RIB, indiquez l'IBAN qui commence par FR."),
    ],
)
def test_wrong_iban_is_refused_in_french(typed: str, message: str) -> None:
    with pytest.raises(IdentifierError) as raised:
        identifiers.clean_iban(typed)
    assert str(raised.value) == message


def test_bic_is_cleaned_or_refused() -> None:
    assert identifiers.clean_bic("agri frpp 882") == "AGRIFRPP882"
    for typed in ("AGRIFRP", "AGRI99PP", "AGRIQQPP"):
        with pytest.raises(IdentifierError):
            identifiers.clean_bic(typed)


def test_numbers_are_shown_in_groups_that_do_not_break() -> None:
    assert identifiers.format_siren("732829320") == "732\u202f829\u202f320"
    assert identifiers.format_siret("73282932000074") == "732\u202f829\u202f320\u202f00074"


@pytest.mark.parametrize(
    ("cell", "mended"),
    [
        (732829320, "732829320"),
        (732829320.0, "732829320"),
        ("732829320.0", "732829320"),
        ("732829320,00", "732829320"),
        ("7.32829320E+08", "732829320"),
        ("7,32829320e8", "732829320"),
        ("7.3282932E8", "732829320"),
        (5520135, "005520135"),
        ("5520135", "005520135"),
        ("732 829 320", "732829320"),
        ("732\u00a0829\u00a0320", "732829320"),
        ("732829320_x000D_", "732829320"),
        ("'732829320", "732829320"),
        ('="732829320"', "732829320"),
        ("\ufeff732829320\u200b", "732829320"),
        ("７３２８２９３２０", "732829320"),
        (1234, "1234"),
        (None, ""),
        ("  ", ""),
        (float("nan"), "nan"),
        (732829320.5, "732829320.5"),
        ("Dupont", "Dupont"),
        ("²", "²"),
    ],
)
def test_damaged_siren_is_mended(cell: object, mended: str) -> None:
    assert mend_digits(cell, 9) == mended


@pytest.mark.parametrize("cell", ["7,32829E+08", "7.3E+08", "7.32829E+13"])
def test_number_rounded_by_a_spreadsheet_is_refused(cell: str) -> None:
    with pytest.raises(RoundedNumberError):
        mend_digits(cell, 9)


DAMAGES: list[Callable[[str], object]] = [
    int,
    float,
    lambda siren: f"{int(siren):.8E}",
    lambda siren: f"{int(siren):.8E}".replace(".", ","),
    lambda siren: str(int(siren)),
    lambda siren: f"{int(siren)}.0",
    lambda siren: " ".join((siren[:3], siren[3:6], siren[6:])),
    lambda siren: "\u00a0".join((siren[:3], siren[3:6], siren[6:])),
    lambda siren: f"{siren}_x000D_",
    lambda siren: f"'{siren}",
]


@given(SIRENS, st.sampled_from(DAMAGES))
def test_every_damage_to_a_siren_is_undone(siren: str, damage: Callable[[str], object]) -> None:
    assert identifiers.clean_siren(mend_digits(damage(siren), 9)) == siren


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()), st.integers(1, 20))
def test_mending_anything_gives_text_or_says_that_digits_are_lost(cell: object, length: int) -> None:
    try:
        mended = mend_digits(cell, length)
    except RoundedNumberError:
        return
    assert not mended.isdecimal() or mend_digits(mended, length) == mended


def _accepts(clean: Callable[[str], str], number: str) -> bool:
    try:
        clean(number)
    except IdentifierError:
        return False
    return True
