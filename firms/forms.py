from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, RegexValidator
from django.utils import timezone

from common.masking import mask_keys
from common.typography import french
from firms.enums import Scope
from firms.keys import Rules
from firms.logo import MAX_BYTES, LogoError, redrawn
from firms.models import ApiKey, Firm, PartnerSoftware
from firms.networks import NetworkError, clean_network
from firms.profile import Contact
from firms.selectors import partner_software

_GRACES = {
    "0": ("Tout de suite", timedelta()),
    "1": ("Dans 24 heures", timedelta(days=1)),
    "7": ("Dans 7 jours", timedelta(days=7)),
    "30": ("Dans 30 jours", timedelta(days=30)),
}
_MAX_NETWORKS = 50
_SCOPES = (
    (Scope.READ, "Lire : lister et télécharger les factures"),
    (Scope.ACKNOWLEDGE, "Acquitter : une facture téléchargée devient « Transférée »"),
    (Scope.DEPOSIT, "Déposer : envoyer des factures pour vos clients"),
)


class RegenerateForm(forms.Form):
    """How long the old key keeps working beside the new one."""

    grace = forms.ChoiceField(
        label="L'ancienne clé cesse de fonctionner",
        choices=[(days, label) for days, (label, _delay) in _GRACES.items()],
        initial="7",
        widget=forms.RadioSelect,
        help_text="Le temps de donner la nouvelle clé à votre logiciel de production.",
    )

    def delay(self) -> timedelta:
        return _GRACES[self.cleaned_data["grace"]][1]


class KeyForm(forms.Form):
    name = forms.CharField(
        label="Nom",
        max_length=100,
        help_text="Pour la reconnaître, par exemple le logiciel qui s'en sert.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="Droits", choices=_SCOPES, initial=[Scope.READ, Scope.ACKNOWLEDGE], widget=forms.CheckboxSelectMultiple
    )
    software = forms.ModelChoiceField(
        partner_software(),
        label="Logiciel partenaire",
        required=False,
        empty_label="Tous les logiciels partenaires",
        help_text="Un autre logiciel qui la présente est refusé.",
    )
    networks = forms.CharField(
        label="Adresses IP autorisées",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false", "autocomplete": "off"}),
        help_text="Une par ligne, IPv4 ou IPv6, adresse (203.0.113.7) ou plage (2001:db8::/32). Vide : de partout.",
    )
    expires_on = forms.DateField(
        label="Dernier jour",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Elle cesse de fonctionner à la fin de ce jour. Vide : sans limite.",
        # A successor lives as long again, which the calendar must still hold.
        validators=[MaxValueValidator(date(2999, 12, 31), "Ce jour est trop lointain.")],
    )

    def __init__(self, data: Any = None, *, key: ApiKey | None = None) -> None:
        super().__init__(data, initial=_values_of(key) if key else None)
        if key and key.software:  # one that jefacture no longer lists stays bound
            field = self.fields["software"]
            known = partner_software() | PartnerSoftware.objects.filter(pk=key.software.pk)
            field.queryset = known  # type: ignore[attr-defined] # the declared field is a ModelChoiceField

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if mask_keys(name) != name:
            raise ValidationError("Ce nom contient une clé : donnez-lui un autre nom.")
        return name

    def clean_networks(self) -> list[str]:
        typed = self.cleaned_data["networks"].replace(",", " ").split()
        if len(typed) > _MAX_NETWORKS:
            raise ValidationError(f"{_MAX_NETWORKS} adresses ou plages au plus.")
        try:
            return list(dict.fromkeys(clean_network(word) for word in typed))
        except NetworkError as error:
            raise ValidationError(french(str(error))) from error

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError("Ce jour est passé.")
        return day

    def rules(self) -> Rules:
        day = self.cleaned_data["expires_on"]
        return {
            "scopes": self.cleaned_data["scopes"],
            "software": self.cleaned_data["software"],
            "networks": self.cleaned_data["networks"],
            "expires_at": timezone.make_aware(datetime.combine(day, time.max)) if day else None,
        }


def _values_of(key: ApiKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "scopes": key.scopes,
        "software": key.software_id,
        "networks": "\n".join(key.networks),
        "expires_on": timezone.localdate(key.expires_at) if key.expires_at else None,
    }


class ProfileForm(forms.ModelForm[Firm]):
    """What the firm's clients see of it. `picture()` is the logo that was chosen, redrawn as ours."""

    logo_file = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG ou WebP, 2 Mo au plus. Il est réduit pour tenir dans 480 × 160 pixels.",
    )
    remove_logo = forms.BooleanField(label="Retirer le logo actuel", required=False)

    class Meta:
        model = Firm
        fields = ["sender_name", "contact_email", "contact_phone"]
        help_texts = {
            "sender_name": "Le nom sous lequel vos clients reçoivent vos invitations. Vide : la raison sociale.",
            "contact_email": "Affiché sur vos invitations ; les réponses à leurs e-mails y arrivent.",
            "contact_phone": "Affiché sur vos invitations.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact_phone"].validators.append(
            RegexValidator(r"\A[+0-9][0-9 ().\-]{3,}\Z", "Ce numéro de téléphone n'est pas valable.")
        )
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_sender_name(self) -> str:
        return " ".join(str(self.cleaned_data["sender_name"]).split())

    def clean_logo_file(self) -> bytes | None:
        upload: UploadedFile[bytes] | None = self.cleaned_data["logo_file"]
        if upload is None:
            return None
        try:
            return redrawn(upload.read(MAX_BYTES + 1))
        except LogoError as error:
            raise ValidationError(french(str(error))) from error

    def contact(self) -> Contact:
        return {
            "sender_name": self.cleaned_data["sender_name"],
            "contact_email": self.cleaned_data["contact_email"],
            "contact_phone": self.cleaned_data["contact_phone"],
        }

    def picture(self) -> bytes | None:
        picture: bytes | None = self.cleaned_data["logo_file"]
        return picture

    def removes_logo(self) -> bool:
        return bool(self.cleaned_data.get("remove_logo"))
