"""What a role may do, in words. No queries here: selectors decide which rows, these decide which acts."""

from firms.models import Membership


def can_see_every_client(membership: Membership) -> bool:
    return membership.is_administrator


def can_accept_terms(membership: Membership) -> bool:
    """Only an expert-comptable binds the firm."""
    return membership.profile == "expert"


def can_see_terms_proof(membership: Membership) -> bool:
    """It holds the address and the browser of the person who accepted."""
    return membership.is_administrator


def can_manage_users(membership: Membership) -> bool:
    return membership.is_administrator


def can_read_journal(membership: Membership) -> bool:
    return membership.is_administrator


def can_read_emails(membership: Membership) -> bool:
    return membership.is_administrator


def can_manage_api_keys(membership: Membership) -> bool:
    return membership.is_administrator


def can_configure_exports(membership: Membership) -> bool:
    return membership.is_administrator
