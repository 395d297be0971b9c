from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.forms import new_password_field
from accounts.models import Terms, User
from accounts.passwords import Rules, rules_for
from common.folding import fold
from common.typography import french
from invitations.models import MAX_WORDS, CompanyInvitation, InvitationSettings


class JoinForm(forms.Form):
    """Ticking the CGU, as they were shown."""

    #: Written by the page itself: what it shows, not what was posted before.
    version = forms.CharField(widget=forms.HiddenInput)
    terms = forms.BooleanField(error_messages={"required": "Cochez la case pour accepter les CGU."})

    def __init__(self, *args: Any, terms: Terms, company_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = terms
        self.fields["terms"].label = f"J'accepte les conditions générales d'utilisation pour {company_name}"

    def clean_version(self) -> str:
        version: str = self.cleaned_data["version"]
        if version != self.shown.version:
            raise forms.ValidationError("Les CGU ont changé entre-temps : relisez-les, puis acceptez-les.")
        return version


class AcceptForm(JoinForm):
    """A company account's first password, with the rules that it must follow."""

    email = forms.EmailField(
        label="E-mail",
        disabled=True,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text="Votre identifiant de connexion.",
    )
    password = new_password_field("Mot de passe")
    field_order = ("email", "password", "terms", "version")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        """`person`: not saved yet; the address to sign in with, and what the password may not resemble."""
        super().__init__(*args, **kwargs)
        self.initial["email"] = person.email
        self._person = person

    @property
    def rules(self) -> Rules:
        return rules_for(self._person)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, user=self._person)
        return password


class ColleagueForm(forms.ModelForm[CompanyInvitation]):
    """« Inviter un collègue »."""

    class Meta:
        model = CompanyInvitation
        fields = ("email", "role")
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}
        error_messages = {"email": {"invalid": "Cette adresse e-mail n'est pas valable."}}
        help_texts = {"role": "Un propriétaire gère aussi les utilisateurs et les cabinets."}


class CloseForm(forms.Form):
    """« Fermer l'espace »: its name is typed, so that nobody does it by a slip."""

    name = forms.CharField(label="Nom de l'entreprise", widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, company_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._company_name = company_name
        self.fields["name"].help_text = french(f"Pour confirmer, tapez « {company_name} ».")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if fold(name) != fold(self._company_name):
            raise forms.ValidationError("Ce n'est pas le nom de l'entreprise.")
        return name


class AnswerForm(forms.Form):
    """What an owner says to a firm that asks to be let in."""

    person_too = forms.BooleanField(required=False)
    #: The firm sees earlier invoices too; `since` is the first date, all where it is left empty.
    earlier = forms.BooleanField(required=False)
    since = forms.DateField(required=False, error_messages={"invalid": "Cette date n'existe pas."})
    reason = forms.CharField(
        label="Motif du refus",
        required=False,
        max_length=300,
        error_messages={"max_length": "Le motif compte 300 caractères au plus."},
    )


class WordsField(forms.CharField):
    """A firm's own words: plain text. A line break counts as one character, as browsers count it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(**{**kwargs, "widget": widget, "required": False, "max_length": MAX_WORDS})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class WordsForm(forms.Form):
    """What « Activer » and « Renvoyer » ask before they send."""

    words = WordsField(
        label="Vos mots dans l'e-mail",
        help_text="1\u202f000 caractères au plus, sans mise en forme. L'e-mail est complet sans eux.",
    )

    @property
    def trouble(self) -> str:
        """What is wrong, in a sentence: a dialog that was sent is gone."""
        return f"Vos mots dans l'e-mail\u00a0: {' '.join(map(str, self.errors['words']))}"


class SettingsForm(forms.ModelForm[InvitationSettings]):
    """« Paramètres d'invitation »."""

    class Meta:
        model = InvitationSettings
        fields = ("words", "reminder_days", "max_reminders")
        field_classes = {"words": WordsField}
        help_texts = {
            "words": french(
                "Ils figurent dans chaque invitation, et peuvent être changés avant chaque envoi groupé."
                " 1\u202f000 caractères au plus, sans mise en forme."
            ),
            "reminder_days": french(
                "Une relance part d'elle-même vers qui n'a pas encore accepté, y compris pour les invitations déjà"
                " envoyées. Comme « Renvoyer », elle contient un nouveau lien : le précédent ne mène plus nulle part."
            ),
            "max_reminders": "Le délai court à nouveau après chaque relance.",
        }
