"""« Fermer l'espace »: the company leaves. Nobody enters any more, and its firms keep what they received."""

from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client, Company, CompanyMembership
from clients.permissions import can_manage_company
from clients.selectors import firms_connected_to
from clients.services import end_every_membership
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.models import Membership
from invitations.errors import InvitationError
from invitations.messages import tell_of_closing
from invitations.services.answering import decline
from invitations.services.colleagues import revoke_colleague
from invitations.services.locking import lock_client
from invitations.spaces import colleagues_invited, requests_of

_CLOSED = "L'espace de l'entreprise a été fermé."


class MovedOnError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Un cabinet vient d'être connecté à cet espace. Regardez « Cabinets », puis recommencez.")


def close_space(actor: CompanyMembership) -> None:
    """
    Every access ends, what waits is answered, and the client files of the firms become « Archivé ».

    A firm's own space stays that firm's. Raises MovedOnError when a firm was let in at this very moment.
    """
    require(can_manage_company(actor), "Seul un propriétaire ferme l'espace.")
    company = actor.company
    with tenant(company=company.pk):
        for file in _files(company):
            _archive(actor, file, company)
        for request in requests_of(company):
            decline(actor, request=request, reason=_CLOSED)
        for invitation in colleagues_invited(company):
            revoke_colleague(actor, invitation=invitation)
        end_every_membership(actor)
        # Client files come before the company's row, as wherever both are held: one may have been let in meanwhile.
        if _files(company) or requests_of(company).exists():
            raise MovedOnError


def _files(company: Company) -> list[Client]:
    return list(firms_connected_to(company).filter(is_firm_file=False))


def _archive(actor: CompanyMembership, file: Client, company: Company) -> None:
    """Restored, it is « Créé »: the space is not the firm's to open again."""
    with tenant(firm=file.firm_id, company=company.pk):
        client = lock_client(file.pk)
        client.status, client.status_before_archive = ClientStatus.ARCHIVED, ClientStatus.CREATED
        client.updated_at = timezone.now()
        client.save(update_fields=["status", "status_before_archive", "updated_at"])
        record(actor, "client.left", client)
        administrators = Membership.objects.filter(
            firm=file.firm_id, role=Role.ADMINISTRATOR, status=MembershipStatus.ACTIVE
        )
        for administrator in administrators.select_related("user", "firm"):
            tell_of_closing(administrator, client=client, company_name=company.name)
