"""What comes in: bytes are kept before anything opens them, and a worker is woken."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.models import Client, Company, CompanyMembership
from common import vault
from common.journal import Actor, record
from common.permissions import require
from common.work import LEASE, wake
from firms.models import Membership
from invoices.enums import REFUSED_BY_A_PERSON, Channel, DepositState, ParcelKind, ParcelState
from invoices.models import Deposit, Parcel
from invoices.parcels.entries import ZIP_MAGIC
from invoices.permissions import can_deposit

MAX_BYTES: Final = 50 * 1024 * 1024
#: An archive holds many; what one file of it may be is looked at when it is opened.
MAX_ARCHIVE_BYTES: Final = 200 * 1024 * 1024


ZIP: Final = "zip"
_FOLDER: Final = "depots"


class DepositError(ValueError):
    """The file cannot be taken; the message says why, in French."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """By whom, for which company and by which way something comes in; needs the company's tenant."""

    actor: Actor
    company: Company
    channel: Channel
    #: The firm that sends it for its client, where it is one.
    firm_id: UUID | None = None
    #: What arrived together.
    batch: UUID | None = None
    #: What it came in. Without one, somebody sends this very file: the same bytes again are a wish to read them again.
    parcel: Parcel | None = None


class Received(NamedTuple):
    """`new`: it will be read now. The same bytes twice are one."""

    item: Deposit | Parcel
    new: bool


def receive(
    actor: CompanyMembership | Membership,
    *,
    company: Company,
    client: Client | None,
    file_name: str,
    size: int,
    chunks: Iterable[bytes],
) -> tuple[Deposit, bool]:
    """
    Keep a file that a person deposits, and wake a worker for it. Needs the tenant that the door opened.

    Returns the deposit and whether it will be read now: the same bytes twice are one deposit, read again only where
    it was put in quarantine or a person refused it. Raises DepositError.
    """
    origin = origin_of(actor, company=company, client=client)
    _check_size(size, MAX_BYTES)
    return keep_deposit(origin, file_name=file_name, chunks=chunks)


def receive_any(origin: Origin, *, file_name: str, size: int, chunks: Iterable[bytes]) -> Received:
    """As `receive`, for whoever sends it; an archive, told by its first bytes, is kept whole. Raises DepositError."""
    first, rest = _peek(chunks)
    keep = keep_archive if check_file(first, size=size) == ZIP else keep_deposit
    return Received(*keep(origin, file_name=file_name, chunks=rest))


def keep_stored(origin: Origin, *, file_name: str, stored: vault.Stored) -> Received:
    """As `receive_any`, of bytes that the vault has already; they are forgotten where they were there before."""
    start = next(vault.chunks_of(stored.name), b"")
    keep = _archive if start.startswith(ZIP_MAGIC) else _deposit
    return Received(*keep(origin, file_name=file_name, stored=stored))


def check_file(start: bytes, *, size: int) -> str:
    """`zip` or `file`, by its first bytes. Raises DepositError where it is empty or too large for that."""
    is_archive = start.startswith(ZIP_MAGIC)
    _check_size(size, MAX_ARCHIVE_BYTES if is_archive else MAX_BYTES)
    return ZIP if is_archive else "file"


def origin_of(
    actor: CompanyMembership | Membership, *, company: Company, client: Client | None, batch: UUID | None = None
) -> Origin:
    """Of what a person deposits on the site."""
    require(can_deposit(actor, client), "Vous ne pouvez déposer que pour un client actif.")
    firm_id = actor.firm_id if isinstance(actor, Membership) else None
    channel = Channel.WEB_FIRM if firm_id else Channel.WEB_COMPANY
    return Origin(actor=actor, company=company, channel=channel, firm_id=firm_id, batch=batch)


def keep_deposit(origin: Origin, *, file_name: str, chunks: Iterable[bytes]) -> tuple[Deposit, bool]:
    return _deposit(origin, file_name=file_name, stored=vault.keep(chunks, folder=_FOLDER))


def _deposit(origin: Origin, *, file_name: str, stored: vault.Stored) -> tuple[Deposit, bool]:
    parcel = origin.parcel
    deposit = Deposit(
        company=origin.company,
        channel=origin.channel,
        deposited_by_id=origin.actor.actor_person_id,
        firm_id=origin.firm_id,
        batch=origin.batch,
        parcel=parcel,
        direction_hint=parcel.direction_hint if parcel else "",
        file_name=file_name[-255:],
        size=stored.size,
        sha256=stored.sha256,
        stored_as=stored.name,
        wake_at=timezone.now() + LEASE,
    )
    try:
        with transaction.atomic():
            deposit.save(force_insert=True)
    except IntegrityError:
        vault.forget(stored.name)
        return _deposited_before(origin, sha256=stored.sha256)
    record(origin.actor, "deposit.received", deposit, size=stored.size, sha256=stored.sha256)
    wake(deposit)
    return deposit, True


def keep_archive(origin: Origin, *, file_name: str, chunks: Iterable[bytes]) -> tuple[Parcel, bool]:
    return _archive(origin, file_name=file_name, stored=vault.keep(chunks, folder=_FOLDER))


def _archive(origin: Origin, *, file_name: str, stored: vault.Stored) -> tuple[Parcel, bool]:
    outer = origin.parcel
    archive = Parcel(
        company=origin.company,
        kind=ParcelKind.ARCHIVE,
        channel=origin.channel,
        deposited_by_id=origin.actor.actor_person_id,
        firm_id=origin.firm_id,
        batch=origin.batch or uuid4(),
        direction_hint=outer.direction_hint if outer else "",
        mailbox_id=outer.mailbox_id if outer else None,
        sender=outer.sender if outer else "",
        name=file_name[-255:],
        size=stored.size,
        sha256=stored.sha256,
        ledger=stored.sha256,
        stored_as=stored.name,
        wake_at=timezone.now() + LEASE,
    )
    try:
        with transaction.atomic():
            archive.save(force_insert=True)
    except IntegrityError:
        vault.forget(stored.name)
        return _archived_before(origin, sha256=stored.sha256)
    record(origin.actor, "parcel.received", archive, size=stored.size, sha256=stored.sha256)
    wake(archive)
    return archive, True


def _peek(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    iterator = iter(chunks)
    first = next(iterator, b"")
    return first, chain((first,), iterator)


def _check_size(size: int, most: int) -> None:
    if size == 0:
        raise DepositError("Ce fichier est vide.")
    if size > most:
        raise DepositError(f"Ce fichier dépasse {most >> 20} Mo. Déposez un fichier plus léger.")


def _deposited_before(origin: Origin, *, sha256: str) -> tuple[Deposit, bool]:
    deposit = Deposit.objects.select_for_update(of=("self",)).get(company=origin.company, sha256=sha256)
    # What stopped its reading (a busy machine, a storage that was away) may be over; a person may think again.
    settled = deposit.state != DepositState.QUARANTINED and deposit.reason_code != REFUSED_BY_A_PERSON
    if settled or origin.parcel is not None:
        return deposit, False
    deposit.state, deposit.reason_code, deposit.reason = DepositState.RECEIVED, "", ""
    deposit.attempts, deposit.finished_at, deposit.wake_at = 0, None, timezone.now() + LEASE
    deposit.save(update_fields=["state", "reason_code", "reason", "attempts", "finished_at", "wake_at"])
    record(origin.actor, "deposit.read_again", deposit)
    wake(deposit)
    return deposit, True


def _archived_before(origin: Origin, *, sha256: str) -> tuple[Parcel, bool]:
    archive = Parcel.objects.select_for_update(of=("self",)).get(
        company=origin.company, kind=ParcelKind.ARCHIVE, ledger=sha256
    )
    if archive.state != ParcelState.QUARANTINED or origin.parcel is not None:
        return archive, False
    archive.state, archive.reason_code, archive.reason = ParcelState.RECEIVED, "", ""
    archive.attempts, archive.finished_at, archive.wake_at = 0, None, timezone.now() + LEASE
    archive.save(update_fields=["state", "reason_code", "reason", "attempts", "finished_at", "wake_at"])
    record(origin.actor, "deposit.read_again", archive)
    wake(archive)
    return archive, True
