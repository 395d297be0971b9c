"""A company's e-mail addresses, who may write to them, and the messages that wait for its word."""

import secrets
from typing import Final

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from clients.models import Company, CompanyMembership
from common.journal import record
from common.permissions import require
from common.work import LEASE, wake
from firms.models import Membership
from invoices.enums import Direction, ParcelState
from invoices.models import KnownSender, Mailbox, Parcel
from invoices.permissions import can_manage_mail

#: Without those that are read one for another. 20 of them are 98 bits.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_RANDOM: Final = 20
_WORDS: Final = {Direction.PURCHASE: "achats", Direction.SALE: "ventes"}
_NOT_ALLOWED: Final = "Seul un propriétaire de l'espace gère ses adresses et ses expéditeurs."

Person = CompanyMembership | Membership


class MailError(ValueError):
    """It cannot be done; the message says why, in French."""


def mailboxes_of(company: Company) -> list[Mailbox]:
    """Its address for purchases and its address for sales, made when they are first needed; none without a domain."""
    if not settings.INVOICE_MAIL_DOMAIN:
        return []
    in_force = {box.direction: box for box in _in_force(company)}
    missing = [direction for direction in Direction if direction not in in_force]
    if missing:
        # Somebody else may be making them at this moment: the first ones stay.
        Mailbox.objects.bulk_create([_new(company, direction) for direction in missing], ignore_conflicts=True)
        in_force = {box.direction: box for box in _in_force(company)}
    return [in_force[direction] for direction in Direction]


def renew_mailbox(actor: Person, *, company: Company, direction: Direction) -> Mailbox:
    """A new address; the former one takes nothing any more."""
    require(can_manage_mail(actor), _NOT_ALLOWED)
    with transaction.atomic():
        former = _in_force(company).select_for_update().filter(direction=direction).first()
        if former is not None:
            former.ended_at = timezone.now()
            former.save(update_fields=["ended_at"])
        mailbox = _new(company, direction)
        try:
            with transaction.atomic():
                mailbox.save(force_insert=True)
        except IntegrityError:  # somebody renewed it at this moment: that one is new
            return _in_force(company).get(direction=direction)
        record(actor, "mailbox.renewed", mailbox, direction=direction.label)
    return mailbox


def add_sender(actor: CompanyMembership, *, company: Company, address: str) -> bool:
    """Whether it was not there before."""
    require(can_manage_mail(actor), _NOT_ALLOWED)
    sender, new = KnownSender.objects.get_or_create(
        company=company, address=address.strip().lower(), defaults={"added_by": actor}
    )
    if new:
        record(actor, "known_sender.added", sender, address=sender.address)
    return new


def remove_sender(actor: Person, *, sender: KnownSender) -> None:
    require(can_manage_mail(actor), _NOT_ALLOWED)
    record(actor, "known_sender.removed", sender, address=sender.address)
    sender.delete()


def accept_message(actor: CompanyMembership, *, message: Parcel, and_sender: bool) -> None:
    """Its files are read; with `and_sender`, so are those of all that this sender has sent or will send."""
    require(can_manage_mail(actor), _NOT_ALLOWED)
    if and_sender and message.sender:
        add_sender(actor, company=message.company, address=message.sender)
        others = Parcel.objects.filter(
            company=message.company_id, sender=message.sender, state=ParcelState.HELD, reason_code="unknown_sender"
        )
        waiting = {each.pk: each for each in others.select_for_update(of=("self",))}
    else:
        waiting = {}
    waiting[message.pk] = _held(message)
    for each in waiting.values():
        each.state, each.reason_code, each.reason = ParcelState.RECEIVED, "", ""
        each.wake_at = timezone.now() + LEASE
        each.save(update_fields=["state", "reason_code", "reason", "wake_at"])
        record(actor, "parcel.accepted", each, sender=each.sender)
        wake(each)


def refuse_message(actor: Person, *, message: Parcel) -> None:
    """It is kept, and nothing of it is read."""
    require(can_manage_mail(actor), _NOT_ALLOWED)
    held = _held(message)
    held.state, held.reason_code = ParcelState.REFUSED, "refused_by_a_person"
    held.reason, held.finished_at = "Refusé par une personne de l'entreprise ; le message est conservé.", timezone.now()
    held.save(update_fields=["state", "reason_code", "reason", "finished_at"])
    record(actor, "parcel.refused", held, sender=held.sender)


def _held(message: Parcel) -> Parcel:
    """Raises MailError: somebody was quicker."""
    locked = Parcel.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if locked.state != ParcelState.HELD:
        raise MailError("Ce message a déjà été traité.")
    return locked


def _in_force(company: Company) -> models.QuerySet[Mailbox]:
    return Mailbox.objects.filter(company=company.pk, ended_at__isnull=True)


def _new(company: Company, direction: Direction) -> Mailbox:
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return Mailbox(company=company, direction=direction, local_part=f"{_WORDS[direction]}-{random}")
