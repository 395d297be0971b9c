"""« Compléter mes clients »: a firm's files looked up in the company directory, in the background, in SIREN order."""

import time
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients import directory
from clients.directory import Answer, Company, Outcome
from clients.enums import EnrichmentState
from clients.models import Client, Enrichment
from clients.permissions import can_complete_clients
from clients.selectors import files_to_complete
from clients.services.files import search_text
from common.folding import fold
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from common.typography import date_fr
from common.work import LEASE, begin_attempt, retry_delay, send, wake
from firms.models import Membership

#: Looked up before they are written together: at three seconds each at most, within a worker's lease.
_HANDFUL: Final = 5
#: How long one message keeps a worker; another then takes the row on, behind whatever else is waiting.
_SLICE_SECONDS: Final = 10.0
#: In a row without any file looked up: about a day and a half.
MAX_ATTEMPTS: Final = 45
_PLACE: Final = ("siret", "street", "postal_code", "city")
_SETTLED: Final = (Outcome.FOUND, Outcome.NOT_FOUND)
_WHY: Final = {
    Outcome.BUSY: "L'annuaire des entreprises est très demandé.",
    Outcome.AWAY: "L'annuaire des entreprises ne répond pas.",
}


class EnrichmentStateError(ValueError):
    """The enrichment is not where this act needs it; the message says so, in French."""


def start_enrichment(actor: Membership) -> Enrichment:
    """Let a worker look up every file that is not archived. Raises EnrichmentStateError while one is under way."""
    require(can_complete_clients(actor), "Seul un administrateur complète les dossiers du cabinet.")
    with tenant(firm=actor.firm_id):
        total = files_to_complete(actor.firm_id).count()
        enrichment = Enrichment(firm_id=actor.firm_id, created_by=actor, total=total, wake_at=timezone.now() + LEASE)
        try:
            with transaction.atomic():
                enrichment.save(force_insert=True)
        except IntegrityError as error:
            raise EnrichmentStateError("Vos clients sont déjà en train d'être complétés.") from error
        record(actor, "enrichment.started", enrichment, clients=total)
        wake(enrichment)
    return enrichment


def stop_enrichment(actor: Membership, *, enrichment: Enrichment) -> None:
    """What is completed stays. Raises EnrichmentStateError when it has ended already."""
    require(can_complete_clients(actor), "Seul un administrateur complète les dossiers du cabinet.")
    with tenant(firm=actor.firm_id):
        locked = Enrichment.objects.select_for_update().get(pk=enrichment.pk)
        if locked.state != EnrichmentState.RUNNING:
            raise EnrichmentStateError("Ce complément est déjà terminé.")
        _end(locked, EnrichmentState.STOPPED)
        locked.last_error = ""  # it is not why
        locked.save()
        record(actor, "enrichment.stopped", locked, clients=locked.checked)


def run_enrichment(pk: UUID) -> None:
    """Go on from the last file looked up. Running it twice, or killing it at any line, does no harm."""
    with tenant(platform="a worker learns which firm an enrichment belongs to"):
        enrichment = Enrichment.claim(pk)
        if enrichment is None:
            return
        begin_attempt(enrichment)
    until = time.monotonic() + _SLICE_SECONDS
    while _go_on(enrichment.firm_id, pk):
        if time.monotonic() > until:
            send(Enrichment.wake_task, str(pk))
            return


def _go_on(firm: UUID, pk: UUID) -> bool:
    """A handful of files, in no transaction while the directory is asked. Whether there is more to do now."""
    with tenant(firm=firm):
        enrichment = Enrichment.objects.filter(pk=pk, wake_at__isnull=False).first()
        if enrichment is None:
            return False
        files = list(files_to_complete(firm).filter(siren__gt=enrichment.cursor)[:_HANDFUL])
    answers: list[Answer] = []
    for file in files:
        answers.append(directory.company(file.siret or file.siren, background=True))
        if answers[-1].outcome not in _SETTLED:
            break
    return _write(firm, enrichment, files, answers)


def _write(firm: UUID, seen: Enrichment, files: Sequence[Client], answers: Sequence[Answer]) -> bool:
    with tenant(firm=firm):
        enrichment = Enrichment.claim(seen.pk)
        if enrichment is None or enrichment.cursor != seen.cursor:
            return False  # stopped, or another worker was quicker
        settled = list(takewhile(lambda pair: pair[1].outcome in _SETTLED, zip(files, answers, strict=False)))
        pks = [file.pk for file, _answer in settled]
        locked = {file.pk: file for file in files_to_complete(firm).filter(pk__in=pks).select_for_update()}
        for file, answer in settled:
            if file.pk in locked:
                _complete(enrichment, locked[file.pk], answer.company)
            enrichment.cursor, enrichment.checked = file.siren, enrichment.checked + 1
        enrichment.total = max(enrichment.total, enrichment.checked)  # files that were opened in the meantime
        enrichment.attempts = 0 if settled else enrichment.attempts
        waits = _WHY.get(answers[-1].outcome, "") if answers else ""
        _settle(enrichment, waits=waits, done=not files)
        enrichment.save()
        return bool(files) and not waits


def _settle(enrichment: Enrichment, *, waits: str, done: bool) -> None:
    enrichment.last_error = waits
    if waits and enrichment.attempts > MAX_ATTEMPTS:
        _end(enrichment, EnrichmentState.STOPPED)
    elif waits:
        enrichment.wake_at = timezone.now() + retry_delay(enrichment.attempts)
    elif done:
        _end(enrichment, EnrichmentState.DONE)
        counts = {name: getattr(enrichment, name) for name in ("completed", "unknown", "ceased")}
        record(enrichment.created_by, "enrichment.done", enrichment, clients=enrichment.checked, counts=counts)
    else:
        enrichment.wake_at = timezone.now() + LEASE


def _end(enrichment: Enrichment, state: EnrichmentState) -> None:
    enrichment.state, enrichment.wake_at, enrichment.finished_at = state, None, timezone.now()


def _complete(enrichment: Enrichment, client: Client, company: Company | None) -> None:
    """Count the file, and write what it lacks."""
    now = timezone.now()
    Client.objects.filter(pk=client.pk).update(directory_checked_at=now)
    if company is None:
        enrichment.unknown += 1
        return
    values = _lacking(client, company)
    enrichment.completed += bool(values)
    enrichment.ceased += company.ceased_on is not None
    if company.ceased_on != client.ceased_on:
        values["ceased_on"] = company.ceased_on
    if values:
        changes = {name: [_plain(getattr(client, name)), _plain(value)] for name, value in values.items()}
        for name, value in values.items():
            setattr(client, name, value)
        client.search, client.version, client.updated_at = search_text(client), client.version + 1, now
        client.save(update_fields=[*values, "search", "version", "updated_at"])
        record(enrichment.created_by, "client.completed", client, changes=changes)


def _lacking(client: Client, company: Company) -> dict[str, Any]:
    """
    What the directory knows and the file leaves blank.

    SIRET and address are one office's: where the file speaks of another one, none of them is taken.
    """
    names = ["vat_number"]
    agrees = client.country == company.country and all(
        fold(getattr(client, name)) in ("", fold(getattr(company, name))) for name in _PLACE
    )
    if agrees:
        names += _PLACE
    return {name: getattr(company, name) for name in names if getattr(company, name) and not getattr(client, name)}


def _plain(value: Any) -> str:
    """As the journal shows it."""
    return date_fr(value) if isinstance(value, date) else str(value or "")
