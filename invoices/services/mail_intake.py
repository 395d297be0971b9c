"""An e-mail to one of a company's addresses: kept whole, once, before its sender is told that it arrived."""

from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from common import vault
from common.journal import System, record
from common.tenancy import tenant
from common.work import LEASE, wake
from invoices.enums import Channel, ParcelKind, ParcelState
from invoices.models import Mailbox, Parcel
from invoices.parcels.headers import Headers, read_headers
from invoices.selectors.mailboxes import held_messages, is_known_sender, member_who_wrote

#: So many wait for the company's word that the next are asked to come back later.
MAX_HELD = 500
_UNKNOWN = "Expéditeur inconnu : acceptez ce message pour que ses fichiers soient lus."
_AUTOMATIC = "Réponse automatique d'un serveur : acceptez ce message s'il contient une facture."


class MailboxFullError(Exception):
    """Too many messages wait for the company's word: the sender's server tries again later, nothing is lost."""


def take_message(mailbox: Mailbox, *, content: bytes, envelope_sender: str) -> Parcel | None:
    """
    Keep a message, and wake a worker where its sender is known; None where it is here already.

    When it returns, the bytes are stored and the row is committed. Raises MailboxFullError; whatever the storage or
    the database raises is for the caller to answer « later » to.
    """
    headers = read_headers(content, envelope_sender=envelope_sender)
    with tenant(company=mailbox.company_id):
        if _is_here(mailbox, headers):
            return None
    try:
        with vault.undone_on_error():
            stored = vault.keep_bytes(content, folder="courrier")
            with tenant(company=mailbox.company_id):
                return _keep(mailbox, headers, stored)
    except IntegrityError:
        with tenant(company=mailbox.company_id):
            if _is_here(mailbox, headers):  # it came twice at once
                return None
        raise


def _is_here(mailbox: Mailbox, headers: Headers) -> bool:
    return Parcel.objects.filter(company=mailbox.company_id, kind=ParcelKind.MESSAGE, ledger=headers.ledger).exists()


def _keep(mailbox: Mailbox, headers: Headers, stored: vault.Stored) -> Parcel:
    code = _why_held(mailbox, headers)
    if code and held_messages(mailbox.company).count() >= MAX_HELD:
        raise MailboxFullError
    member = member_who_wrote(mailbox.company_id, headers.sender)
    parcel = Parcel(
        company_id=mailbox.company_id,
        kind=ParcelKind.MESSAGE,
        channel=Channel.EMAIL,
        batch=uuid4(),
        mailbox=mailbox,
        direction_hint=mailbox.direction,
        deposited_by=member.person if member and not code else None,
        sender=headers.sender,
        name=headers.subject,
        size=stored.size,
        sha256=stored.sha256,
        ledger=headers.ledger,
        stored_as=stored.name,
        state=ParcelState.HELD if code else ParcelState.RECEIVED,
        reason_code=code,
        reason={"unknown_sender": _UNKNOWN, "automatic": _AUTOMATIC}.get(code, ""),
        wake_at=None if code else timezone.now() + LEASE,
    )
    with transaction.atomic():
        parcel.save(force_insert=True)
    record(System(actor_name=headers.sender or "E-mail"), "parcel.received", parcel, size=stored.size)
    if not code:
        wake(parcel)
    return parcel


def _why_held(mailbox: Mailbox, headers: Headers) -> str:
    if headers.automatic:
        return "automatic"
    return "" if is_known_sender(mailbox.company_id, headers.sender) else "unknown_sender"
