"""Believable French invoices, for the demonstration and for tests: typed first, then in any of the three containers.

Amounts are computed here as a seller's software would, and the mentions that French law asks for are on them, so that
they pass every check of `invoices.checks`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from invoices.formats.cii.write import SPECIFICATION, write_cii
from invoices.formats.model import (
    Address,
    BankAccount,
    Delivery,
    Identifier,
    Invoice,
    Line,
    Note,
    Party,
    Payment,
    PrecedingInvoice,
    Price,
    Totals,
    VatBreakdown,
)
from invoices.formats.parties import SIREN_SCHEME, SIRET_SCHEME
from invoices.formats.ubl.write import write_ubl
from invoices.rendering.pdf import render_facturx

CENT: Final = Decimal("0.01")
STANDARD_RATE: Final = Decimal("20.00")
REDUCED_RATE: Final = Decimal("5.50")
INTERMEDIATE_RATE: Final = Decimal("10.00")
# The French directory of electronic addresses, where a company's address is its SIREN.
FRENCH_ADDRESS_SCHEME: Final = "0225"

Trade = Literal["services", "supplies", "food", "building"]

# Code général des impôts, art. 289; Code de commerce, art. L441-9 and D441-5.
LEGAL_NOTES: Final = (
    Note(subject="PMT", text="Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 euros."),
    Note(subject="PMD", text="Pénalités de retard : trois fois le taux d’intérêt légal."),
    Note(subject="AAB", text="Pas d’escompte pour paiement anticipé."),
)
CATALOGUE: Final[dict[Trade, tuple[tuple[str, str, str, Decimal], ...]]] = {
    "services": (
        ("Maintenance informatique, forfait mensuel", "240.00", "MON", STANDARD_RATE),
        ("Hébergement et sauvegarde", "89.90", "MON", STANDARD_RATE),
        ("Conseil, intervention sur site", "95.00", "HUR", STANDARD_RATE),
        ("Formation bureautique", "620.00", "DAY", STANDARD_RATE),
    ),
    "supplies": (
        ("Ramettes de papier A4 80 g, carton de 5", "24.50", "C62", STANDARD_RATE),
        ("Cartouche d’encre noire", "38.90", "C62", STANDARD_RATE),
        ("Classeurs à levier, lot de 10", "29.00", "C62", STANDARD_RATE),
        ("Fauteuil de bureau réglable", "189.00", "C62", STANDARD_RATE),
    ),
    "food": (
        ("Farine de blé T65, sac de 25 kg", "21.40", "C62", REDUCED_RATE),
        ("Beurre doux AOP, plaque de 1 kg", "9.85", "C62", REDUCED_RATE),
        ("Œufs plein air, plateau de 30", "7.20", "C62", REDUCED_RATE),
        ("Vin de pays, carton de 6", "41.40", "C62", STANDARD_RATE),
    ),
    "building": (
        ("Peinture intérieure, fourniture et pose", "28.50", "MTK", INTERMEDIATE_RATE),
        ("Remplacement d’un radiateur", "410.00", "C62", INTERMEDIATE_RATE),
        ("Main-d’œuvre", "48.00", "HUR", INTERMEDIATE_RATE),
        ("Évacuation des gravats", "135.00", "C62", STANDARD_RATE),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleLine:
    name: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal = STANDARD_RATE
    unit: str = "C62"


def french_party(
    *,
    name: str,
    siren: str,
    siret: str | None = None,
    vat: str | None = None,
    street: str = "12 rue de la République",
    postal_code: str = "69002",
    city: str = "Lyon",
) -> Party:
    return Party(
        name=name,
        identifiers=(Identifier(value=siret, scheme=SIRET_SCHEME),) if siret else (),
        legal_id=Identifier(value=siren, scheme=SIREN_SCHEME),
        vat=vat,
        electronic_address=Identifier(value=siren, scheme=FRENCH_ADDRESS_SCHEME),
        address=Address(line1=street, postal_code=postal_code, city=city, country="FR"),
    )


def invented_lines(seed: int, *, trade: Trade = "services", count: int | None = None) -> list[SampleLine]:
    """One to four lines of that trade; the same seed gives the same lines."""
    chance = random.Random(seed)  # noqa: S311 - invents goods, guards nothing
    offers = CATALOGUE[trade]
    chosen = chance.choices(offers, k=count) if count else chance.sample(offers, k=chance.randint(1, len(offers)))
    return [
        SampleLine(
            name=name,
            quantity=Decimal(chance.randint(1, 12)),
            unit_price=Decimal(price),
            vat_rate=rate,
            unit=unit,
        )
        for name, price, unit, rate in chosen
    ]


def sample_invoice(
    *,
    seller: Party,
    buyer: Party,
    number: str,
    issue_date: date,
    lines: Sequence[SampleLine],
    due_in_days: int = 30,
    corrects: PrecedingInvoice | None = None,
    iban: str = "FR7630006000011234567890189",
    bic: str = "AGRIFRPP",
) -> Invoice:
    """An invoice (380), or with `corrects` a credit note (381) for that invoice. Seller and buyer need an address."""
    written = tuple(_line(position, line) for position, line in enumerate(lines, start=1))
    breakdown = _vat_breakdown(lines)
    net = sum((line.net_amount for line in written if line.net_amount is not None), Decimal("0.00"))
    vat = sum((tax.amount for tax in breakdown if tax.amount is not None), Decimal("0.00"))
    return Invoice(
        number=number,
        issue_date=issue_date,
        type_code="381" if corrects else "380",
        currency="EUR",
        due_date=issue_date + timedelta(days=due_in_days),
        payment_terms=f"Paiement à {due_in_days} jours",
        notes=LEGAL_NOTES,
        process="B1",
        specification=SPECIFICATION,
        preceding_invoices=(corrects,) if corrects else (),
        seller=seller,
        buyer=buyer,
        delivery=Delivery(date=issue_date),
        payment=Payment(means_code="30", remittance=number, accounts=(BankAccount(account=iban, bic=bic),)),
        totals=Totals(lines=net, without_vat=net, vat=vat, with_vat=net + vat, amount_due=net + vat),
        vat_breakdown=breakdown,
        lines=written,
    )


def as_cii_xml(invoice: Invoice) -> bytes:
    return write_cii(invoice)


def as_ubl_xml(invoice: Invoice) -> bytes:
    return write_ubl(invoice)


def as_facturx_pdf(invoice: Invoice) -> bytes:
    return render_facturx(invoice, write_cii(invoice), level="en16931", source="cii")


def _line(position: int, line: SampleLine) -> Line:
    return Line(
        id=str(position),
        quantity=line.quantity,
        unit=line.unit,
        net_amount=_net(line),
        price=Price(net=line.unit_price),
        vat_category="S",
        vat_rate=line.vat_rate,
        name=line.name,
    )


def _net(line: SampleLine) -> Decimal:
    return (line.quantity * line.unit_price).quantize(CENT, ROUND_HALF_UP)


def _vat_breakdown(lines: Sequence[SampleLine]) -> tuple[VatBreakdown, ...]:
    """VAT on the sum of each rate, as BR-CO-17 wants it."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, Decimal("0.00")) + _net(line)
    return tuple(
        VatBreakdown(category="S", base=base, amount=(base * rate / 100).quantize(CENT, ROUND_HALF_UP), rate=rate)
        for rate, base in sorted(bases.items(), reverse=True)
    )
