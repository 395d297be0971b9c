"""« Activer sur jefacture.com »: many invitations by one act, sent by a worker that may die at any line."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from clients.models import Client
from common.journal import record
from common.permissions import ForbiddenError, require
from common.tenancy import tenant
from common.work import LEASE, begin_attempt, wake
from firms.models import Membership
from invitations.enums import BatchState, RowState
from invitations.errors import InvitationError, NothingToSendError
from invitations.models import BatchRow, InvitationBatch
from invitations.permissions import can_invite
from invitations.selectors import get_batch_or_404, invitable
from invitations.services.inviting import invite

#: Clients invited in one transaction, well within the lease of a worker.
_CHUNK = 25
_MAX_ATTEMPTS = 50


def start_batch(actor: Membership, *, clients: QuerySet[Client], pk: UUID) -> InvitationBatch:
    """
    Write down whom to invite, all or nothing, and let a worker do it. Raises NothingToSendError.

    Clients who cannot be invited (no e-mail, already active) are left out. `pk` is chosen by whoever asks, so that
    asking twice, even at once, is asking once.
    """
    require(can_invite(actor), "Vous ne pouvez pas inviter de clients.")
    with tenant(firm=actor.firm_id):
        if InvitationBatch.objects.filter(pk=pk).exists():
            return get_batch_or_404(actor, pk=pk)
        wanted = list(invitable(clients).order_by("search", "pk").values_list("pk", flat=True))
        if not wanted:
            raise NothingToSendError
        batch = InvitationBatch(
            pk=pk, firm_id=actor.firm_id, created_by=actor, total=len(wanted), wake_at=timezone.now()
        )
        try:
            with transaction.atomic():
                batch.save(force_insert=True)
        except IntegrityError:  # the other press has been quicker
            return get_batch_or_404(actor, pk=pk)
        BatchRow.objects.bulk_create(
            (BatchRow(firm_id=actor.firm_id, batch=batch, client_id=pk) for pk in wanted), batch_size=2000
        )
        record(actor, "invitation.batch_started", batch, clients=len(wanted))
        wake(batch)
    return batch


def run_batch(pk: UUID) -> None:
    """Invite the clients of a batch, a few per transaction, from wherever it stands."""
    with tenant(platform="a batch is found by its id, before its firm is known"):
        firm = InvitationBatch.objects.filter(pk=pk, wake_at__isnull=False).values_list("firm", flat=True).first()
    if firm is None or not _begin(firm, pk):
        return
    while _run_chunk(firm, pk):
        pass


def _begin(firm: UUID, pk: UUID) -> bool:
    with tenant(firm=firm):
        batch = InvitationBatch.claim(pk)
        if batch is None:
            return False
        if batch.attempts >= _MAX_ATTEMPTS:
            _finish(batch, BatchState.FAILED)
            return False
        begin_attempt(batch)
    return True


def _run_chunk(firm: UUID, pk: UUID) -> bool:
    """Whether there may be more to do."""
    with tenant(firm=firm):
        batch = InvitationBatch.claim(pk)
        if batch is None:
            return False
        rows = list(
            BatchRow.objects.filter(batch=batch, state=RowState.WAITING)
            .select_related("client", "batch__created_by__user")
            .order_by("pk")[:_CHUNK]
        )
        if not rows:
            _finish(batch, BatchState.DONE)
            return False
        for row in rows:
            _invite_row(row)
        BatchRow.objects.bulk_update(rows, ["state", "reason"])
        batch.done += len(rows)
        batch.wake_at = timezone.now() + LEASE
        batch.save(update_fields=["done", "wake_at"])
    return True


def _invite_row(row: BatchRow) -> None:
    try:
        invite(row.batch.created_by, client=row.client)
    except (InvitationError, ForbiddenError) as error:
        row.state, row.reason = RowState.SKIPPED, str(error)[:300]
    else:
        row.state = RowState.INVITED


def _finish(batch: InvitationBatch, state: BatchState) -> None:
    batch.state, batch.wake_at, batch.finished_at = state, None, timezone.now()
    batch.save(update_fields=["state", "wake_at", "finished_at"])
