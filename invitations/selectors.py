from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import TermsAcceptance
from accounts.selectors import acceptances_of
from clients.enums import ClientStatus
from clients.models import Client
from clients.selectors import clients_visible_to
from common.typography import date_fr
from firms.models import Membership
from invitations.enums import OPEN_STATES, RENEWABLE_STATES, BatchState, InvitationState, RowState
from invitations.models import BatchRow, Invitation, InvitationBatch, InvitationSettings

#: « Connexion en attente » is left alone by bulk acts: a new invitation would withdraw the request.
_CLOSED = (ClientStatus.ACTIVE, ClientStatus.ARCHIVED, ClientStatus.PENDING)
#: Within this time another e-mail may annoy: the dialog says how many were invited lately.
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Lately:
    """Those among the chosen who were written to within LATELY, and between which two moments."""

    count: int
    first: datetime | None
    last: datetime | None

    @property
    def when(self) -> str:
        first, last = date_fr(self.first), date_fr(self.last)
        return f"le {first}" if first == last else f"entre le {first} et le {last}"


@dataclass(frozen=True)
class Selection:
    """What « Activer » would do with the clients chosen."""

    chosen: int
    #: Those who are written to in any case.
    ready: int
    #: Those who could be, but were lately.
    lately: Lately
    without_email: int
    active: int
    archived: int


@dataclass(frozen=True)
class Renewal:
    """What « Renvoyer » would do with the invitations chosen, one for each client."""

    ready: int
    lately: Lately
    accepted: int
    revoked: int


@dataclass(frozen=True)
class Latest:
    """The latest invitation of a client."""

    client: UUID
    state: InvitationState
    renewed_at: datetime


def settings_of(firm: UUID) -> InvitationSettings:
    """What the firm has set, or the defaults."""
    return InvitationSettings.objects.filter(firm=firm).first() or InvitationSettings(firm_id=firm)


def invitable(clients: QuerySet[Client]) -> QuerySet[Client]:
    """Those who can be written to: an address, and not « Actif », « Archivé » or « Connexion en attente »."""
    return clients.exclude(status__in=_CLOSED).exclude(contact_email="").exclude(is_firm_file=True)


def clients_to_invite(membership: Membership) -> QuerySet[Client]:
    """What « Inviter sur jefacture.com » lists: every client file of this member's that is not « Actif » yet."""
    return clients_visible_to(membership).exclude(status__in=_CLOSED).exclude(is_firm_file=True)


def not_invited_lately(clients: QuerySet[Client]) -> QuerySet[Client]:
    return clients.exclude(pk__in=_lately().values("client"))


def _lately() -> QuerySet[Invitation]:
    return Invitation.objects.filter(state__in=OPEN_STATES, renewed_at__gte=timezone.now() - LATELY)


def selection_of(clients: QuerySet[Client]) -> Selection:
    still = ~Q(status__in=_CLOSED)
    counts = clients.aggregate(
        chosen=Count("pk"),
        without_email=Count("pk", filter=still & Q(contact_email="")),
        active=Count("pk", filter=Q(status=ClientStatus.ACTIVE)),
        archived=Count("pk", filter=Q(status=ClientStatus.ARCHIVED)),
    )
    candidates = invitable(clients)
    lately = (
        _lately()
        .filter(client__in=candidates.order_by().values("pk"))
        .aggregate(count=Count("pk"), first=Min("renewed_at"), last=Max("renewed_at"))
    )
    return Selection(ready=candidates.count() - lately["count"], lately=Lately(**lately), **counts)


def latest_of(invitations: QuerySet[Invitation]) -> list[Latest]:
    """The latest of each client among these: the only one that may still be open."""
    found = invitations.order_by("client_id", "-created_at").distinct("client_id")
    rows = found.values_list("client_id", "state", "renewed_at")
    return [Latest(client, InvitationState(state), renewed_at) for client, state, renewed_at in rows]


def renewal_of(invitations: QuerySet[Invitation]) -> Renewal:
    latest = latest_of(invitations)
    since = timezone.now() - LATELY
    moments = [each.renewed_at for each in latest if each.state in OPEN_STATES and each.renewed_at >= since]
    states = Counter(each.state for each in latest)
    return Renewal(
        ready=sum(states[state] for state in RENEWABLE_STATES),
        lately=Lately(len(moments), min(moments, default=None), max(moments, default=None)),
        accepted=states[InvitationState.ACCEPTED],
        revoked=states[InvitationState.REVOKED],
    )


def invitations_visible_to(membership: Membership) -> QuerySet[Invitation]:
    """The invitations of the client files that this member sees, latest first."""
    return (
        Invitation.objects.filter(firm=membership.firm_id, client__in=clients_visible_to(membership))
        .select_related("client")
        .order_by("-renewed_at", "pk")
    )


def get_invitation_or_404(membership: Membership, *, pk: UUID) -> Invitation:
    invitation = invitations_visible_to(membership).filter(pk=pk).first()
    if invitation is None:
        raise Http404("Invitation inconnue.")
    return invitation


def acceptance_behind(invitation: Invitation) -> TermsAcceptance | None:
    """The CGU as they were accepted by this very invitation; another firm's of the same company stay its own."""
    if invitation.state != InvitationState.ACCEPTED or invitation.company_id is None:
        return None
    made = acceptances_of(invitation.company_id).filter(user=invitation.accepted_by)
    return made.filter(accepted_at__lte=invitation.accepted_at).first()


def counts_by_state(membership: Membership) -> dict[str, int]:
    rows = invitations_visible_to(membership).order_by().values_list("state").annotate(number=Count("pk"))
    return {InvitationState(state).value: number for state, number in rows}


def batches_of(membership: Membership) -> QuerySet[InvitationBatch]:
    """An administrateur sees every batch of the firm, an utilisateur his or her own."""
    batches = InvitationBatch.objects.filter(firm=membership.firm_id).order_by("-created_at")
    return batches if membership.is_administrator else batches.filter(created_by=membership.pk)


def get_batch_or_404(membership: Membership, *, pk: UUID) -> InvitationBatch:
    batch = batches_of(membership).filter(pk=pk).first()
    if batch is None:
        raise Http404("Envoi inconnu.")
    return batch


def running_batches(membership: Membership) -> list[InvitationBatch]:
    return list(batches_of(membership).filter(state=BatchState.RUNNING)[:3])


def batch_results(batch: InvitationBatch) -> dict[str, int]:
    """Rows by state (invited, skipped, waiting)."""
    counted = dict(batch.rows.values_list("state").annotate(number=Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in RowState}


def refusals_of(batch: InvitationBatch) -> list[tuple[str, int]]:
    """Why clients of the batch were not written to, and how many each time, the most frequent first."""
    skipped = batch.rows.filter(state=RowState.SKIPPED)
    return list(skipped.values_list("reason").annotate(number=Count("pk")).order_by("-number", "reason"))


def skipped_rows(membership: Membership, batch: InvitationBatch) -> QuerySet[BatchRow]:
    """Of the client files that this member still sees."""
    seen = batch.rows.filter(state=RowState.SKIPPED, client__in=clients_visible_to(membership))
    return seen.select_related("client").order_by("client__search", "pk")
