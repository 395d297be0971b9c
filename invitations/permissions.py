"""Who invites."""

from clients.models import Client
from common.permissions import Rights
from firms.models import Membership
from firms.permissions import ADMINISTRATORS, MEMBERS

RIGHTS = Rights("Invitations")

can_invite = RIGHTS.add("Inviter plusieurs clients à la fois", MEMBERS)


# The firm's own file is nobody's to invite: its space exists from the CGU on.
@RIGHTS.rule(
    "Inviter un client, renvoyer et révoquer son invitation",
    MEMBERS,
    note="Le dossier du cabinet n'est pas invité.",
)
def can_invite_client(_membership: Membership, client: Client) -> bool:
    return not client.is_firm_file


# The firm's words and reminders are every client's to read.
can_change_settings = RIGHTS.add("Changer le message d'invitation et les relances", ADMINISTRATORS)
