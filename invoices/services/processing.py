"""
A worker opens what was deposited, and makes an invoice of it or says why not.

Each step is a state of the deposit and a transaction of its own: « Reçu » is read and becomes « Analysé », which is
filed. A worker that ends between two leaves the first one done; the next one goes on from there.
"""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from common import vault
from common.isolation import IsolationError
from common.tenancy import tenant
from common.typography import date_fr
from common.work import LEASE, begin_attempt, put_off, wake
from invoices.checks.model import Check
from invoices.enums import PDFS, DepositState, Direction
from invoices.formats.errors import InvoiceRefused
from invoices.models import Deposit
from invoices.opening import LARGE_BYTES, OpenedInvoice, Quarantined, active_of, check_xml, open_invoice, text_of
from invoices.outline import outline_of
from invoices.services.filing import DuplicateInvoiceError, file_invoice
from invoices.services.judging import direction_for, objection, on_both_sides, without_data
from invoices.services.late_checks import check_later, checks_to_come
from invoices.services.pairing import join_copy, pair_pdf, pair_waiting_pdf
from invoices.services.settling import Outcome, settle, take_step

#: A file that ended its worker, or could not be read for another reason, this often (some hours) is put aside.
MAX_ATTEMPTS = 12
#: Of a PDF's text, what is kept to know its invoice by.
_KEPT_TEXT = 50_000

_GIVEN_UP = Outcome(
    DepositState.QUARANTINED,
    "unreadable",
    "Ce fichier n'a pas pu être ouvert sans risque. Il est conservé ; l'assistance peut l'examiner.",
)
_NOT_RENDERED = (
    "Cette facture est lisible, mais sa version PDF n'a pas pu être préparée. "
    "Le fichier est conservé ; l'assistance peut l'examiner."
)


def process(deposit_id: UUID) -> None:
    """Open one deposit and make of it an invoice, or say why not. Run by a worker; running it again is harmless."""
    with tenant(platform="a worker learns which company a deposit belongs to"):
        begun = Deposit.claim(deposit_id)
        if begun is None:
            return
        begin_attempt(begun)
    opened: OpenedInvoice | None = None
    while True:
        with tenant(company=begun.company_id):
            deposit = Deposit.claim(deposit_id)
            if deposit is None:
                return
            if deposit.state == DepositState.FILED:
                break
            opened = _step(deposit, opened)
            if deposit.state == DepositState.FILED:
                return  # The message that was sent for its checks comes after what waits already.
    check_later(begun, give_up=begun.attempts > MAX_ATTEMPTS)


def note_failure(deposit_id: UUID, *, error: str) -> None:
    """An attempt broke for a reason that need not be the file's (storage, database): try again later."""
    with tenant(platform="a worker knows a deposit by its id alone"):
        deposit = Deposit.claim(deposit_id)
        if deposit is not None:
            put_off(deposit, error=error)


def _step(deposit: Deposit, opened: OpenedInvoice | None) -> OpenedInvoice | None:
    """The step that the deposit's state asks for; what was read is handed on to the next."""
    if deposit.attempts > MAX_ATTEMPTS:
        settle(deposit, _GIVEN_UP)
        return None
    try:
        with vault.as_local_file(deposit.stored_as) as path:
            if deposit.state == DepositState.RECEIVED:
                return _analyse(deposit, path)
            _file(deposit, opened or open_invoice(path, check=False))
    except InvoiceRefused as refusal:
        settle(deposit, Outcome(DepositState.REFUSED, refusal.code, refusal.reason))
    except Quarantined as breach:
        settle(deposit, Outcome(DepositState.QUARANTINED, breach.code, breach.reason))
    except IsolationError:
        settle(deposit, Outcome(DepositState.QUARANTINED, "rendering", _NOT_RENDERED))
    return None


def _analyse(deposit: Deposit, path: Path) -> OpenedInvoice | None:
    """« Reçu » → « Analysé », where the file has data; what becomes of it otherwise."""
    opened = open_invoice(path, check=False)
    active = active_of(path) if opened.container in PDFS else []
    deposit.read = {"container": opened.container, "active": active}
    typed = opened.invoice
    if typed is None:
        deposit.text = text_of(path)[:_KEPT_TEXT] if opened.container == "pdf" else ""
        deposit.save(update_fields=["read", "text"])
        if opened.container != "pdf" or not pair_pdf(deposit):
            settle(deposit, without_data(opened))
        return None
    deposit.read |= outline_of(typed)
    deposit.state, deposit.text = DepositState.ANALYSED, ""
    day = f" du {date_fr(typed.issue_date)}" if typed.issue_date else ""
    take_step(deposit, f"Données lues : {typed.number or 'sans numéro'}{day}")
    deposit.save(update_fields=["state", "read", "text", "steps"])
    return opened


def _file(deposit: Deposit, opened: OpenedInvoice) -> None:
    """« Analysé » → « Classé », or why not."""
    typed = opened.invoice
    if typed is None:
        settle(deposit, without_data(opened))
        return
    direction = direction_for(deposit.company, typed)
    if direction is None and on_both_sides(deposit.company, typed) and deposit.chosen_direction:
        direction = Direction(deposit.chosen_direction)
    refused = objection(deposit.company, typed, direction=direction)
    if refused is not None or direction is None:
        settle(deposit, refused or without_data(opened))
        return
    large = opened.xml is not None and len(opened.xml) > LARGE_BYTES
    try:
        # Where the PDF cannot be made, no row of the invoice stays either.
        with transaction.atomic():
            checked = replace(opened, checks=_checks(opened, large=large))
            deposit.invoice = file_invoice(deposit, direction=direction, opened=checked, typed=typed)
    except DuplicateInvoiceError as duplicate:
        if not join_copy(deposit, duplicate.first, typed, container=opened.container):
            deposit.duplicate_of = duplicate.first
            settle(deposit, Outcome(DepositState.HELD, "duplicate", str(duplicate)))
        return
    settle(deposit, Outcome(DepositState.FILED))
    if large:
        # Filed now; the checks, which may take minutes, are a step of their own.
        deposit.wake_at = timezone.now() + LEASE
        deposit.save(update_fields=["wake_at"])
        wake(deposit)
    pair_waiting_pdf(deposit, deposit.invoice)


def _checks(opened: OpenedInvoice, *, large: bool) -> list[Check]:
    if opened.xml is None:
        return []
    return checks_to_come() if large else check_xml(opened.xml, container=opened.container)
