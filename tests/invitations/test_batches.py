"""« Activer sur jefacture.com »: everybody chosen, once."""

from uuid import uuid4

import pytest

from clients.enums import ClientStatus
from clients.models import Client
from common.tenancy import tenant
from invitations.enums import BatchState, RowState
from invitations.errors import NothingToSendError
from invitations.models import BatchRow, Invitation, InvitationBatch
from invitations.selectors import batch_results, selection_of
from invitations.services import run_batch, start_batch
from invitations.tasks import run_batch as run_batch_task
from tests.factories import Cabinet, make_active_client, make_client
from tests.invitations.conftest import send_waiting_mail
from tests.outbox.smtp_server import Recorder


def batch_now(batch: InvitationBatch) -> InvitationBatch:
    with tenant(firm=batch.firm_id):
        return InvitationBatch.objects.get(pk=batch.pk)


def everybody(cabinet: Cabinet) -> InvitationBatch:
    with tenant(firm=cabinet.firm.pk):
        return start_batch(cabinet.administrator, clients=Client.objects.all(), pk=uuid4())


def test_batch_invites_everybody_who_can_be_and_is_done(cabinet: Cabinet, smtp: Recorder) -> None:
    clients = [cabinet.client, *(make_client(cabinet.firm) for _ in range(30))]
    make_client(cabinet.firm, contact_email="")
    make_active_client(cabinet.firm)
    batch = everybody(cabinet)
    assert (batch.total, batch.state) == (31, BatchState.RUNNING)
    run_batch_task(str(batch.pk))
    run_batch_task(str(batch.pk))
    found = batch_now(batch)
    assert (found.state, found.done, found.wake_at) == (BatchState.DONE, 31, None)
    send_waiting_mail()
    assert sorted(message["To"] for message in smtp.messages) == sorted(client.contact_email for client in clients)
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.filter(status=ClientStatus.INVITED).count() == 31
        assert batch_results(batch) == {"waiting": 0, "invited": 31, "skipped": 0}


def test_client_who_became_active_meanwhile_is_skipped_with_the_reason(cabinet: Cabinet) -> None:
    batch = everybody(cabinet)
    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(pk=cabinet.client.pk).update(status=ClientStatus.ACTIVE)
    run_batch(batch.pk)
    with tenant(firm=cabinet.firm.pk):
        row = BatchRow.objects.get()
        assert (row.state, row.reason) == (RowState.SKIPPED, "Ce client est déjà actif sur jefacture.")
        assert Invitation.objects.count() == 0
    assert batch_now(batch).state == BatchState.DONE


def test_batch_without_anybody_to_write_to_is_not_started(cabinet: Cabinet) -> None:
    with tenant(firm=cabinet.firm.pk), pytest.raises(NothingToSendError):
        start_batch(cabinet.administrator, clients=Client.objects.filter(contact_email=""), pk=uuid4())
    with tenant(firm=cabinet.firm.pk):
        assert InvitationBatch.objects.count() == 0


def test_batch_goes_on_where_a_dead_worker_left_it(cabinet: Cabinet, smtp: Recorder) -> None:
    for _ in range(3):
        make_client(cabinet.firm)
    batch = everybody(cabinet)
    with tenant(firm=cabinet.firm.pk):
        first = BatchRow.objects.order_by("pk")[0]
        BatchRow.objects.filter(pk=first.pk).update(state=RowState.INVITED)
        InvitationBatch.objects.filter(pk=batch.pk).update(done=1)
    run_batch(batch.pk)
    send_waiting_mail()
    assert batch_now(batch).done == 4
    assert len(smtp.messages) == 3


def test_selection_is_counted_before_anything_is_sent(cabinet: Cabinet) -> None:
    make_client(cabinet.firm, contact_email="")
    make_client(cabinet.firm, status=ClientStatus.ARCHIVED)
    make_active_client(cabinet.firm)
    run_batch(everybody(cabinet).pk)
    make_client(cabinet.firm)
    with tenant(firm=cabinet.firm.pk):
        found = selection_of(Client.objects.all())
    assert (found.chosen, found.invitable, found.without_email, found.active, found.archived, found.lately) == (
        5,
        2,
        1,
        1,
        1,
        1,
    )
