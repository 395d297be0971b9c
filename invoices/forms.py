"""What a person reads on a PDF or a photo without data, as French people write it."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils import timezone

from clients.models import Company
from common.identifiers import (
    SIREN_LENGTH,
    IdentifierError,
    clean_siren,
    clean_vat,
    siren_of_siret,
    siren_within_vat,
    vat_key_matches,
)
from common.typography import amount, french
from invoices.enums import Direction
from invoices.models import AutomaticRule
from invoices.services.completing import StatedTerms

_DAY_FORMATS: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y"]
_OLDEST: Final = date(2000, 1, 1)
_AHEAD: Final = timedelta(days=366)
_SIGNS: Final = str.maketrans({"−": "-", "–": "-", "€": None, "'": None, "’": None})
_PLAIN: Final = re.compile(r"-?\d{1,14}(?:[.,]\d{1,4})?")
_GROUPED: Final = re.compile(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,4})?")
# 1,240 is one thousand and more in English, one and a bit in French.
_AMBIGUOUS: Final = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_LONGEST_AMOUNT: Final = 40
_CURRENCIES: Final = (
    ("EUR", "EUR, euro"),
    ("USD", "USD, dollar américain"),
    ("GBP", "GBP, livre sterling"),
    ("CHF", "CHF, franc suisse"),
    ("AED", "AED, dirham des Émirats"),
    ("AUD", "AUD, dollar australien"),
    ("CAD", "CAD, dollar canadien"),
    ("CNY", "CNY, yuan"),
    ("CZK", "CZK, couronne tchèque"),
    ("DKK", "DKK, couronne danoise"),
    ("HKD", "HKD, dollar de Hong Kong"),
    ("HUF", "HUF, forint"),
    ("INR", "INR, roupie indienne"),
    ("JPY", "JPY, yen"),
    ("MAD", "MAD, dirham marocain"),
    ("NOK", "NOK, couronne norvégienne"),
    ("PLN", "PLN, zloty"),
    ("RON", "RON, leu roumain"),
    ("SEK", "SEK, couronne suédoise"),
    ("SGD", "SGD, dollar de Singapour"),
    ("TND", "TND, dinar tunisien"),
    ("TRY", "TRY, livre turque"),
    ("XAF", "XAF, franc CFA (CEMAC)"),
    ("XOF", "XOF, franc CFA (UEMOA)"),
    ("XPF", "XPF, franc Pacifique"),
)


class AmountField(forms.Field):
    """« 1 240,00 », « 1.240,00 € », « 1240.5 » → Decimal, with the decimals as typed; None where it is left empty."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "num", "maxlength": _LONGEST_AMOUNT}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        return parse_amount(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


def parse_amount(text: str) -> Decimal:
    """Raises ValidationError where it is no amount, or may be read in two ways."""
    bare = "".join(text.translate(_SIGNS).split()) if len(text) <= _LONGEST_AMOUNT else ""
    if _AMBIGUOUS.fullmatch(bare):
        whole, decimals = re.split("[.,]", bare)
        raise forms.ValidationError(
            french(f"Ce montant se lit de deux façons : écrivez {whole}{decimals},00 ou {whole},{decimals[:2]}.")
        )
    if _PLAIN.fullmatch(bare):
        return Decimal(bare.replace(",", "."))
    if match := _GROUPED.fullmatch(bare):
        return Decimal(bare.replace(match[1], "").replace(",", "."))
    raise forms.ValidationError(french("Montant invalide : écrivez-le comme 1240,00."))


def _day(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=_DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Date invalide : écrivez-la JJ/MM/AAAA."},
        **kwargs,
    )


class CompleteForm(forms.Form):
    """`doubts` are what looks wrong in a valid form: a person may file it all the same, as it is stated."""

    direction = forms.ChoiceField(
        label="Sens",
        choices=[
            (Direction.PURCHASE, "Achat : reçue d'un fournisseur"),
            (Direction.SALE, "Vente : émise pour un client"),
        ],
        widget=forms.RadioSelect,
    )
    type_code = forms.ChoiceField(label="Document", choices=[("380", "Facture"), ("381", "Avoir")], initial="380")
    number = forms.CharField(label="Numéro", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    issue_date = _day("Date")
    due_date = _day("Échéance", required=False)
    other_name = forms.CharField(label="Fournisseur ou client", max_length=200)
    other_siren = forms.CharField(
        label="SIREN ou SIRET",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    other_vat = forms.CharField(
        label="N° de TVA",
        max_length=30,
        required=False,
        help_text="Pour une société étrangère, avec le code du pays.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    without_vat = AmountField(label="Total HT")
    vat = AmountField(label="TVA", help_text="0 s'il n'y en a pas.")
    with_vat = AmountField(label="Total TTC")
    currency = forms.ChoiceField(label="Devise", choices=_CURRENCIES, initial="EUR")

    def __init__(
        self, data: Any = None, *, company: Company, initial: dict[str, Any], direction_hint: str = ""
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["direction"].initial = direction_hint or None
        self._company = company
        self.doubts: list[str] = []
        # What the data of a file say is not asked again.
        self.fields["direction"].disabled = "direction" in initial
        known = {code for code, _label in _CURRENCIES}
        if (stated := initial.get("currency") or "EUR") not in known:
            self.fields["currency"].choices = [(stated, stated), *_CURRENCIES]  # type: ignore[attr-defined] # a ChoiceField

    def say_where(self, places: dict[str, str]) -> None:
        """Under each field that the text of the file proposes: which line says so."""
        for name, place in places.items():
            field = self.fields[name]
            field.help_text = f"{place} {field.help_text}".strip()

    def look_up_at(self, url: str) -> None:
        """Where the number of the other party is asked for as it is typed (party.js)."""
        asks = {
            "hx-get": url,
            "hx-trigger": "load, input changed delay:400ms",
            "hx-target": "#tiers",
            "hx-swap": "innerHTML",
        }
        self.fields["other_siren"].widget.attrs |= asks

    def clean_issue_date(self) -> date:
        day: date = self.cleaned_data["issue_date"]
        if not _OLDEST <= day <= timezone.localdate() + _AHEAD:
            raise forms.ValidationError(french("Vérifiez l'année de cette date."))
        return day

    def clean_other_siren(self) -> str:
        text: str = self.cleaned_data["other_siren"]
        if not text:
            return ""
        longer = sum(map(str.isdigit, text)) > SIREN_LENGTH
        try:
            siren = siren_of_siret(text) if longer else clean_siren(text)
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from error
        if siren == self._company.siren:
            raise forms.ValidationError(f"C'est le SIREN de {self._company.name} : indiquez celui de l'autre société.")
        return siren

    def clean_other_vat(self) -> str:
        text: str = self.cleaned_data["other_vat"]
        try:
            vat = clean_vat(text) if text else ""
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from error
        if vat and not vat_key_matches(vat):
            raise forms.ValidationError("La clé de ce numéro ne correspond pas : vérifiez-le, ou laissez vide.")
        return vat

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        within = siren_within_vat(cleaned.get("other_vat") or "")
        if within == self._company.siren:
            self.add_error("other_vat", f"C'est le numéro de {self._company.name} : indiquez celui de l'autre société.")
        elif within and (cleaned.get("other_siren") or within) != within:
            self.add_error("other_vat", "Ce numéro n'est pas celui de la société de ce SIREN.")
        if not self.errors:
            self.doubts = _doubts(cleaned)
        return cleaned

    def values(self) -> StatedTerms:
        return StatedTerms(**{**self.cleaned_data, "direction": Direction(self.cleaned_data["direction"])})


def _doubts(cleaned: dict[str, Any]) -> list[str]:
    doubts = []
    sum_of_both = cleaned["without_vat"] + cleaned["vat"]
    currency = cleaned["currency"]
    if sum_of_both != cleaned["with_vat"]:
        doubts.append(
            f"Le total HT et la TVA font {amount(sum_of_both, currency)}, "
            f"et non {amount(cleaned['with_vat'], currency)} comme le total TTC."
        )
    if cleaned["due_date"] and cleaned["due_date"] < cleaned["issue_date"]:
        doubts.append("L'échéance précède la date de la facture.")
    return doubts


class KnownSenderForm(forms.Form):
    """Somebody outside the company whose e-mails are taken."""

    address = forms.EmailField(
        label="Adresse e-mail de l'expéditeur",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "factures@fournisseur.fr"}),
    )


class _CeilingField(AmountField):
    def to_python(self, value: Any) -> Decimal | None:
        ceiling = super().to_python(value)
        if ceiling is not None and (ceiling <= 0 or ceiling >= 10**10 or ceiling != round(ceiling, 2)):
            raise forms.ValidationError(french("Plafond invalide : un montant positif, en euros et centimes."))
        return ceiling


class RuleForm(forms.ModelForm):  # type: ignore[type-arg] # the class takes no argument when it runs
    """« Validation automatique » of one direction."""

    ceiling = _CeilingField(label="Plafond TTC, en euros", required=False, help_text="Vide : aucun plafond.")

    class Meta:
        model = AutomaticRule
        fields = ("enabled", "known_only", "ceiling")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buys = self.instance.direction == Direction.PURCHASE
        self.title = "Achats" if buys else "Ventes"
        self.fields["enabled"].label = f"Valider les {self.title.lower()} automatiquement"
        self.fields["known_only"].label = f"{'Fournisseurs' if buys else 'Clients'} connus seulement"
        self.fields["known_only"].help_text = french("Connu : une personne a déjà validé une de ses factures.")


class RecheckForm(forms.Form):
    """The period whose invoices are checked again, by their dates."""

    since = forms.DateField(label="Du", widget=forms.DateInput(attrs={"type": "date"}), input_formats=_DAY_FORMATS)
    until = forms.DateField(label="Au", widget=forms.DateInput(attrs={"type": "date"}), input_formats=_DAY_FORMATS)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "La période finit avant d'avoir commencé.")
        return data
