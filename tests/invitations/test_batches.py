"""« Activer sur jefacture.com »: everybody chosen, once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from clients.models import Client
from common.tenancy import tenant
from invitations.enums import BatchState, RowState
from invitations.errors import NothingToSendError
from invitations.models import BatchRow, Invitation, InvitationBatch
from invitations.selectors import Lately, Selection, batch_results, selection_of
from invitations.services import batches, invite, run_batch, save_settings, start_batch
from invitations.tasks import run_batch as run_batch_task
from tests.factories import Cabinet, make_active_client, make_client
from tests.invitations.conftest import Link, send_waiting_mail, texts_of
from tests.outbox.smtp_server import Recorder


def batch_now(batch: InvitationBatch) -> InvitationBatch:
    with tenant(firm=batch.firm_id):
        return InvitationBatch.objects.get(pk=batch.pk)


def everybody(cabinet: Cabinet, **options: Any) -> InvitationBatch:
    with tenant(firm=cabinet.firm.pk):
        return start_batch(cabinet.administrator, clients=Client.objects.all(), pk=uuid4(), **options)


def clients_of(batch: InvitationBatch) -> list[UUID]:
    with tenant(firm=batch.firm_id):
        return list(batch.rows.values_list("client", flat=True))


def test_batch_invites_everybody_who_can_be_and_is_done(
    cabinet: Cabinet, smtp: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_CHUNK", 10)
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


def test_number_of_statements_does_not_grow_with_the_clients_of_a_chunk(
    cabinet: Cabinet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for clients in (1, 20):
        chosen = [make_client(cabinet.firm).pk for _ in range(clients)]
        for _again in range(2):
            with tenant(firm=cabinet.firm.pk):
                some = Client.objects.filter(pk__in=chosen)
                batch = start_batch(cabinet.administrator, clients=some, pk=uuid4(), lately_too=True)
            with django_assert_num_queries(37):
                run_batch(batch.pk)


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
        sent = Invitation.objects.get().renewed_at
        found = selection_of(Client.objects.all())
    lately = Lately(count=1, first=sent, last=sent)
    assert found == Selection(chosen=5, ready=1, lately=lately, without_email=1, active=1, archived=1)


def test_those_invited_lately_are_left_out_unless_asked(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    before = [make_client(cabinet.firm) for _ in range(2)]
    invitations = [invite(cabinet.administrator, client=client) for client in before]
    invite(other_cabinet.administrator, client=other_cabinet.client)
    with tenant(firm=cabinet.firm.pk):
        Invitation.objects.filter(pk=invitations[1].pk).update(renewed_at=timezone.now() - timedelta(days=7))
    assert set(clients_of(everybody(cabinet))) == {cabinet.client.pk, before[1].pk}
    assert set(clients_of(everybody(cabinet, lately_too=True))) == {cabinet.client.pk, *(each.pk for each in before)}


def test_batch_of_only_those_invited_lately_is_not_started(cabinet: Cabinet, link: Link) -> None:
    with pytest.raises(NothingToSendError):
        everybody(cabinet)


def test_words_of_the_batch_are_in_each_of_its_messages(cabinet: Cabinet, smtp: Recorder) -> None:
    save_settings(cabinet.administrator, words="Ceux du cabinet.", reminder_days=0, max_reminders=1)
    run_batch(everybody(cabinet, words="Ceux de cet envoi.").pk)
    make_client(cabinet.firm)
    run_batch(everybody(cabinet).pk)
    send_waiting_mail()
    assert [("Ceux de cet envoi." in text, "Ceux du cabinet." in text) for text in texts_of(smtp)] == [
        (True, False),
        (False, True),
    ]
