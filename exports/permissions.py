"""What a member may do with exports, in words. Configurations are the administrateurs': firms.permissions says so."""

from clients.models import Client
from clients.permissions import can_edit_client
from firms.models import Membership


def can_connect_client(membership: Membership, client: Client) -> bool:
    """Whoever works on a client file chooses how its invoices leave."""
    return can_edit_client(membership, client)
