"""Who sells, who buys: the parties of an invoice and the French numbers that name them."""

from dataclasses import dataclass

from common.identifiers import IdentifierError, clean_siren, clean_siret, siren_of_vat

# ISO 6523 codes as EN 16931 uses them for French companies.
SIREN_SCHEME = "0002"
SIRET_SCHEME = "0009"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """A value and the scheme (ISO 6523, or another list) that it belongs to, where one is stated."""

    value: str
    scheme: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """BG-5, BG-8, BG-12, BG-15. Lines are BT-35, BT-36, BT-162 and their like; country is ISO 3166-1 alpha-2."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    city: str | None = None
    postal_code: str | None = None
    subdivision: str | None = None
    country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """BG-6, BG-9: person or department, telephone, e-mail."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Seller (BG-4), buyer (BG-7), payee (BG-10) or tax representative (BG-11).

    name BT-27/BT-44/BT-59/BT-62, trading_name BT-28/BT-45, identifiers BT-29/BT-46/BT-60, legal_id BT-30/BT-47/BT-61,
    vat BT-31/BT-48/BT-63, tax_registration BT-32, legal_form BT-33, electronic_address BT-34/BT-49.
    """

    name: str | None = None
    trading_name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    legal_id: Identifier | None = None
    vat: str | None = None
    tax_registration: str | None = None
    legal_form: str | None = None
    electronic_address: Identifier | None = None
    address: Address | None = None
    contact: Contact | None = None

    @property
    def siret(self) -> str | None:
        """The 14 digits, from the legal identifier or another identifier that says it is a SIRET."""
        return next((number for number in map(_siret, self._numbers()) if number), None)

    @property
    def siren(self) -> str | None:
        """The 9 digits that decide whose invoice this is: stated as such, else the SIRET's, else the VAT number's."""
        stated = next((number for number in map(_siren, self._numbers()) if number), None)
        return stated or (self.siret or "")[:9] or _siren_in_vat(self.vat)

    def _numbers(self) -> tuple[Identifier, ...]:
        """Those that may be a SIREN or SIRET: by their scheme, or a French legal identifier without one."""
        legal = (self.legal_id,) if self.legal_id is not None else ()
        return tuple(
            number
            for number in (*legal, *self.identifiers)
            if number.scheme in {SIREN_SCHEME, SIRET_SCHEME}
            or (number.scheme is None and number is self.legal_id and self._is_french())
        )

    def _is_french(self) -> bool:
        return (self.vat or "").startswith("FR") or (self.address is not None and self.address.country == "FR")


def _siret(number: Identifier) -> str | None:
    try:
        return clean_siret(number.value)
    except IdentifierError:
        return None


def _siren(number: Identifier) -> str | None:
    try:
        return clean_siren(number.value)
    except IdentifierError:
        return None


def _siren_in_vat(vat: str | None) -> str | None:
    try:
        return siren_of_vat(vat) if vat and vat.strip().upper().startswith("FR") else None
    except IdentifierError:
        return None
