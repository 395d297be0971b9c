"""« Compléter mes clients »: what is written, what is left alone, and how it goes on after whatever happened."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
import redis
from django.conf import settings as configured
from django.utils import timezone

from clients.enums import ClientStatus, EnrichmentState
from clients.models import Client, Enrichment
from clients.services import EnrichmentStateError, run_enrichment, start_enrichment, stop_enrichment, update_client
from clients.tasks import run_enrichment as task
from common.models import JournalEntry
from common.permissions import ForbiddenError
from common.tenancy import tenant
from tests.clients.directory.conftest import ROOT, StandIn
from tests.factories import Cabinet, make_cabinet, make_client, siren
from tests.together import together

PONTS, CLOSED, UNKNOWN, HIDDEN = "441209327", "441209608", "441209707", "814002465"


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    """A firm whose one file is archived: nothing to look up but what a test adds."""
    made = make_cabinet()
    with tenant(firm=made.firm.pk):
        Client.objects.update(status=ClientStatus.ARCHIVED)
    return made


def reload(enrichment: Enrichment) -> Enrichment:
    with tenant(firm=enrichment.firm_id):
        return Enrichment.objects.get(pk=enrichment.pk)


def enrich(cabinet: Cabinet) -> Enrichment:
    enrichment = start_enrichment(cabinet.administrator)
    run_enrichment(enrichment.pk)
    return reload(enrichment)


def file(client: Client, *names: str) -> tuple[Any, ...]:
    with tenant(firm=client.firm_id):
        return tuple(Client.objects.values_list(*names).get(pk=client.pk))


def lines(client: Client) -> list[Any]:
    with tenant(firm=client.firm_id):
        found = JournalEntry.objects.filter(object_id=client.pk, action="client.completed")
        return list(found.values_list("data", flat=True))


def counts(enrichment: Enrichment) -> tuple[int, ...]:
    return (
        enrichment.total,
        enrichment.checked,
        enrichment.completed,
        enrichment.unknown,
        enrichment.ceased,
    )


PLACE = ("siret", "vat_number", "street", "postal_code", "city")


def test_blank_values_are_filled_and_each_file_has_its_line(cabinet: Cabinet) -> None:
    client = make_client(cabinet.firm, siren=PONTS, name="Les Deux Ponts", contact_email="a@b.test")
    done = enrich(cabinet)
    assert (done.state, done.wake_at, counts(done)) == (EnrichmentState.DONE, None, (1, 1, 1, 0, 0))
    filled = ("44120932700010", "FR40441209327", "4 QUAI DES TANNEURS", "44000", "NANTES")
    assert file(client, *PLACE) == filled
    assert file(client, "name", "version", "ceased_on", "search") == (
        "Les Deux Ponts",
        2,
        None,
        "les deux ponts 441209327 a@b.test nantes",
    )
    assert lines(client) == [{"changes": {name: ["", value] for name, value in zip(PLACE, filled, strict=True)}}]


@pytest.mark.parametrize(
    "own",
    [
        {"city": "Rezé"},
        {"postal_code": "44100"},
        {"street": "1 rue Neuve", "postal_code": "44000", "city": "Nantes"},
        {"siret": "44120932700036", "city": "Angers"},
        {"country": "BE"},
    ],
)
def test_file_that_speaks_of_another_place_keeps_it_as_it_is(cabinet: Cabinet, own: dict[str, Any]) -> None:
    client = make_client(cabinet.firm, siren=PONTS, **own)
    before = file(client, *PLACE)
    enrich(cabinet)
    assert file(client, *PLACE) == (before[0], "FR40441209327", *before[2:])


def test_address_that_agrees_is_completed_and_nothing_is_replaced(cabinet: Cabinet) -> None:
    client = make_client(cabinet.firm, siren=PONTS, city="Nantes", vat_number="FR00441209327")
    enrich(cabinet)
    assert file(client, *PLACE) == ("44120932700010", "FR00441209327", "4 QUAI DES TANNEURS", "44000", "Nantes")


def test_file_with_a_siret_gets_the_address_of_that_office(cabinet: Cabinet, stand_in: StandIn) -> None:
    client = make_client(cabinet.firm, siren=PONTS, siret="44120932700028")
    enrich(cabinet)
    assert file(client, "siret", "street") == ("44120932700028", "20 ZONE ARTISANALE")
    assert stand_in.asked == ["44120932700028"]


def test_closed_unknown_and_hidden_companies_are_counted_and_marked(cabinet: Cabinet) -> None:
    closed, unknown, hidden = (make_client(cabinet.firm, siren=number) for number in (CLOSED, UNKNOWN, HIDDEN))
    assert counts(enrich(cabinet)) == (3, 3, 2, 1, 1)
    assert file(closed, "ceased_on") == (date(2024, 3, 12),)
    assert lines(closed)[0]["changes"]["ceased_on"] == ["", "12/03/2024"]
    assert file(unknown, "version", "ceased_on", *PLACE) == (1, None, "", "", "", "", "")
    assert file(hidden, "name", "street", "city") == (hidden.name, "", "LYON")
    assert {file(client, "directory_checked_at")[0] is None for client in (closed, unknown, hidden)} == {False}


def test_second_time_changes_nothing_and_asks_nothing(cabinet: Cabinet, stand_in: StandIn) -> None:
    client = make_client(cabinet.firm, siren=CLOSED)
    enrich(cabinet)
    assert counts(enrich(cabinet)) == (1, 1, 0, 0, 1)
    assert (file(client, "version"), len(lines(client)), len(stand_in.asked)) == ((2,), 1, 1)


def test_company_that_opened_again_is_no_longer_marked(cabinet: Cabinet) -> None:
    client = make_client(cabinet.firm, siren=PONTS, ceased_on=date(2020, 1, 1))
    enrich(cabinet)
    assert file(client, "ceased_on") == (None,)


def test_file_opened_in_the_meantime_is_looked_up_and_counted(cabinet: Cabinet) -> None:
    enrichment = start_enrichment(cabinet.administrator)
    make_client(cabinet.firm, siren=PONTS)
    run_enrichment(enrichment.pk)
    assert counts(reload(enrichment)) == (1, 1, 1, 0, 0)


def test_another_firm_s_files_are_left_alone(cabinet: Cabinet, stand_in: StandIn) -> None:
    other = make_client(make_cabinet().firm, siren=PONTS)
    make_client(cabinet.firm, siren=PONTS)
    enrich(cabinet)
    assert (file(other, "version", "street"), stand_in.asked) == ((1, ""), [PONTS])


def test_only_an_administrateur_starts_and_stops(cabinet: Cabinet) -> None:
    enrichment = start_enrichment(cabinet.administrator)
    for act in (
        lambda: start_enrichment(cabinet.assigned),
        lambda: stop_enrichment(cabinet.assigned, enrichment=enrichment),
    ):
        with pytest.raises(ForbiddenError):
            act()


def test_stopped_one_does_nothing_more_and_another_may_begin(cabinet: Cabinet, stand_in: StandIn) -> None:
    make_client(cabinet.firm, siren=PONTS)
    enrichment = start_enrichment(cabinet.administrator)
    with pytest.raises(EnrichmentStateError, match="déjà en train"):
        start_enrichment(cabinet.administrator)
    stop_enrichment(cabinet.administrator, enrichment=enrichment)
    with pytest.raises(EnrichmentStateError, match="déjà terminé"):
        stop_enrichment(cabinet.administrator, enrichment=enrichment)
    task(str(enrichment.pk))
    assert (reload(enrichment).state, stand_in.asked) == (EnrichmentState.STOPPED, [])
    assert enrich(cabinet).state == EnrichmentState.DONE


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("500", "L'annuaire des entreprises ne répond pas."),
        ("429", "L'annuaire des entreprises est très demandé."),
    ],
)
def test_directory_that_is_away_puts_it_to_sleep_each_time_for_longer(
    cabinet: Cabinet, stand_in: StandIn, kept: redis.Redis, fault: str, sentence: str
) -> None:
    make_client(cabinet.firm, siren=PONTS)
    stand_in.commit(fault)
    enrichment = start_enrichment(cabinet.administrator)
    for seconds in (5, 10, 20):
        run_enrichment(enrichment.pk)
        asleep = reload(enrichment)
        assert asleep.wake_at is not None
        assert (asleep.state, asleep.last_error, asleep.checked) == (EnrichmentState.RUNNING, sentence, 0)
        assert abs(asleep.wake_at - timezone.now() - timedelta(seconds=seconds)) < timedelta(seconds=2)
        kept.delete("directory:stop")
    stand_in.behave()
    run_enrichment(enrichment.pk)
    done = reload(enrichment)
    assert (done.state, done.last_error, counts(done)) == (EnrichmentState.DONE, "", (1, 1, 1, 0, 0))


def test_directory_away_for_days_ends_it(cabinet: Cabinet, stand_in: StandIn) -> None:
    make_client(cabinet.firm, siren=PONTS)
    stand_in.commit("500")
    enrichment = start_enrichment(cabinet.administrator)
    with tenant(firm=cabinet.firm.pk):
        Enrichment.objects.update(attempts=45)
    run_enrichment(enrichment.pk)
    ended = reload(enrichment)
    assert (ended.state, ended.wake_at, ended.last_error) == (
        EnrichmentState.STOPPED,
        None,
        "L'annuaire des entreprises ne répond pas.",
    )


# --- With others at work at the same time -----------------------------------------------------------------------------


@pytest.fixture
def slow(stand_in: StandIn) -> Iterator[None]:
    stand_in.commit("slow", seconds=0.8)
    yield
    stand_in.behave()


@pytest.mark.django_db(transaction=True)
def test_file_changed_while_the_directory_is_asked_keeps_its_change(
    cabinet: Cabinet, slow: None, stand_in: StandIn
) -> None:
    client = make_client(cabinet.firm, siren=PONTS)
    enrichment = start_enrichment(cabinet.administrator)

    def change() -> None:
        until = time.monotonic() + 10
        while not stand_in.asked and time.monotonic() < until:
            time.sleep(0.02)  # its answer takes 0.8 s
        update_client(cabinet.administrator, client=client, values={"city": "Angers"}, version=1)

    assert together(lambda: run_enrichment(enrichment.pk), change) == [None, None]
    assert file(client, "city", "street", "vat_number", "version") == ("Angers", "", "FR40441209327", 3)


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_row_complete_each_file_once(cabinet: Cabinet, slow: None) -> None:
    clients = [make_client(cabinet.firm, siren=siren(n)) for n in range(200, 202)]
    enrichment = start_enrichment(cabinet.administrator)
    together(*[lambda: run_enrichment(enrichment.pk)] * 2)
    run_enrichment(enrichment.pk)
    done = reload(enrichment)
    assert (done.state, done.checked) == (EnrichmentState.DONE, 2)
    assert [len(lines(client)) for client in clients] == [1, 1]


_RUN = """
import sys, uuid, django
django.setup()
from clients.services import run_enrichment
run_enrichment(uuid.UUID(sys.argv[1]))
"""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_killed_worker_and_emptied_redis_lose_and_repeat_nothing(
    cabinet: Cabinet, owner: psycopg.Connection[Any], stand_in: StandIn, kept: redis.Redis
) -> None:
    clients = [make_client(cabinet.firm, siren=siren(n)) for n in range(300, 312)]
    enrichment = start_enrichment(cabinet.administrator)
    env = os.environ | {"COMPANY_DIRECTORY_URL": stand_in.address, "REDIS_URL": configured.REDIS_URL}
    with subprocess.Popen([sys.executable, "-c", _RUN, str(enrichment.pk)], cwd=ROOT, env=env) as worker:
        until = time.monotonic() + 20
        while reload(enrichment).checked < 5 and time.monotonic() < until:
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
    killed = reload(enrichment)
    assert (killed.state, killed.wake_at is None, 5 <= killed.checked < 12) == (EnrichmentState.RUNNING, False, True)
    kept.flushall()  # the turns as well: the directory may refuse, once

    run_enrichment(enrichment.pk)
    time.sleep(1)  # what a refusal asks to wait
    run_enrichment(enrichment.pk)

    done = reload(enrichment)
    assert (done.state, done.checked) == (EnrichmentState.DONE, 12)
    assert done.completed == sum(len(lines(client)) for client in clients)
    assert max(len(lines(client)) for client in clients) == 1
