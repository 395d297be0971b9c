"""« Portefeuilles »: their names, their members and their client files. Only administrateurs change them."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404

from clients.models import Client, Portfolio, PortfolioClient, PortfolioMember
from clients.permissions import can_manage_portfolios
from clients.services.bulk import BATCH, FIRM_FILE, NoAccessError, Outcome, lock_files, record_on_files
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership

#: As those of bulk: why files were left alone.
GROUPED: Final = "déjà dans ce portefeuille,déjà dans ce portefeuille"
NOT_GROUPED: Final = "hors de ce portefeuille,hors de ce portefeuille"


class PortfolioExistsError(ValueError):
    def __init__(self) -> None:
        super().__init__("Un portefeuille porte déjà ce nom.")


def create_portfolio(actor: Membership, *, name: str) -> Portfolio:
    _check(actor)
    with tenant(firm=actor.firm_id):
        portfolio = Portfolio(firm_id=actor.firm_id, name=name)
        _save(portfolio)
        record(actor, "portfolio.created", portfolio)
    return portfolio


def rename_portfolio(actor: Membership, *, portfolio: Portfolio, name: str) -> None:
    _check(actor)
    with tenant(firm=actor.firm_id):
        locked = _lock(portfolio.pk)
        former, locked.name = locked.name, name
        if former != name:
            _save(locked)
            record(actor, "portfolio.renamed", locked, changes={"portfolio_name": [former, name]})


def delete_portfolio(actor: Membership, *, portfolio: Portfolio) -> None:
    """Its members no longer see its client files by it; the files themselves stay."""
    _check(actor)
    with tenant(firm=actor.firm_id):
        locked = _lock(portfolio.pk)
        record(
            actor,
            "portfolio.deleted",
            locked,
            members=[str(each.membership.user) for each in locked.members.select_related("membership__user")],
            clients=locked.files.count(),
        )
        locked.delete()


def add_member(actor: Membership, *, portfolio: Portfolio, member: Membership) -> None:
    _check(actor)
    if member.firm_id != actor.firm_id or member.status == MembershipStatus.DISABLED:
        raise NoAccessError
    with tenant(firm=actor.firm_id):
        _lock(portfolio.pk)
        _place, added = PortfolioMember.objects.get_or_create(
            firm_id=actor.firm_id, portfolio=portfolio, membership=member
        )
        if added:
            record(actor, "portfolio.member_added", portfolio, member=str(member.user))


def remove_member(actor: Membership, *, portfolio: Portfolio, member: Membership) -> None:
    _check(actor)
    with tenant(firm=actor.firm_id):
        if PortfolioMember.objects.filter(portfolio=portfolio, membership=member).delete()[0]:
            record(actor, "portfolio.member_removed", portfolio, member=str(member.user))


def group_clients(actor: Membership, *, clients: QuerySet[Client], portfolio: Portfolio) -> Outcome:
    """Put the files into the portfolio. The firm's own file is in none."""
    _check(actor)
    with tenant(firm=actor.firm_id):
        files, refused = lock_files(clients, lambda _status, is_firm_file: FIRM_FILE if is_firm_file else "")
        _lock(portfolio.pk)
        missing = files - _held(portfolio, files)
        PortfolioClient.objects.bulk_create(
            (PortfolioClient(firm_id=actor.firm_id, portfolio=portfolio, client_id=pk) for pk in missing),
            batch_size=BATCH,
            ignore_conflicts=True,
        )
        record_on_files(actor, "client.grouped", missing, portfolio=portfolio.name)
    return Outcome(len(missing), refused | {GROUPED: len(files) - len(missing)})


def ungroup_clients(actor: Membership, *, clients: QuerySet[Client], portfolio: Portfolio) -> Outcome:
    """Take the files out of the portfolio."""
    _check(actor)
    with tenant(firm=actor.firm_id):
        files, refused = lock_files(clients, lambda _status, _is_firm_file: "")
        held = _held(portfolio, files)
        PortfolioClient.objects.filter(portfolio=portfolio, client__in=held).delete()
        record_on_files(actor, "client.ungrouped", held, portfolio=portfolio.name)
    return Outcome(len(held), refused | {NOT_GROUPED: len(files) - len(held)})


def _check(actor: Membership) -> None:
    require(can_manage_portfolios(actor), "Seul un administrateur gère les portefeuilles.")


def _lock(pk: UUID) -> Portfolio:
    """Held until the transaction ends; a 404 where it was deleted since it was read."""
    portfolio = Portfolio.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if portfolio is None:
        raise Http404("Ce portefeuille vient d'être supprimé.")
    return portfolio


def _save(portfolio: Portfolio) -> None:
    try:
        with transaction.atomic():
            portfolio.save()
    except IntegrityError as error:
        raise PortfolioExistsError from error


def _held(portfolio: Portfolio, files: Collection[UUID]) -> set[UUID]:
    return set(PortfolioClient.objects.filter(portfolio=portfolio).values_list("client", flat=True)).intersection(files)
