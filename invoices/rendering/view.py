"""What the readable page says, as texts: the template only lays them out."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from common.identifiers import format_siren, format_siret
from common.typography import NBSP, amount, date_fr, french, number
from invoices.formats.model import Address, Allowance, Invoice, Line, Party, VatBreakdown
from invoices.rendering import words

Pair = tuple[str, str]

# Some sixty pages. What comes after is in the data inside the PDF, and the page says so.
MAX_LINES: Final = 1500

SOURCES: Final = {"ubl": "UBL", "cii": "CII", "facturx": "Factur-X", "zugferd": "ZUGFeRD", "zugferd1": "ZUGFeRD 1"}


def page(invoice: Invoice, *, source: str) -> dict[str, Any]:
    """`source` is what the data came in: a key of SOURCES."""
    currency = invoice.currency or "EUR"
    return {
        "title": title(invoice),
        "number": invoice.number,
        "seller": _party(invoice.seller),
        "buyer": _party(invoice.buyer),
        "facts": _facts(invoice),
        "has_lines": bool(invoice.lines),
        "lines": [_line(line, currency) for line in invoice.lines[:MAX_LINES]],
        "more": _more(len(invoice.lines)),
        "allowances": [_allowance(one, currency) for one in invoice.allowances],
        "vat": [_vat(one, currency) for one in invoice.vat_breakdown],
        "totals": _totals(invoice, currency),
        "due": amount(invoice.totals.amount_due, currency),
        "payment": _payment(invoice),
        "notes": [_note(note.subject, note.text) for note in invoice.notes],
        "origin": french(
            f"Page lisible établie par jefacture à partir des données {SOURCES.get(source, source.upper())} "
            f"de la facture, reprises telles quelles."
        ),
    }


def _more(count: int) -> str:
    if count <= MAX_LINES:
        return ""
    return french(
        f"Lignes {number(MAX_LINES + 1)} à {number(count)} : voir les données jointes à ce PDF, qui les portent toutes."
    )


def title(invoice: Invoice) -> str:
    return words.DOCUMENT_TITLES.get(invoice.type_code or "", words.DEFAULT_TITLE)


def _party(party: Party) -> dict[str, Any]:
    name = party.name or party.trading_name or ""
    trading = party.trading_name if party.trading_name and party.trading_name != name else None
    numbers: list[Pair] = []
    if party.siret:
        numbers.append(("SIRET", format_siret(party.siret)))
    elif party.siren:
        numbers.append(("SIREN", format_siren(party.siren)))
    elif party.legal_id:
        numbers.append(("Immatriculation", party.legal_id.value))
    if party.vat:
        numbers.append(("N° TVA", party.vat))
    contact = party.contact
    reach = [value for value in (contact.name, contact.phone, contact.email) if value] if contact else []
    return {
        "name": name,
        "lines": [*([trading] if trading else []), *_address(party.address)],
        "numbers": _labelled(numbers),
        "contact": " · ".join(reach),
        "legal": party.legal_form or "",
    }


def _address(address: Address | None) -> list[str]:
    if address is None:
        return []
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    country = address.country if address.country != "FR" else None
    lines = (address.line1, address.line2, address.line3, town, address.subdivision, country)
    return [line for line in lines if line]


def _facts(invoice: Invoice) -> list[str]:
    period = invoice.period
    delivery = invoice.delivery
    preceding = ", ".join(
        one.number + (f" du {date_fr(one.issue_date)}" if one.issue_date else "") for one in invoice.preceding_invoices
    )
    return _labelled(
        [
            ("Date d’émission", date_fr(invoice.issue_date)),
            ("Échéance", date_fr(invoice.due_date)),
            ("Livraison", date_fr(delivery.date) if delivery else ""),
            ("Période", f"du {date_fr(period.start)} au {date_fr(period.end)}" if period else ""),
            ("Commande", invoice.purchase_order or ""),
            ("Contrat", invoice.contract_reference or ""),
            ("Référence acheteur", invoice.buyer_reference or ""),
            ("Projet", invoice.project_reference or ""),
            ("Facture d’origine", preceding),
        ]
    )


def _labelled(pairs: Iterable[Pair]) -> list[str]:
    return [f"{label}{NBSP}: {value}" for label, value in pairs if value]


def _line(line: Line, currency: str) -> dict[str, str]:
    extras = [line.description, line.note, *(_discount(one, currency) for one in line.allowances)]
    extras += [f"{one.name}{NBSP}: {one.value}" for one in line.attributes]
    if line.seller_item_id:
        extras.insert(0, f"Réf. {line.seller_item_id}")
    return {
        "id": line.id,
        "name": line.name or "",
        "details": "\n".join(extra for extra in extras if extra),
        "quantity": _number(line.quantity),
        "unit": words.UNITS.get(line.unit or "", line.unit or ""),
        "price": _unit_price(line, currency),
        "vat": _rate(line.vat_category, line.vat_rate),
        "net": amount(line.net_amount, currency),
    }


def _unit_price(line: Line, currency: str) -> str:
    base = line.price.base_quantity
    per = f" / {number(base)}" if base is not None and base != 1 else ""
    return amount(line.price.net, currency) + per


def _discount(one: Allowance, currency: str) -> str:
    label = one.reason or ("Frais" if one.charge else "Remise")
    sign = "+" if one.charge else "−"
    return f"{label}{NBSP}: {sign}{NBSP}{amount(one.amount, currency)}"


def _allowance(one: Allowance, currency: str) -> dict[str, str]:
    return {
        "label": one.reason or ("Frais" if one.charge else "Remise"),
        "vat": _rate(one.vat_category, one.vat_rate),
        "amount": ("" if one.charge else "−") + amount(one.amount, currency),
    }


def _vat(one: VatBreakdown, currency: str) -> dict[str, str]:
    return {
        "rate": _rate(one.category, one.rate),
        "base": amount(one.base, currency),
        "amount": amount(one.amount, currency),
        "reason": one.exemption_reason or one.exemption_code or "",
    }


def _rate(category: str | None, rate: Decimal | None) -> str:
    if category in words.VAT_CATEGORIES:
        return words.VAT_CATEGORIES[category]
    return f"{number(rate.normalize())}{NBSP}%" if rate is not None else ""


def _totals(invoice: Invoice, currency: str) -> list[Pair]:
    totals = invoice.totals
    rows = (
        ("Total des lignes", totals.lines if totals.allowances or totals.charges else None),
        ("Remises", totals.allowances),
        ("Frais", totals.charges),
        ("Total HT", totals.without_vat),
        ("TVA", totals.vat),
        ("Total TTC", totals.with_vat),
        ("Arrondi", totals.rounding),
        ("Déjà payé", totals.prepaid),
    )
    shown = [(label, amount(value, currency)) for label, value in rows if value is not None]
    if totals.vat_in_tax_currency is not None:
        shown.append(("TVA en devise de TVA", amount(totals.vat_in_tax_currency, invoice.tax_currency or currency)))
    return shown


def _payment(invoice: Invoice) -> list[str]:
    payment = invoice.payment
    rows: list[Pair] = []
    if payment is not None:
        code = payment.means_code or ""
        rows.append(("Moyen", payment.means_text or words.PAYMENT_MEANS.get(code, code)))
        rows += [
            ("Compte", account.account + (f" · BIC {account.bic}" if account.bic else ""))
            for account in payment.accounts
        ]
        rows.append(("Référence", payment.remittance or ""))
        if payment.direct_debit:
            rows.append(("Mandat", payment.direct_debit.mandate or ""))
    rows.append(("Conditions", invoice.payment_terms or ""))
    return _labelled(rows)


def _note(subject: str | None, text: str) -> str:
    label = words.NOTE_SUBJECTS.get(subject or "", "")
    return f"{label}{NBSP}: {text}" if label else text


def _number(value: Decimal | None) -> str:
    return number(value.normalize()) if value is not None else ""
