"""What may be done with invoices, in words."""

from clients.models import Client, CompanyMembership
from firms.models import Membership


def can_deposit(actor: CompanyMembership | Membership, client: Client | None) -> bool:
    """The company's people for themselves; a firm's member for an « Actif » client."""
    if isinstance(actor, CompanyMembership):
        return actor.ended_at is None
    return client is not None and client.is_active


def can_complete(actor: CompanyMembership | Membership) -> bool:
    """State what a file says, or refuse it: whoever may decide of the invoice that it makes."""
    return can_decide(actor)


def can_decide(actor: CompanyMembership | Membership) -> bool:
    """Validate, refuse, undo: the company or its firm."""
    if isinstance(actor, CompanyMembership):
        return actor.ended_at is None
    return actor.is_open
