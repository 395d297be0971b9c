"""What a company's own people see: the firms that wait to be let in, the colleagues who are invited."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clients.models import Client, Company, EarlierAccess
from clients.selectors import firms_connected_to
from invitations.enums import ColleagueState, InvitationState
from invitations.models import CompanyInvitation, Invitation


def requests_of(company: Company) -> QuerySet[Invitation]:
    """Invitations by which a firm waits for the owner's answer, inside the company's tenant, the oldest first."""
    return (
        Invitation.objects.filter(company_id=company.pk, waits_for_owner=True)
        .select_related("firm", "accepted_by")
        .order_by("accepted_at", "pk")
    )


def get_request_or_404(company: Company, *, pk: UUID) -> Invitation:
    """Also one that was answered: the service says so."""
    found = Invitation.objects.filter(company_id=company.pk, pk=pk).select_related("firm").first()
    if found is None:
        raise Http404("Demande inconnue.")
    return found


def connected_firms(company: Company) -> list[tuple[Client, str]]:
    """The firms that see the company's invoices, and who let each of them in, as far as an invitation tells."""
    files = list(firms_connected_to(company))
    accepted = Invitation.objects.filter(client__in=files, company_id=company.pk, state=InvitationState.ACCEPTED)
    who = {
        invitation.client_id: str(invitation.answered_by or invitation.accepted_by)
        for invitation in accepted.select_related("answered_by", "accepted_by").order_by("accepted_at")
    }
    return [(file, who.get(file.pk, "")) for file in files]


def colleagues_invited(company: Company) -> QuerySet[CompanyInvitation]:
    """Those whose link still leads in, or once did: neither accepted nor revoked."""
    return CompanyInvitation.objects.filter(company=company, state=ColleagueState.OPEN).order_by("created_at", "pk")


def get_colleague_invitation_or_404(company: Company, *, pk: UUID) -> CompanyInvitation:
    found = CompanyInvitation.objects.filter(company=company, pk=pk).first()
    if found is None:
        raise Http404("Invitation inconnue.")
    return found


def earlier_access_of(company: Company) -> QuerySet[EarlierAccess]:
    """The owner's agreements on earlier invoices, and how far each is."""
    return EarlierAccess.objects.filter(company=company).select_related("firm").order_by("-created_at")
