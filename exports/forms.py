from typing import Any

from django import forms
from django.db.models import QuerySet

from exports.models import ClientExport, ExportConfiguration


class ConfigurationForm(forms.ModelForm[ExportConfiguration]):
    class Meta:
        model = ExportConfiguration
        fields = ["name", "recipient", "with_original"]
        help_texts = {
            "name": "Pour le reconnaître dans la liste, par exemple le nom du logiciel.",
            "recipient": "L'adresse que votre logiciel de production donne pour recevoir des factures.",
            "with_original": "Le Factur-X part toujours ; le fichier reçu peut partir avec lui.",
        }
        widgets = {"recipient": forms.EmailInput(attrs={"autocomplete": "off"})}

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ConnectionForm(forms.Form):
    """« Connexion à l'outil de production » of one client file."""

    configuration = forms.ModelChoiceField(
        ExportConfiguration.objects.none(),
        label="Configuration",
        required=False,
        empty_label="Aucune : rien ne part par e-mail",
    )
    purchases_to = forms.EmailField(label="E-mail pour les achats", required=False)
    sales_to = forms.EmailField(
        label="E-mail pour les ventes",
        required=False,
        help_text="Laissez vides les deux adresses pour utiliser celle de la configuration.",
    )

    def __init__(
        self, data: Any = None, *, configurations: QuerySet[ExportConfiguration], connection: ClientExport | None
    ) -> None:
        current = {}
        if connection is not None:
            current = {
                "configuration": connection.configuration_id,
                "purchases_to": connection.purchases_to,
                "sales_to": connection.sales_to,
            }
        super().__init__(data, initial=current, prefix="connexion")
        self.connection = connection
        field = self.fields["configuration"]
        field.queryset = configurations  # type: ignore[attr-defined] # the declared field is a ModelChoiceField

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
