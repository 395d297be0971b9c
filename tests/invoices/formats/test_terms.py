"""Every business term of EN 16931 is read from both syntaxes, kept as JSON and written as CII."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from invoices.checks import schema
from invoices.checks.rulesets import FACTURX_SCHEMAS
from invoices.formats import read, xml
from invoices.formats.cii.write import write_cii
from invoices.formats.codec import from_json, to_json
from invoices.formats.model import Invoice
from tests.invoices.formats.terms import NAMES, TABLE, TAX_POINT_CODE, TERMS, Term, as_cii, as_ubl

Maker = Callable[[list[Term]], bytes]
# What the JSON has beside the terms: the sign of allowances and charges, the numbers found in a party.
ASIDE = {"charge", "siren", "siret"}


def test_table_names_every_term_of_the_norm() -> None:
    assert {term.name for term in TABLE} == NAMES


@pytest.mark.parametrize("made", [as_cii, as_ubl])
def test_every_term_is_read_into_its_place(made: Maker) -> None:
    invoice = _invoice(made(TERMS))

    assert _stated(to_json(invoice)) == {term.place: term.value for term in TERMS}
    assert [one.charge for one in (*invoice.allowances, *invoice.lines[0].allowances)] == [False, True, False, True]
    assert from_json(to_json(invoice)) == invoice


def test_both_syntaxes_give_the_same_invoice() -> None:
    assert _invoice(as_cii(TERMS)) == _invoice(as_ubl(TERMS))


@pytest.mark.parametrize("made", [as_cii, as_ubl])
def test_the_code_of_the_tax_point_stands_in_the_place_of_its_date(made: Maker) -> None:
    coded = _invoice(made([TAX_POINT_CODE if term.name == "BT-7" else term for term in TERMS]))

    assert (coded.tax_point_code, coded.tax_point_date) == (TAX_POINT_CODE.value, None)


def test_every_term_is_written_as_cii_in_the_order_of_the_schema() -> None:
    invoice = _invoice(as_ubl(TERMS))
    written = write_cii(invoice)

    assert schema.validate(FACTURX_SCHEMAS["en16931"], xml.parse(written)) == []
    assert _invoice(written) == invoice


@pytest.mark.parametrize("made", [as_cii, as_ubl])
def test_several_accounts_are_all_read_and_written(made: Maker) -> None:
    means = [term for term in TERMS if term.name in {"BT-81", "BT-84", "BT-85"}]
    payment = _invoice(made([*TERMS, *map(_of_second_account, means)])).payment

    assert payment is not None
    assert [(one.account, one.name) for one in payment.accounts] == [
        ("FR7630006000011234567890189", "Compte 1"),
        ("FR7630006000011234567890182", "Compte 2"),
    ]
    written = _invoice(write_cii(_invoice(made([*TERMS, *map(_of_second_account, means)])))).payment
    assert written is not None
    assert written.accounts == payment.accounts


def _of_second_account(term: Term) -> Term:
    return dataclasses.replace(
        term,
        value=term.value if term.name == "BT-81" else term.value[:-1] + "2",
        cii=term.cii.replace("PaymentMeans/", "PaymentMeans[2]/"),
        ubl=term.ubl.replace("PaymentMeans/", "PaymentMeans[2]/"),
    )


def _invoice(data: bytes) -> Invoice:
    invoice = read(data).invoice
    assert invoice is not None
    return invoice


def _stated(holder: Any, before: str = "") -> dict[str, str]:
    """Each value of the JSON by its place."""
    if isinstance(holder, str):
        return {before[:-1]: holder}
    parts = holder.items() if isinstance(holder, dict) else enumerate(holder)
    return {
        place: value
        for name, one in parts
        if name not in ASIDE
        for place, value in _stated(one, f"{before}{name}.").items()
    }
