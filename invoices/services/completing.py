"""A person states what a file without data says, and it is filed as that; or says that it is no invoice."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from clients.models import Company, CompanyMembership
from common import vault
from common.identifiers import siren_within_vat
from common.isolation import IsolationError
from common.journal import record
from common.permissions import require
from firms.models import Membership
from invoices.enums import REFUSED_BY_A_PERSON, DepositState, Direction
from invoices.formats.codec import to_json
from invoices.formats.errors import InvoiceRefused
from invoices.formats.model import NOBODY, Identifier, Party
from invoices.formats.model import Invoice as TypedInvoice
from invoices.formats.page_terms import AMOUNT_LABELS, Found, propose
from invoices.formats.parties import SIREN_SCHEME
from invoices.models import Deposit, Invoice
from invoices.opening import OpenedInvoice, Quarantined, open_invoice
from invoices.permissions import can_complete
from invoices.services.filing import file_invoice
from invoices.services.judging import direction_for, oversized
from invoices.services.settling import Outcome, settle
from invoices.services.timeline import note

Actor = CompanyMembership | Membership
_NOT_ALLOWED = "Vous ne pouvez pas compléter ce fichier."
_NOT_RENDERED = (
    "Ce fichier n'a pas pu être mis en PDF : rien n'est classé. Déposez la facture en PDF, ou en image JPEG ou PNG."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedTerms:
    """What a person reads on the invoice; amounts as stated there. `type_code` is BT-3: 380 invoice, 381 credit note.

    The other party has a name; its SIREN and VAT number are bare (see common.identifiers), empty where there is none.
    """

    direction: Direction
    type_code: str
    number: str
    issue_date: date
    due_date: date | None
    other_name: str
    other_siren: str
    other_vat: str
    without_vat: Decimal
    vat: Decimal
    with_vat: Decimal
    currency: str


class CompletingError(ValueError):
    """The file cannot be filed, or is no longer to be completed; the message says why, in French."""


def complete_deposit(actor: Actor, *, deposit: Deposit, values: StatedTerms) -> Invoice:
    """
    File an « À compléter » deposit as the invoice that `values` describe. Needs the company's tenant.

    Data that the file has (it lacked a number or a date) stay where `values` say nothing. Raises CompletingError,
    DuplicateInvoiceError: nothing is written then.
    """
    with transaction.atomic():
        locked = _lock(actor, deposit)
        opened = _open(locked, check=True)
        typed = _as_stated(locked.company, opened.invoice, values)
        if too_long := oversized(typed):
            raise CompletingError(f"Trop long pour une facture : {too_long}.")
        try:
            invoice = file_invoice(
                locked,
                direction=_direction(locked.company, opened.invoice, values),
                opened=replace(opened, invoice=typed, data=to_json(typed) if opened.xml is not None else None),
                typed=typed,
            )
        except IsolationError as error:
            raise CompletingError(_NOT_RENDERED) from error
        locked.invoice = invoice
        settle(locked, Outcome(DepositState.FILED), actor=actor.actor_name)
        note(invoice, "completed", actor=actor.actor_name, text=f"Complétée par {actor.actor_name}")
        record(actor, "deposit.completed", locked, number=invoice.number, direction=invoice.direction)
    return invoice


def refuse_deposit(actor: Actor, *, deposit: Deposit, reason: str) -> None:
    """« Ce n'est pas une facture »: a deposit that made none is given up, and kept; « Relire » opens it again."""
    # Posted from a plain field: PostgreSQL keeps no NUL.
    reason = reason.replace("\x00", "").strip()[:300]
    if not reason:
        raise CompletingError("Indiquez pourquoi ce fichier est refusé.")
    with transaction.atomic():
        locked = _lock(actor, deposit, refusing=True)
        why = f"Refusé par {actor.actor_name} : {reason}"
        settle(locked, Outcome(DepositState.REFUSED, REFUSED_BY_A_PERSON, why), actor=actor.actor_name)
        record(actor, "deposit.refused", locked, reason=reason)


def read_on_page(deposit: Deposit) -> dict[str, Found]:
    """What the text of a PDF without data says, by the fields of StatedTerms, each with the line that says it.

    For a person to look at: nothing is filed by it.
    """
    return propose(deposit.text, own_siren=deposit.company.siren) if deposit.reason_code == "no_data" else {}


def proposed_terms(deposit: Deposit) -> dict[str, Any]:
    """What the file itself says, by the fields of StatedTerms: its data, or else what its text says for sure.

    The other party of a text is known by its SIREN alone: its name comes from the company's earlier invoices. Nothing
    where the file cannot be opened.
    """
    if deposit.reason_code == "no_data":
        return _proposed_by_page(deposit)
    try:
        typed = _open(deposit, check=False).invoice
    except CompletingError:
        return {}
    if typed is None:
        return {}
    direction = direction_for(deposit.company, typed)
    other = typed.buyer if direction == Direction.SALE else typed.seller
    proposed = {
        "direction": direction,
        "type_code": "381" if typed.is_credit_note else "380",
        "number": typed.number,
        "issue_date": typed.issue_date,
        "due_date": typed.due_date,
        "other_name": other.name,
        "other_siren": other.siren,
        "other_vat": other.vat,
        "without_vat": typed.totals.without_vat,
        "vat": typed.totals.vat,
        "with_vat": typed.totals.with_vat,
        "currency": typed.currency,
    }
    return {name: value for name, value in proposed.items() if value not in (None, "")}


def _proposed_by_page(deposit: Deposit) -> dict[str, Any]:
    values: dict[str, Any] = {term: _value(term, found.value) for term, found in read_on_page(deposit).items()}
    siren = values.get("other_siren") or siren_within_vat(values.get("other_vat", ""))
    if siren:
        values |= {"other_siren": siren, **known_party(deposit.company, siren)}
    return values


def known_party(company: Company, siren: str) -> dict[str, str]:
    """The name and VAT number of that SIREN, by the fields of StatedTerms: as the latest invoice with it has them."""
    invoices = Invoice.objects.filter(company=company).order_by("-issue_date")
    for side in ("seller", "buyer"):
        named = invoices.filter(**{f"{side}_siren": siren}).exclude(**{f"{side}_name": ""})
        if row := named.values_list(f"{side}_name", f"{side}_vat").first():
            return {term: value for term, value in zip(("other_name", "other_vat"), row, strict=True) if value}
    return {}


def _value(term: str, text: str) -> Any:
    if term in ("issue_date", "due_date"):
        return date.fromisoformat(text)
    return Decimal(text) if term in AMOUNT_LABELS else text


def _lock(actor: Actor, deposit: Deposit, *, refusing: bool = False) -> Deposit:
    require(can_complete(actor), _NOT_ALLOWED)
    rows = Deposit.objects.select_for_update(of=("self",)).select_related("company", "deposited_by")
    locked = rows.get(pk=deposit.pk)
    if not (locked.can_be_refused if refusing else locked.can_be_completed):
        raise CompletingError(f"Ce fichier est déjà « {locked.get_state_display()} ».")
    return locked


def _open(deposit: Deposit, *, check: bool) -> OpenedInvoice:
    try:
        with vault.as_local_file(deposit.stored_as) as path:
            return open_invoice(path, check=check)
    except (InvoiceRefused, Quarantined) as error:
        raise CompletingError(error.reason) from error


def _direction(company: Company, read: TypedInvoice | None, values: StatedTerms) -> Direction:
    """The legal identifiers in the data decide; where there are none, the person does."""
    return (direction_for(company, read) if read is not None else None) or values.direction


def _as_stated(company: Company, read: TypedInvoice | None, values: StatedTerms) -> TypedInvoice:
    base = read or _without_data(company, values)
    sells = _direction(company, read, values) == Direction.SALE
    other = _other(base.buyer if sells else base.seller, values)
    return replace(
        base,
        number=values.number,
        issue_date=values.issue_date,
        due_date=values.due_date,
        type_code=base.type_code or values.type_code,
        currency=values.currency,
        seller=base.seller if sells else other,
        buyer=other if sells else base.buyer,
        totals=replace(base.totals, without_vat=values.without_vat, vat=values.vat, with_vat=values.with_vat),
    )


def _without_data(company: Company, values: StatedTerms) -> TypedInvoice:
    own = Party(name=company.name, legal_id=Identifier(value=company.siren, scheme=SIREN_SCHEME))
    sells = values.direction == Direction.SALE
    return TypedInvoice(
        number=values.number,
        issue_date=values.issue_date,
        type_code=values.type_code,
        currency=values.currency,
        seller=own if sells else NOBODY,
        buyer=NOBODY if sells else own,
    )


def _other(read: Party, values: StatedTerms) -> Party:
    legal = read.legal_id
    if values.other_siren and values.other_siren != read.siren:
        legal = Identifier(value=values.other_siren, scheme=SIREN_SCHEME)
    return replace(read, name=values.other_name, legal_id=legal, vat=values.other_vat or read.vat)
