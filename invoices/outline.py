"""What a deposit says, small enough to stay in its row: enough to tell two invoices apart, without their lines."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from common.identifiers import format_siren
from common.typography import amount, date_fr
from invoices.formats.codec import to_json
from invoices.formats.model import Invoice, Party

Outline = dict[str, Any]

#: What says how a file was written, not what it claims: one invoice in two containers differs there.
_OF_THE_FILE: Final = ("specification", "process", "attachments")
_TERMS: Final = (
    ("number", "Numéro"),
    ("type_code", "Type"),
    ("issue_date", "Date"),
    ("due_date", "Échéance"),
    ("seller", "Vendeur"),
    ("seller_siren", "SIREN du vendeur"),
    ("seller_vat", "TVA du vendeur"),
    ("buyer", "Acheteur"),
    ("buyer_siren", "SIREN de l'acheteur"),
    ("without_vat", "Total HT"),
    ("vat", "TVA"),
    ("with_vat", "Total TTC"),
    ("amount_due", "Net à payer"),
    ("currency", "Devise"),
    ("accounts", "Compte à créditer"),
    ("order", "Commande"),
    ("line_count", "Lignes"),
)
_AMOUNTS: Final = frozenset({"without_vat", "vat", "with_vat", "amount_due"})
_DAYS: Final = frozenset({"issue_date", "due_date"})
_NUMBERS: Final = frozenset({"seller_siren", "buyer_siren"})
_TYPES: Final = {"380": "Facture", "381": "Avoir", "384": "Facture rectificative", "386": "Facture d'acompte"}


@dataclass(frozen=True)
class Compared:
    """One term of two invoices, as a person reads them."""

    label: str
    first: str
    second: str
    differs: bool


def outline_of(invoice: Invoice) -> Outline:
    """JSON; amounts and days are strings as the file states them."""
    totals = invoice.totals
    return {
        "number": invoice.number,
        "type_code": invoice.type_code or "",
        "issue_date": _day(invoice.issue_date),
        "due_date": _day(invoice.due_date),
        "currency": invoice.currency or "",
        **_party("seller", invoice.seller),
        **_party("buyer", invoice.buyer),
        "without_vat": _stated(totals.without_vat),
        "vat": _stated(totals.vat),
        "with_vat": _stated(totals.with_vat),
        "amount_due": _stated(totals.amount_due),
        "accounts": ", ".join(one.account for one in invoice.payment.accounts) if invoice.payment else "",
        "order": invoice.purchase_order or "",
        "line_count": str(len(invoice.lines)),
        "lines": _digest(to_json(invoice, contents=False).get("lines", [])),
        "all": digest_of(invoice),
    }


def digest_of(invoice: Invoice) -> str:
    """Equal for two files of one invoice, whatever their containers; different where one term differs."""
    data = to_json(invoice, contents=False)
    return _digest({name: value for name, value in data.items() if name not in _OF_THE_FILE})


def compare(first: Outline, second: Outline) -> list[Compared]:
    """Term by term, those that neither states left out; amounts are equal by value, whatever their zeros."""
    return list(_compared(first, second))


def _compared(first: Outline, second: Outline) -> Iterator[Compared]:
    for term, label in _TERMS:
        one, two = first.get(term, ""), second.get(term, "")
        if one or two:
            shown = (_shown(term, one, first), _shown(term, two, second))
            yield Compared(label, *shown, differs=_value(term, one) != _value(term, two))
    if first.get("line_count") == second.get("line_count"):
        differs = first.get("lines") != second.get("lines")
        word = "différent" if differs else "identique"
        yield Compared("Détail des lignes", word, word, differs=differs)


def _value(term: str, stated: str) -> Any:
    return Decimal(stated) if term in _AMOUNTS and stated else stated.strip()


def _shown(term: str, stated: str, outline: Outline) -> str:
    if not stated:
        return "—"
    if term in _AMOUNTS:
        return amount(Decimal(stated), outline.get("currency") or "EUR")
    if term in _DAYS:
        return date_fr(date.fromisoformat(stated))
    if term == "type_code":
        return f"{_TYPES.get(stated, 'Document')} ({stated})"
    return format_siren(stated) if term in _NUMBERS else stated


def _party(role: str, party: Party) -> Outline:
    return {role: party.name or "", f"{role}_siren": party.siren or "", f"{role}_vat": party.vat or ""}


def _stated(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
