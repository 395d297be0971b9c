"""What the data of a file say of it: whose it is, what is missing, what no column holds."""

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from common.identifiers import format_siren
from invoices.enums import DepositState, Direction
from invoices.formats.model import Invoice as TypedInvoice
from invoices.models import Invoice
from invoices.opening import OpenedInvoice
from invoices.services.settling import Outcome

if TYPE_CHECKING:
    from django.db.models import CharField

    from clients.models import Company

#: The first amount that numeric(18, 4) does not hold.
_TOO_MUCH = Decimal(10) ** 14
_STATE_IT = "Indiquez ce que dit la facture pour la classer."
_ASK_AGAIN = "Demandez une facture corrigée à son émetteur et déposez-la ; ce fichier est conservé."


def without_data(opened: OpenedInvoice) -> Outcome:
    """What becomes of a file that holds no structured invoice."""
    reason = opened.reason or "Ce fichier ne contient pas de données de facture."
    if opened.container in ("pdf", "image"):
        return Outcome(DepositState.INCOMPLETE, "no_data", f"{reason} {_STATE_IT}")
    return Outcome(DepositState.REFUSED, "not_an_invoice", reason)


def objection(company: "Company", typed: TypedInvoice, *, direction: Direction | None) -> Outcome | None:
    """Why these data cannot be filed as the company's invoice of this direction; None where they can."""
    if direction is None:
        return _held(company, typed)
    if missing := _missing(typed):
        reason = f"Il manque à cette facture : {missing}. {_STATE_IT}"
        return Outcome(DepositState.INCOMPLETE, "missing_terms", reason)
    if too_long := oversized(typed):
        reason = f"Trop long pour une facture : {too_long}. {_ASK_AGAIN}"
        return Outcome(DepositState.REFUSED, "unreadable_value", reason)
    return None


def direction_for(company: "Company", typed: TypedInvoice) -> Direction | None:
    """Which side the company is on, by the structured legal identifiers alone; None where it is on neither or both."""
    sells = typed.seller.siren == company.siren
    buys = typed.buyer.siren == company.siren
    if sells == buys:
        return None
    return Direction.SALE if sells else Direction.PURCHASE


def on_both_sides(company: "Company", typed: TypedInvoice) -> bool:
    return typed.seller.siren == typed.buyer.siren == company.siren


def oversized(typed: TypedInvoice) -> str:
    """What no column of an invoice holds: a mistake of the software that wrote the file."""
    totals = typed.totals
    words = [("le numéro", "number"), ("le type", "type_code"), ("la devise", "currency")]
    found = [word for word, term in words if len(getattr(typed, term) or "") > _length_of(term)]
    amounts = (totals.without_vat, totals.vat, totals.with_vat, totals.amount_due)
    if any(abs(amount) >= _TOO_MUCH for amount in amounts if amount is not None):
        found.append("les totaux")
    return ", ".join(found)


def _held(company: "Company", typed: TypedInvoice) -> Outcome:
    if on_both_sides(company, typed):
        reason = "Le vendeur et l'acheteur portent le même SIREN : dites s'il s'agit d'un achat ou d'une vente."
        return Outcome(DepositState.HELD, "same_parties", reason)
    found = [
        f"{word} {party.name or '?'} ({format_siren(party.siren) if party.siren else 'sans SIREN'})"
        for word, party in (("vendeur", typed.seller), ("acheteur", typed.buyer))
    ]
    reason = (
        f"Cette facture n'est pas celle de {company.name} ({format_siren(company.siren)}) : {', '.join(found)}. "
        "Vérifiez que vous déposez dans le bon espace."
    )
    return Outcome(DepositState.HELD, "other_company", reason)


def _missing(typed: TypedInvoice) -> str:
    terms = [("le numéro", typed.number), ("la date", typed.issue_date)]
    return ", ".join(word for word, value in terms if not value)


def _length_of(column: str) -> int:
    field = cast("CharField[str, str]", Invoice._meta.get_field(column))
    return field.max_length or 0
