"""What comes in: bytes are kept before anything opens them, and a worker is woken."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.models import Client, Company, CompanyMembership
from common import vault
from common.journal import record
from common.permissions import require
from common.work import LEASE, wake
from firms.models import Membership
from invoices.enums import REFUSED_BY_A_PERSON, Channel, DepositState
from invoices.models import Deposit
from invoices.permissions import can_deposit

MAX_BYTES = 50 * 1024 * 1024


class DepositError(ValueError):
    """The file cannot be taken; the message says why, in French."""


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
    require(can_deposit(actor, client), "Vous ne pouvez déposer que pour un client actif.")
    _check_size(size)
    stored = vault.keep(chunks, folder="depots")
    deposit = Deposit(
        company=company,
        channel=Channel.WEB_FIRM if isinstance(actor, Membership) else Channel.WEB_COMPANY,
        deposited_by_id=actor.actor_person_id,
        firm_id=actor.firm_id if isinstance(actor, Membership) else None,
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
        return _received_before(actor, company, sha256=stored.sha256)
    record(actor, "deposit.received", deposit, size=stored.size, sha256=stored.sha256)
    wake(deposit)
    return deposit, True


def _check_size(size: int) -> None:
    if size == 0:
        raise DepositError("Ce fichier est vide.")
    if size > MAX_BYTES:
        raise DepositError("Ce fichier dépasse 50 Mo. Déposez un fichier plus léger.")


def _received_before(actor: CompanyMembership | Membership, company: Company, *, sha256: str) -> tuple[Deposit, bool]:
    deposit = Deposit.objects.select_for_update(of=("self",)).get(company=company, sha256=sha256)
    # What stopped its reading (a busy machine, a storage that was away) may be over; a person may think again.
    if deposit.state != DepositState.QUARANTINED and deposit.reason_code != REFUSED_BY_A_PERSON:
        return deposit, False
    deposit.state, deposit.reason_code, deposit.reason = DepositState.RECEIVED, "", ""
    deposit.attempts, deposit.finished_at, deposit.wake_at = 0, None, timezone.now() + LEASE
    deposit.save(update_fields=["state", "reason_code", "reason", "attempts", "finished_at", "wake_at"])
    record(actor, "deposit.read_again", deposit)
    wake(deposit)
    return deposit, True
