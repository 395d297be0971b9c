"""Where the page of a Factur-X and the data inside it say different things: its number, its total, the seller's SIREN.

A flag needs two things: what the data say stands nowhere on the page, and the page names another value with a word
(« Facture n° », « Total TTC », « SIRET »). A scan, a page in other words or other figures gives none.
"""

import re
from decimal import Decimal

from invoices.formats.model import Invoice, Party
from invoices.formats.page_terms import Found, amounts_in, digits_in, labelled_amounts, numbers_in, sirens_in

Flag = dict[str, str | int]


def disagreements(text: str, invoice: Invoice) -> list[Flag]:
    """Each as {term: number, total or siren; data, page: the two values; page_number, line: where}."""
    if not text.strip():
        return []
    flags = (_number(text, invoice.number), _total(text, invoice), _siren(text, invoice))
    return [flag for flag in flags if flag is not None]


def _number(text: str, number: str) -> Flag | None:
    bare = _bare(number)
    stated = numbers_in(text)
    if not bare or not stated or bare in _bare(text):
        return None
    return _flag("number", number, stated[0])


def _total(text: str, invoice: Invoice) -> Flag | None:
    """The data's total with VAT or amount due, one of which a page shows; another total named as such is flagged."""
    totals = [one for one in (invoice.totals.with_vat, invoice.totals.amount_due) if one is not None]
    stated = labelled_amounts(text, "with_vat") or labelled_amounts(text, "amount_due")
    if not totals or not stated or {abs(one) for one in totals} & {abs(one) for one in amounts_in(text)}:
        return None
    return _flag("total", format(totals[0], "f"), stated[-1])


def _siren(text: str, invoice: Invoice) -> Flag | None:
    seller = invoice.seller.siren
    parties = (invoice.seller, invoice.buyer, invoice.payee, invoice.tax_representative)
    known = {siren for party in parties if (siren := _siren_of(party))}
    others = [one for one in sirens_in(text) if one.value not in known]
    if not seller or not others or seller in digits_in(text):
        return None
    return _flag("siren", seller, others[0])


def _siren_of(party: Party | None) -> str | None:
    return party.siren if party is not None else None


def _flag(term: str, data: str, stated: Found) -> Flag:
    page = format(Decimal(stated.value), "f") if term == "total" else stated.value
    return {"term": term, "data": data, "page": page, "page_number": stated.page, "line": stated.line}


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()
