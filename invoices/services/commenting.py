"""Comments on an invoice: read by the company's people and by the firms that follow it, and never changed."""

from clients.models import CompanyMembership
from common.journal import record
from common.permissions import require
from firms.models import Membership
from invoices.models import Invoice, InvoiceComment
from invoices.permissions import can_comment

MAX_LENGTH = 2000


class CommentError(ValueError):
    """It cannot be kept; the message says why, in French."""


def comment(actor: CompanyMembership | Membership, *, invoice: Invoice, text: str) -> InvoiceComment:
    """Plain text, in the company's tenant. Raises CommentError."""
    require(can_comment(actor), "Vous ne pouvez pas commenter cette facture.")
    # PostgreSQL keeps no NUL.
    said = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not said:
        raise CommentError("Écrivez votre commentaire.")
    if len(said) > MAX_LENGTH:
        raise CommentError("Ce commentaire est trop long : 2 000 caractères au plus.")
    if isinstance(actor, CompanyMembership):
        person, house = actor.person, actor.company.name
    else:
        person, house = actor.user, actor.firm.name
    made = InvoiceComment.objects.create(
        company_id=invoice.company_id,
        invoice=invoice,
        person=person,
        author=actor.actor_name[:200],
        house=house[:200],
        text=said,
    )
    record(actor, "invoice.commented", invoice)
    return made
