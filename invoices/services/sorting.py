"""What a person does with a deposit that did not become an invoice by itself, or became part of one."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clients.models import CompanyMembership
from common.journal import record
from common.permissions import require
from common.work import LEASE, wake
from firms.models import Membership
from invoices.enums import DUPLICATE_CONFIRMED, MOVED, DepositState, Direction, Pairing
from invoices.models import Deposit, Invoice
from invoices.permissions import can_sort
from invoices.services.pairing import attach
from invoices.services.settling import Outcome, settle, take_step

Actor = CompanyMembership | Membership
_NOT_ALLOWED = "Vous ne pouvez pas décider de ce dépôt."


class SortingError(ValueError):
    """The deposit is no longer what the person saw; the message says so, in French."""


def read_again(actor: Actor, *, deposit: Deposit) -> None:
    """« Relire »: from the beginning, for any settled deposit that made no invoice. Needs the company's tenant."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        _expect(locked, possible=locked.can_be_read_again)
        _wake(actor, locked, "Relecture demandée")
        record(actor, "deposit.read_again", locked)


def confirm_duplicate(actor: Actor, *, deposit: Deposit) -> None:
    """« C'est bien un doublon »: it stays held beside the first, and waits for nobody."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        first = _first_of(locked)
        reason = f"Doublon de la facture {first.number}, confirmé par {actor.actor_name}. Le fichier est conservé."
        settle(locked, Outcome(DepositState.HELD, DUPLICATE_CONFIRMED, reason), actor=actor.actor_name)
        record(actor, "deposit.duplicate_confirmed", locked, number=first.number, first=str(first.pk))


def file_apart(actor: Actor, *, deposit: Deposit) -> None:
    """« Ce n'est pas un doublon »: a worker files it beside the first."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        first = _first_of(locked)
        locked.filed_apart = True
        _wake(actor, locked, f"N'est pas un doublon de la facture {first.number} : à classer quand même")
        record(actor, "deposit.not_duplicate", locked, number=first.number, first=str(first.pk))


def join_first(actor: Actor, *, deposit: Deposit) -> Invoice:
    """« Joindre à la première »: one more file of the invoice that it repeats, whose data stay as they are."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        first = _first_of(locked)
        attach(locked, first, Pairing.COPY, actor=actor.actor_name)
        record(actor, "deposit.joined", locked, number=first.number, invoice=str(first.pk))
    return first


def choose_direction(actor: Actor, *, deposit: Deposit, direction: Direction) -> None:
    """The company sells and buys here: a person says which side counts, and a worker files it so."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        _expect(locked, possible=locked.state == DepositState.HELD and locked.reason_code == "same_parties")
        locked.chosen_direction = direction
        _wake(actor, locked, f"À classer en {direction.label.lower()}")
        record(actor, "deposit.direction_chosen", locked, direction=direction)


def pair(actor: Actor, *, deposit: Deposit, invoice: Invoice) -> None:
    """« Joindre à cette facture »: a PDF without data is the readable page of a structured invoice."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        _expect(locked, possible=locked.can_be_paired)
        attach(locked, invoice, Pairing.READABLE, actor=actor.actor_name)
        record(actor, "deposit.joined", locked, number=invoice.number, invoice=str(invoice.pk))


def separate(actor: Actor, *, deposit: Deposit) -> None:
    """« Séparer »: the file stands alone again, is read again, and is never joined by itself again."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        joined = locked.invoice
        if joined is None or not locked.is_joined:
            raise SortingError("Ce fichier n'est pas joint à une facture : rien n'est à séparer.")
        locked.invoice, locked.pairing = None, Pairing.APART
        _wake(actor, locked, f"Séparé de la facture {joined.number}")
        record(actor, "deposit.separated", locked, number=joined.number, invoice=str(joined.pk))


def note_moved(actor: Actor, *, deposit: Deposit, to: str, there: UUID) -> None:
    """The file was deposited in the space of the company `to`: here it is given up, and kept."""
    with transaction.atomic():
        locked = _lock(actor, deposit)
        _expect(locked, possible=locked.state == DepositState.HELD and locked.reason_code == "other_company")
        reason = f"Déposé dans l'espace de {to} par {actor.actor_name} : cette facture n'est pas la vôtre."
        settle(locked, Outcome(DepositState.REFUSED, MOVED, reason), actor=actor.actor_name)
        record(actor, "deposit.moved", locked, to=to, deposit=str(there))


def _lock(actor: Actor, deposit: Deposit) -> Deposit:
    require(can_sort(actor), _NOT_ALLOWED)
    rows = Deposit.objects.select_for_update(of=("self",)).select_related("company", "invoice", "duplicate_of")
    return rows.get(pk=deposit.pk)


def _expect(deposit: Deposit, *, possible: bool) -> None:
    if not possible:
        raise SortingError(f"Ce fichier est maintenant « {deposit.get_state_display()} » : rien n'a été changé.")


def _first_of(deposit: Deposit) -> Invoice:
    first = deposit.duplicate_of
    if first is None or deposit.state != DepositState.HELD or deposit.reason_code != "duplicate":
        raise SortingError(f"Ce fichier est maintenant « {deposit.get_state_display()} » : rien n'a été changé.")
    return first


def _wake(actor: Actor, deposit: Deposit, text: str) -> None:
    deposit.state, deposit.reason_code, deposit.reason = DepositState.RECEIVED, "", ""
    deposit.attempts, deposit.finished_at, deposit.wake_at = 0, None, timezone.now() + LEASE
    take_step(deposit, text, actor=actor.actor_name)
    deposit.save()
    wake(deposit)
