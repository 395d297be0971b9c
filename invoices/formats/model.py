"""An invoice in the terms of EN 16931, whatever file it came in.

Each docstring names the business terms (BT) and groups (BG) in the order of the fields. Amounts are Decimals exactly
as stated, never recomputed; an absent term is None or an empty tuple. Codes are those of the norm's code lists.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from invoices.formats.parties import Address, Contact, Identifier, Party

__all__ = [
    "Address",
    "Allowance",
    "Attachment",
    "BankAccount",
    "Card",
    "Classification",
    "Contact",
    "Delivery",
    "DirectDebit",
    "Identifier",
    "Invoice",
    "ItemAttribute",
    "Line",
    "Note",
    "Party",
    "Payment",
    "Period",
    "PrecedingInvoice",
    "Price",
    "Totals",
    "VatBreakdown",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """BG-1: subject code BT-21, text BT-22."""

    text: str
    subject: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PrecedingInvoice:
    """BG-3: number BT-25, issue date BT-26."""

    number: str
    issue_date: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """BG-14 (BT-73, BT-74), BG-26 (BT-134, BT-135)."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """BG-13: name BT-70, location BT-71, date BT-72, address BG-15."""

    name: str | None = None
    location: Identifier | None = None
    date: "date | None" = None
    address: Address | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BankAccount:
    """BG-17: account (an IBAN where there is one) BT-84, its name BT-85, BIC BT-86."""

    account: str
    name: str | None = None
    bic: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """BG-18: last digits BT-87, holder BT-88."""

    number: str
    holder: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectDebit:
    """BG-19: mandate BT-89, creditor BT-90, debited account BT-91."""

    mandate: str | None = None
    creditor: str | None = None
    account: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """BG-16: code BT-81 (UNTDID 4461), text BT-82, remittance information BT-83, BG-17, BG-18, BG-19."""

    means_code: str | None = None
    means_text: str | None = None
    remittance: str | None = None
    accounts: tuple[BankAccount, ...] = ()
    card: Card | None = None
    direct_debit: DirectDebit | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """An allowance (BG-20, BG-27) or, where `charge`, a charge (BG-21, BG-28).

    amount BT-92/99/136/141, base BT-93/100/137/142, percentage BT-94/101/138/143, VAT category and rate BT-95/102 and
    BT-96/103 (document level only), reason BT-97/104/139/144, reason code BT-98/105/140/145.
    """

    charge: bool
    amount: Decimal
    base: Decimal | None = None
    percentage: Decimal | None = None
    vat_category: str | None = None
    vat_rate: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """BG-22, BT-106 to BT-115 in order; vat_in_tax_currency is BT-111, amount_due BT-115."""

    lines: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    without_vat: Decimal | None = None
    vat: Decimal | None = None
    vat_in_tax_currency: Decimal | None = None
    with_vat: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    amount_due: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VatBreakdown:
    """BG-23: base BT-116, amount BT-117, category BT-118, rate BT-119, exemption reason BT-120 and its code BT-121."""

    category: str
    base: Decimal | None = None
    amount: Decimal | None = None
    rate: Decimal | None = None
    exemption_reason: str | None = None
    exemption_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """BG-24: reference BT-122, description BT-123, location BT-124, content with its type and name BT-125."""

    reference: str
    description: str | None = None
    uri: str | None = None
    content: bytes | None = field(default=None, repr=False)
    mime_type: str | None = None
    file_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """BG-29: net BT-146, discount BT-147, gross BT-148, for a quantity BT-149 in a unit BT-150."""

    net: Decimal | None = None
    discount: Decimal | None = None
    gross: Decimal | None = None
    base_quantity: Decimal | None = None
    base_unit: str | None = None


NO_PRICE = Price()


@dataclass(frozen=True, kw_only=True, slots=True)
class Classification:
    """BT-158, with its list and the list's version."""

    code: str
    list_id: str | None = None
    version: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemAttribute:
    """BG-32: BT-160, BT-161."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """BG-25, BT-126 to BT-134 in order; VAT BG-30 (BT-151, BT-152); item BG-31 (BT-153 to BT-159)."""

    id: str
    note: str | None = None
    object_identifier: Identifier | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    net_amount: Decimal | None = None
    order_line: str | None = None
    accounting_reference: str | None = None
    period: Period | None = None
    allowances: tuple[Allowance, ...] = ()
    price: Price = NO_PRICE
    vat_category: str | None = None
    vat_rate: Decimal | None = None
    name: str | None = None
    description: str | None = None
    seller_item_id: str | None = None
    buyer_item_id: str | None = None
    standard_item_id: Identifier | None = None
    classifications: tuple[Classification, ...] = ()
    origin_country: str | None = None
    attributes: tuple[ItemAttribute, ...] = ()


NOBODY = Party()
NO_TOTALS = Totals()


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice:
    """BT-1 to BT-24 in the norm's order, then the groups.

    type_code is BT-3 (380 invoice, 381 credit note, …); process BT-23; specification BT-24; tax_point_code BT-8.
    """

    number: str
    issue_date: date | None
    type_code: str | None
    currency: str | None
    tax_currency: str | None = None
    tax_point_date: date | None = None
    tax_point_code: str | None = None
    due_date: date | None = None
    buyer_reference: str | None = None
    project_reference: str | None = None
    contract_reference: str | None = None
    purchase_order: str | None = None
    sales_order: str | None = None
    receiving_advice: str | None = None
    despatch_advice: str | None = None
    tender: str | None = None
    invoiced_object: Identifier | None = None
    accounting_reference: str | None = None
    payment_terms: str | None = None
    notes: tuple[Note, ...] = ()
    process: str | None = None
    specification: str | None = None
    preceding_invoices: tuple[PrecedingInvoice, ...] = ()
    seller: Party = NOBODY
    buyer: Party = NOBODY
    payee: Party | None = None
    tax_representative: Party | None = None
    delivery: Delivery | None = None
    period: Period | None = None
    payment: Payment | None = None
    allowances: tuple[Allowance, ...] = ()
    totals: Totals = NO_TOTALS
    vat_breakdown: tuple[VatBreakdown, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTE_CODES


# UNTDID 1001 codes that EN 16931 lists as credit notes.
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
