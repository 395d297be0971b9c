"""What a member may do with exports."""

from clients.models import Client
from clients.permissions import can_edit_client
from common.permissions import Rights
from firms.models import Membership
from firms.permissions import ADMINISTRATORS, MEMBERS

RIGHTS = Rights("Exports")

can_configure_exports = RIGHTS.add("Gérer les configurations d'export et renvoyer une facture", ADMINISTRATORS)


@RIGHTS.rule(
    "Choisir la configuration d'export d'un client",
    MEMBERS,
    note="Le dossier du cabinet : administrateurs seulement.",
)
def can_connect_client(membership: Membership, client: Client) -> bool:
    """Whoever works on a client file chooses how its invoices leave."""
    return can_edit_client(membership, client)


can_export_firm = RIGHTS.add("Télécharger toutes les données du cabinet", ADMINISTRATORS)
