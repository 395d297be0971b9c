from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from common import typography
from common.typography import MINUS, NBSP, NNBSP


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Collaborateur ? Oui !", f"Collaborateur{NNBSP}? Oui{NNBSP}!"),
        ("Statut : Actif", f"Statut{NBSP}: Actif"),
        ("valider ; rien d'autre", f"valider{NNBSP}; rien d'autre"),
        ("la délégation « jefacture.com ».", f"la délégation «{NBSP}jefacture.com{NBSP}»."),
        ("https://exemple.fr/?a=1;b=2 à 09:12", "https://exemple.fr/?a=1;b=2 à 09:12"),
        ("", ""),
    ],
)
def test_french_ordinary_spaces_become_those_that_do_not_break(typed: str, shown: str) -> None:
    assert typography.french(typed) == shown


def test_french_repeated_changes_nothing_more() -> None:
    once = typography.french("Importer « clients.xlsx » : oui ?")

    assert typography.french(once) == once


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (Decimal(1240), "EUR", f"1{NNBSP}240,00{NBSP}€"),
        (Decimal("1448.5"), "EUR", f"1{NNBSP}448,50{NBSP}€"),
        (Decimal("-12.30"), "EUR", f"{MINUS}12,30{NBSP}€"),
        (Decimal("0.0001"), "EUR", f"0,0001{NBSP}€"),
        (Decimal(1000000), "USD", f"1{NNBSP}000{NNBSP}000,00{NBSP}$"),
        ("99.90", "PLN", f"99,90{NBSP}PLN"),
        (Decimal(0), "EUR", f"0,00{NBSP}€"),
        (None, "EUR", ""),
        ("", "EUR", ""),
    ],
)
def test_amount_is_shown_as_stated(value: Decimal | str | None, currency: str, shown: str) -> None:
    assert typography.amount(value, currency) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (1248, f"1{NNBSP}248"), (-3, f"{MINUS}3"), (Decimal("3.5"), "3,5"), (0.1, "0,1")],
)
def test_number_is_grouped_by_three(value: Decimal | float, shown: str) -> None:
    assert typography.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 11, 15, 8, 12, tzinfo=UTC), "15/11/2026 09:12"),
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "01/08/2026 00:30"),
        (date(2026, 11, 15), "15/11/2026"),
        (None, ""),
    ],
)
def test_datetime_is_shown_in_paris(value: datetime | date | None, shown: str) -> None:
    assert typography.datetime_fr(value) == shown


def test_date_of_a_late_evening_is_the_day_in_paris() -> None:
    assert typography.date_fr(datetime(2026, 7, 31, 22, 30, tzinfo=UTC)) == "01/08/2026"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (1, f"1{NBSP}octet"),
        (840, f"840{NBSP}octets"),
        (12_400, f"12,4{NBSP}Ko"),
        (999_999, f"1,0{NBSP}Mo"),
        (3_100_000_000, f"3,1{NBSP}Go"),
        (5_000_000_000_000, f"5{NNBSP}000,0{NBSP}Go"),
    ],
)
def test_file_size_is_in_the_unit_that_reads_best(size: int, shown: str) -> None:
    assert typography.file_size(size) == shown
