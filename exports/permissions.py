"""What a member may do with exports."""

from clients.models import Client
from clients.permissions import can_edit_client
from common.permissions import Rights
from firms.models import Membership
from firms.permissions import MEMBERS

RIGHTS = Rights("Exports")


@RIGHTS.rule(
    "Choisir la configuration d'export d'un client",
    MEMBERS,
    note="Le dossier du cabinet : administrateurs seulement.",
)
def can_connect_client(membership: Membership, client: Client) -> bool:
    """Whoever works on a client file chooses how its invoices leave."""
    return can_edit_client(membership, client)
