"""A company's invoices of a period are checked again by the rules of today; older verdicts stay beside the new ones."""

import time
from collections import Counter
from datetime import date
from typing import Final, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.models import CompanyMembership
from common import vault
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from common.work import LEASE, begin_attempt, put_off, wake
from firms.models import Membership
from invoices.checks.model import Check
from invoices.enums import FileKind
from invoices.formats import Container
from invoices.models import Invoice, InvoiceCheck, Recheck
from invoices.models.rechecks import RecheckState
from invoices.opening import check_xml
from invoices.permissions import can_recheck
from invoices.selectors.rechecks import invoices_between
from invoices.services.verdicts import verdict_of

#: Attempts in a row that bring a run no further.
MAX_ATTEMPTS: Final = 5
_SECONDS: Final = 10.0


class RecheckError(ValueError):
    """The run cannot begin; the message says why, in French."""


def start_recheck(actor: CompanyMembership | Membership, *, company_id: UUID, since: date, until: date) -> Recheck:
    """Inside the company's tenant. Raises RecheckError."""
    require(can_recheck(actor), "Un administrateur du cabinet ou l'entreprise elle-même lance les contrôles.")
    total = invoices_between(company_id, since=since, until=until).count()
    if not total:
        raise RecheckError("Aucune facture de cette période n'a de données à contrôler.")
    recheck = Recheck(company_id=company_id, started_by=actor.actor_name[:200], since=since, until=until, total=total)
    recheck.wake_at = timezone.now() + LEASE
    try:
        with transaction.atomic():
            recheck.save(force_insert=True)
    except IntegrityError as error:
        raise RecheckError("Un contrôle est déjà en cours.") from error
    record(actor, "invoice.recheck_started", recheck, total=total)
    wake(recheck)
    return recheck


def run_recheck(pk: UUID) -> None:
    """Check invoice after invoice for some seconds, then let another worker go on. Killed at any line, none is lost."""
    with tenant(platform="a worker learns which company a run belongs to"):
        recheck = Recheck.claim(pk)
        if recheck is None:
            return
        begin_attempt(recheck)
    end = time.monotonic() + _SECONDS
    while _check_next(recheck, give_up=recheck.attempts > MAX_ATTEMPTS):
        if time.monotonic() > end:
            with tenant(company=recheck.company_id):
                wake(recheck)
            return


def note_failure(pk: UUID, *, error: str) -> None:
    """An attempt broke (storage, database): try again later."""
    with tenant(platform="a worker knows a run by its id alone"):
        recheck = Recheck.claim(pk)
        if recheck is not None:
            put_off(recheck, error=error)


def _check_next(recheck: Recheck, *, give_up: bool) -> bool:
    """One invoice, in one transaction; whether there are more."""
    with tenant(company=recheck.company_id):
        claimed = Recheck.claim(recheck.pk)
        if claimed is None:
            return False
        left = invoices_between(claimed.company_id, since=claimed.since, until=claimed.until)
        invoice = (left.filter(pk__gt=claimed.cursor) if claimed.cursor else left).first()
        if give_up or invoice is None:
            _finish(claimed, RecheckState.DONE if invoice is None else RecheckState.FAILED)
            return False
        _keep(claimed, invoice, _checks_of(invoice))
        claimed.cursor, claimed.done = invoice.pk, claimed.done + 1
        claimed.attempts, claimed.wake_at = 0, timezone.now() + LEASE
        claimed.save(update_fields=["cursor", "done", "attempts", "wake_at"])
        return True


def _finish(recheck: Recheck, state: RecheckState) -> None:
    recheck.state, recheck.wake_at, recheck.finished_at = state, None, timezone.now()
    recheck.save(update_fields=["state", "wake_at", "finished_at"])


def _checks_of(invoice: Invoice) -> list[Check]:
    files = {file.kind: file.stored_as for file in invoice.files.all()}
    with vault.as_local_file(files.get(FileKind.XML) or files[FileKind.ORIGINAL]) as path:
        return check_xml(path.read_bytes(), container=cast("Container", invoice.container))


def _keep(recheck: Recheck, invoice: Invoice, checks: list[Check]) -> None:
    former = {check.rule_set: check for check in invoice.checks.filter(current=True)}
    # Where the child had to be stopped, it is said of one rule set alone: the others keep their verdict.
    taken = {check.rule_set for check in checks}
    replaced = former if len(checks) > 1 else former.keys() & taken
    InvoiceCheck.objects.filter(pk__in=[former[name].pk for name in replaced]).update(current=False)
    rows = [_row(recheck, invoice, check, former.get(check.rule_set)) for check in checks]
    InvoiceCheck.objects.bulk_create(rows)


def _row(recheck: Recheck, invoice: Invoice, check: Check, former: InvoiceCheck | None) -> InvoiceCheck:
    row = verdict_of(invoice, check)
    row.recheck, row.former = recheck, former
    row.changed = _differs(row, former)
    return row


def _differs(row: InvoiceCheck, former: InvoiceCheck | None) -> bool:
    if former is None:
        return bool(row.findings)
    return row.verdict != former.verdict or _rules(row) != _rules(former)


def _rules(check: InvoiceCheck) -> Counter[str]:
    return Counter(finding["rule"] for finding in check.findings)
