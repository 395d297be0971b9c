"""« Activer sur jefacture.com »: many invitations by one act, sent by a worker that may die at any line."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from clients.models import Client
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from common.work import LEASE, begin_attempt, wake
from firms.models import Membership
from invitations.enums import BatchState, InvitationState, RowState
from invitations.errors import InvitationError, NothingToSendError, RevokedError, UsedError
from invitations.models import BatchRow, Invitation, InvitationBatch
from invitations.permissions import can_invite
from invitations.selectors import get_batch_or_404, invitable, latest_of, not_invited_lately, settings_of
from invitations.services.inviting import invite_all

#: Clients invited in one transaction, well within the lease of a worker.
_CHUNK = 100
_MAX_ATTEMPTS = 50
#: Invitations that are not sent again, and why.
_CLOSED: Final[dict[str, InvitationError]] = {
    InvitationState.ACCEPTED: UsedError(),
    InvitationState.REVOKED: RevokedError(),
}


def start_batch(
    actor: Membership, *, clients: QuerySet[Client], pk: UUID, words: str | None = None, lately_too: bool = False
) -> InvitationBatch:
    """
    Write down whom to invite, all or nothing, and let a worker do it. Raises NothingToSendError.

    Clients who cannot be invited (no e-mail, already active) are left out, and those invited lately unless
    `lately_too`. `words` are the firm's own, those of its settings unless given. `pk` is chosen by whoever asks, so
    that asking twice, even at once, is asking once.
    """
    batch = InvitationBatch(pk=pk, firm_id=actor.firm_id, created_by=actor)
    wanted = invitable(clients) if lately_too else not_invited_lately(invitable(clients))
    return _start(
        batch, words, lambda: [_row(batch, pk) for pk in wanted.order_by("search").values_list("pk", flat=True)]
    )


def start_resending(
    actor: Membership, *, invitations: QuerySet[Invitation], pk: UUID, words: str | None = None
) -> InvitationBatch:
    """
    « Renvoyer » many: as start_batch, for the clients of these invitations. Those that were accepted or revoked stand
    in the batch as refused. Raises NothingToSendError.
    """
    batch = InvitationBatch(pk=pk, firm_id=actor.firm_id, created_by=actor, again=True)
    return _start(
        batch, words, lambda: [_row(batch, each.client, _CLOSED.get(each.state)) for each in latest_of(invitations)]
    )


def _row(batch: InvitationBatch, client: UUID, refusal: InvitationError | None = None) -> BatchRow:
    state = RowState.SKIPPED if refusal else RowState.WAITING
    return BatchRow(firm_id=batch.firm_id, batch=batch, client_id=client, state=state, reason=str(refusal or ""))


def _start(batch: InvitationBatch, words: str | None, choose: Callable[[], list[BatchRow]]) -> InvitationBatch:
    actor = batch.created_by
    require(can_invite(actor), "Vous ne pouvez pas inviter de clients.")
    with tenant(firm=actor.firm_id):
        if InvitationBatch.objects.filter(pk=batch.pk).exists():
            return get_batch_or_404(actor, pk=batch.pk)
        rows = choose()
        batch.total, batch.done = len(rows), sum(row.state != RowState.WAITING for row in rows)
        if batch.done == batch.total:
            raise NothingToSendError
        batch.words = settings_of(actor.firm_id).words if words is None else words
        batch.wake_at = timezone.now()
        try:
            with transaction.atomic():
                batch.save(force_insert=True)
        except IntegrityError:  # the other press has been quicker
            return get_batch_or_404(actor, pk=batch.pk)
        BatchRow.objects.bulk_create(rows, batch_size=2000)
        action = "invitation.resend_started" if batch.again else "invitation.batch_started"
        record(actor, action, batch, clients=batch.total - batch.done)
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
            .select_related("batch__created_by__user", "batch__created_by__firm")
            .order_by("pk")[:_CHUNK]
        )
        if not rows:
            _finish(batch, BatchState.DONE)
            return False
        _invite_rows(rows)
        batch.done += len(rows)
        batch.wake_at = timezone.now() + LEASE
        batch.save(update_fields=["done", "wake_at"])
    return True


def _invite_rows(rows: list[BatchRow]) -> None:
    batch = rows[0].batch
    outcome = invite_all(batch.created_by, clients=[row.client_id for row in rows], words=batch.words)
    invited = [row.pk for row in rows if row.client_id in outcome.sent]
    BatchRow.objects.filter(pk__in=invited).update(state=RowState.INVITED)
    refused = [row for row in rows if row.client_id in outcome.refused]
    for row in refused:
        row.state, row.reason = RowState.SKIPPED, str(outcome.refused[row.client_id])[:300]
    BatchRow.objects.bulk_update(refused, ["state", "reason"])


def _finish(batch: InvitationBatch, state: BatchState) -> None:
    batch.state, batch.wake_at, batch.finished_at = state, None, timezone.now()
    batch.save(update_fields=["state", "wake_at", "finished_at"])
