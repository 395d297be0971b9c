"""Who invites, in words."""

from clients.models import Client
from firms.models import Membership


def can_invite(membership: Membership) -> bool:
    """Every member of the firm invites the clients that he or she sees."""
    return membership.is_open


def can_invite_client(membership: Membership, client: Client) -> bool:
    """The firm's own file is nobody's to invite: its space exists from the CGU on."""
    return can_invite(membership) and not client.is_firm_file


def can_change_settings(membership: Membership) -> bool:
    """The firm's words and reminders are every client's to read."""
    return membership.is_administrator
