from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from clients.enums import LANGUAGES
from clients.importing.columns.place import language_names
from clients.importing.columns.registry import NAME, SHEET_LABELS, SIREN_HOLDERS
from clients.importing.sources.budget import check_bytes
from clients.importing.sources.jedeclare_http import Credentials
from clients.importing.sources.refusal import SheetRefused
from clients.models import Client
from clients.services import EDITABLE
from common.identifiers import (
    IdentifierError,
    clean_bic,
    clean_iban,
    clean_siren,
    clean_siret,
    clean_vat,
    known_vat,
    siren_of_siret,
)
from common.typography import french


class ClientForm(forms.ModelForm[Client]):
    """A client file, typed by hand. The SIREN may be given as a SIRET; the VAT number follows from it."""

    siren = forms.CharField(
        label="SIREN ou SIRET",
        max_length=30,
        help_text="9 chiffres (SIREN) ou 14 chiffres (SIRET) ; les espaces ne comptent pas.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label="Langue", choices=list(LANGUAGES.items()), initial="fr", required=False)

    def __init__(self, *args: Any, lookup_url: str = "", **kwargs: Any) -> None:
        """`lookup_url`: where the company directory is asked while number or name are typed (lookup.js)."""
        super().__init__(*args, **kwargs)
        if lookup_url:
            asks = {"hx-get": lookup_url, "hx-trigger": "input changed delay:400ms", "hx-swap": "innerHTML"}
            asks |= {"hx-sync": "this:replace"}
            self.fields["siren"].widget.attrs |= asks | {"hx-target": "#annuaire"}
            name = {"hx-target": "#suggestions", "hx-include": "[name=siren]", "autocomplete": "off"}
            self.fields["name"].widget.attrs |= asks | name
            if not self.is_bound:
                self.fields["country"].widget.attrs["data-filled"] = self.fields["country"].initial

    class Meta:
        model = Client
        fields = [
            "siren",
            "name",
            "code",
            "street",
            "postal_code",
            "city",
            "country",
            "vat_number",
            "contact_last_name",
            "contact_first_name",
            "contact_email",
            "contact_phone",
            "iban",
            "bic",
            "language",
        ]
        widgets = {"contact_email": forms.EmailInput(attrs={"autocomplete": "off"})}
        error_messages = {"contact_email": {"invalid": "Cette adresse e-mail n'est pas valable."}}
        help_texts = {
            "contact_email": "L'invitation à déposer les factures part à cette adresse.",
            "vat_number": "Laissez vide : le numéro est calculé à partir du SIREN.",
        }

    def clean_siren(self) -> str:
        value: str = self.cleaned_data["siren"]
        digits = "".join(character for character in value if character.isdigit())
        try:
            if len(digits) > 9:  # noqa: PLR2004 - longer than a SIREN: a SIRET was typed
                self.cleaned_data["siret"] = clean_siret(value)
                return siren_of_siret(self.cleaned_data["siret"])
            return clean_siren(value)
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_vat_number(self) -> str:
        return self._identifier("vat_number", clean_vat)

    def clean_iban(self) -> str:
        return self._identifier("iban", clean_iban)

    def clean_bic(self) -> str:
        return self._identifier("bic", clean_bic)

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if len(country) != 2 or not country.isascii() or not country.isalpha():  # noqa: PLR2004 - ISO 3166-1 alpha-2
            raise forms.ValidationError("Indiquez le code du pays en deux lettres, par exemple FR.")
        return country

    def _identifier(self, name: str, clean: Any) -> str:
        value: str = self.cleaned_data[name]
        try:
            return str(clean(value)) if value else ""
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from error

    def values(self) -> dict[str, Any]:
        """Client field → value, for the services."""
        values = {name: self.cleaned_data[name] for name in EDITABLE if name in self.cleaned_data}
        values["language"] = values.get("language") or "fr"
        values["vat_number"] = values["vat_number"] or known_vat(values["siren"], country=values["country"])
        return values

    def validate_unique(self) -> None:
        """Uniqueness is the database's and the service's: the form does not look into the table."""


class EditClientForm(ClientForm):
    """
    The same, for a file that exists: its SIREN stays.

    Each field posts what it showed as well: when somebody else has saved meanwhile, that tells what each changed.
    """

    siret = forms.CharField(
        label="SIRET",
        max_length=30,
        required=False,
        help_text="L'établissement avec lequel vous travaillez, 14 chiffres.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    confidential = forms.BooleanField(
        label="Dossier confidentiel : visible des administrateurs et des collaborateurs nommés", required=False
    )

    def __init__(self, *args: Any, may_hide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_hide:
            del self.fields["confidential"]
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in ("siren", "version")
        self.fields["siren"].disabled = True
        self.fields["siren"].label = "SIREN"
        self.fields["siren"].help_text = "Le SIREN d'un dossier ne change pas."
        # An import may have brought a language that is not offered: saving something else must not change it.
        if (code := self.instance.language) not in LANGUAGES:
            offered = [*LANGUAGES.items(), (code, language_names().get(code, code))]
            self.fields["language"].choices = offered  # type: ignore[attr-defined] # a ChoiceField

    class Meta(ClientForm.Meta):
        fields = [*ClientForm.Meta.fields, "siret", "confidential"]

    def clean_siret(self) -> str:
        siret = self._identifier("siret", clean_siret)
        if siret and siren_of_siret(siret) != self.instance.siren:
            raise forms.ValidationError("Ce SIRET est celui d'une autre entreprise.")
        return siret

    def values(self) -> dict[str, Any]:
        values = super().values()
        if "confidential" in self.cleaned_data:
            values["confidential"] = self.cleaned_data["confidential"]
        return values


class PortfolioForm(forms.Form):
    name = forms.CharField(label="Nom du portefeuille", max_length=80)


class FileForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.txt"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Too large a file is refused here already, not kept first."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            check_bytes(file.size or 0)
        except SheetRefused as refusal:
            raise forms.ValidationError(refusal.reason) from refusal
        return file


class JedeclareForm(forms.Form):
    """The dialog « Connexion à jedeclare.com »; nothing of it is ever kept."""

    email = forms.EmailField(
        label="E-mail *",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Cette adresse e-mail n'est pas valable."},
    )
    password = forms.CharField(
        label="Mot de passe *", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    account = forms.CharField(
        label="Numéro de compte",
        required=False,
        max_length=40,
        help_text="Seulement si votre accès ouvre plusieurs comptes jedeclare.com.",
    )

    def credentials(self) -> Credentials:
        return Credentials(self.cleaned_data["email"], self.cleaned_data["password"])


class ColumnsForm(forms.Form):
    """Which column of the file holds what: one choice for each column found, as ImportJob.sample holds them."""

    def __init__(self, *args: Any, columns: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns = columns
        choices = [("", "Ne pas importer"), *SHEET_LABELS.items()]
        for column in columns:
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=f"Colonne {column['letter']} : {column['text'] or 'sans titre'}",
                choices=choices,
                required=False,
                initial=column["field"] or "",
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Each column found with its field."""
        return [{**column, "choice": self[f"column_{column['index']}"]} for column in self._columns]

    @property
    def sample_rows(self) -> list[tuple[str, ...]]:
        """The file's first rows, as far as each column shows one."""
        return list(zip(*(column["samples"] for column in self._columns), strict=True))

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, int] = {}
        for name, field in list(self.cleaned_data.items()):  # add_error takes the field out
            if field and field in chosen:
                self.add_error(name, french(f"« {SHEET_LABELS[field]} » est déjà choisie pour une autre colonne."))
            elif field:
                chosen[field] = int(name.removeprefix("column_"))
        if NAME not in chosen:
            self.add_error(None, "Dites quelle colonne contient la raison sociale.")
        if not any(holder in chosen for holder in SIREN_HOLDERS):
            self.add_error(None, "Dites quelle colonne contient le SIREN, le SIRET ou le numéro de TVA.")
        return {"columns": chosen}
