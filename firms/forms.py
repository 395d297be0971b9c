from datetime import timedelta

from django import forms

_GRACES = {
    "0": ("Tout de suite", timedelta()),
    "1": ("Dans 24 heures", timedelta(days=1)),
    "7": ("Dans 7 jours", timedelta(days=7)),
    "30": ("Dans 30 jours", timedelta(days=30)),
}


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
