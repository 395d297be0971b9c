"""What a member may do with client files, in words."""

from clients.enums import CompanyRole
from clients.models import Client, CompanyMembership
from firms.models import Membership


def can_create_client(membership: Membership) -> bool:
    """Every member of the firm creates client files."""
    return membership.is_open


def can_import_clients(membership: Membership) -> bool:
    return membership.is_open


def can_complete_clients(membership: Membership) -> bool:
    """It goes through every file of the firm, whoever sees them."""
    return membership.is_administrator


def can_archive_client(membership: Membership) -> bool:
    return membership.is_administrator


def can_assign(membership: Membership) -> bool:
    return membership.is_administrator


def can_set_confidential(membership: Membership) -> bool:
    return membership.is_administrator


def can_edit_client(membership: Membership, client: Client) -> bool:
    """Whoever sees a file works on it; the firm's own file is the administrateurs'."""
    return membership.is_administrator or not client.is_firm_file


def can_manage_company(actor: CompanyMembership | Membership) -> bool:
    """The owners of a company space decide who enters it: its people and its firms."""
    return isinstance(actor, CompanyMembership) and actor.role == CompanyRole.OWNER and actor.ended_at is None
