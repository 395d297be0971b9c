"""The deliveries' step of « Pour bien démarrer »."""

from exports.models import ExportConfiguration, PartnerCall
from exports.permissions import can_configure_exports
from firms.home import Step
from firms.models import Membership


def delivery_step(membership: Membership) -> Step:
    """Done when invoices have a way out: an export configuration, or a partner software that has called."""
    if PartnerCall.objects.filter(firm=membership.firm_id).exists():
        done, text = True, "Votre logiciel vient chercher les factures."
    elif ExportConfiguration.objects.filter(firm=membership.firm_id).exists():
        done, text = True, "Une configuration d'export est prête."
    else:
        done, text = False, "Branchez votre logiciel, ou faites partir les factures par e-mail."
    return Step(
        icon="paper-airplane",
        title="Livraison",
        text=text,
        done=int(done),
        total=1,
        url_name="exports:settings",
        act="Paramètres d'export",
        may=can_configure_exports(membership),
    )
