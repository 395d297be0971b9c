"""« Transmettre ses dossiers »: what one person looks after becomes others', by a few statements whatever its size."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from psycopg import sql

from clients.models import Client, ClientAssignment, Portfolio, PortfolioMember
from clients.permissions import can_assign
from clients.services.bulk import NoAccessError
from common.bulk import insert_from, random_uuid, temporary_table
from common.journal import record_found, record_many
from common.permissions import require
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership

_TABLE: Final = "handed_over"
#: How many of the successors have the file already.
_HELD: Final = sql.SQL(
    "(SELECT count(*) FROM clients_clientassignment a WHERE a.client_id = h.client_id AND a.membership_id = ANY({}))"
)


@dataclass(frozen=True)
class HandedOver:
    """`given` files came to somebody, `known` ones all successors had; so many portfolios changed hands."""

    given: int
    known: int
    portfolios: int


def hand_over_files(
    actor: Membership,
    *,
    member: Membership,
    successors: Sequence[Membership],
    clients: QuerySet[Client],
    portfolios: bool,
) -> HandedOver:
    """
    Each successor is assigned to each file, confidential ones too, and `member` no longer to any of them.

    With `portfolios` his or her places in them are the successors' as well. Repeating it is harmless. Raises
    NoAccessError.
    """
    require(can_assign(actor), "Seul un administrateur affecte les dossiers.")
    if not successors or any(not _may_succeed(actor, member, successor) for successor in successors):
        raise NoAccessError
    with tenant(firm=actor.firm_id):
        given, known = _hand_over_files(actor, member, successors, clients)
        changed = _hand_over_portfolios(actor, member, successors) if portfolios else 0
    return HandedOver(given, known, changed)


def _may_succeed(actor: Membership, member: Membership, successor: Membership) -> bool:
    same_firm = actor.firm_id == member.firm_id == successor.firm_id
    return same_firm and successor.pk != member.pk and successor.status != MembershipStatus.DISABLED


def _hand_over_files(
    actor: Membership, member: Membership, successors: Sequence[Membership], clients: QuerySet[Client]
) -> tuple[int, int]:
    heirs = [successor.pk for successor in successors]
    with temporary_table(_TABLE, {"client_id": "uuid PRIMARY KEY"}) as cursor:
        _lock(cursor, clients)
        held = _HELD.format(sql.Literal(heirs))
        cursor.execute(
            sql.SQL("SELECT count(*), count(*) FILTER (WHERE {} = {}) FROM handed_over h").format(held, len(heirs))
        )
        total, known = cursor.fetchone()
        record_found(actor, "client.handed_over", Client, _journal_lines(member, successors, held))
        cursor.execute(
            insert_from(
                ClientAssignment(firm_id=actor.firm_id),
                {"id": random_uuid(), "client_id": sql.SQL("h.client_id"), "membership_id": sql.SQL("heir")},
                sql.SQL("FROM handed_over h CROSS JOIN unnest({}) AS heir ON CONFLICT DO NOTHING").format(
                    sql.Literal(heirs)
                ),
            )
        )
        cursor.execute(
            sql.SQL(
                "DELETE FROM clients_clientassignment a USING handed_over h"
                " WHERE a.client_id = h.client_id AND a.membership_id = {}"
            ).format(sql.Literal(member.pk))
        )
    return total - known, known


def _lock(cursor: CursorWrapper, clients: QuerySet[Client]) -> None:
    """The files, in the order in which the other acts on many files take them; the firm's own is nobody's."""
    wanted = Client.objects.filter(pk__in=clients.order_by().values("pk"), is_firm_file=False)
    query = wanted.order_by("pk").select_for_update().values("pk").query
    statement, parameters = query.sql_with_params()
    cursor.execute(f"INSERT INTO {_TABLE} {statement}", parameters)


def _journal_lines(member: Membership, successors: Sequence[Membership], held: sql.Composable) -> sql.Composed:
    """A line for each file on which anything changes."""
    data = _before_and_after(member, successors)
    return sql.SQL(
        "SELECT c.id, c.name, {data}::jsonb FROM handed_over h JOIN clients_client c ON c.id = h.client_id"
        " WHERE {held} < {heirs} OR EXISTS ("
        "SELECT FROM clients_clientassignment a WHERE a.client_id = h.client_id AND a.membership_id = {member})"
    ).format(data=sql.Literal(json.dumps(data)), held=held, heirs=len(successors), member=sql.Literal(member.pk))


def _hand_over_portfolios(actor: Membership, member: Membership, successors: Sequence[Membership]) -> int:
    places = PortfolioMember.objects.filter(membership=member.pk)
    portfolios = list(
        Portfolio.objects.filter(pk__in=places.values("portfolio")).order_by("pk").select_for_update(no_key=True)
    )
    PortfolioMember.objects.bulk_create(
        [
            PortfolioMember(firm_id=actor.firm_id, portfolio=portfolio, membership=successor)
            for portfolio in portfolios
            for successor in successors
        ],
        ignore_conflicts=True,
    )
    places.filter(portfolio__in=portfolios).delete()
    record_many(actor, "portfolio.handed_over", portfolios, **_before_and_after(member, successors))
    return len(portfolios)


def _before_and_after(member: Membership, successors: Sequence[Membership]) -> dict[str, Any]:
    names = ", ".join(str(successor.user) for successor in successors)
    return {"before": {"member": str(member.user)}, "after": {"member": names}}
