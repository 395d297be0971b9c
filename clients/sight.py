"""
« Qui voit ce dossier »: the rule of clients.selectors.clients_visible_to told in words, for one client file.

A property test holds the two equal: somebody has a reason here exactly where the rule lets him or her see the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clients.models import Client, ClientAssignment, PortfolioMember
from clients.permissions import can_see_every_client
from clients.selectors import portfolios_seen_by
from common.typography import NBSP, date_fr, french
from firms.models import Membership
from firms.selectors import present_members_of


@dataclass(frozen=True)
class Sight:
    """What one member's sight of a client file rests on; without `reasons` it is hidden, `obstacle` says why."""

    member: Membership
    reasons: tuple[str, ...]
    obstacle: str = ""


def explain(member: Membership, client: Client, *, to: Membership) -> Sight:
    """Why this member of the file's firm sees the file, or why not; `to` asks."""
    return _explain([member], client, to)[0]


def who_sees(membership: Membership, client: Client) -> list[Sight]:
    """Those of the firm who see the file, administrateurs first."""
    seen = [sight for sight in _explain(present_members_of(membership), client, membership) if sight.reasons]
    return sorted(seen, key=lambda sight: not sight.member.is_administrator)


def _explain(members: Iterable[Membership], client: Client, to: Membership) -> list[Sight]:
    """A portfolio that whoever asks does not know of has no name."""
    known = dict(portfolios_seen_by(to).values_list("pk", "name"))
    assigned = dict(ClientAssignment.objects.filter(client=client).values_list("membership", "created_at"))
    portfolios: dict[UUID, list[str]] = defaultdict(list)
    places = PortfolioMember.objects.filter(portfolio__files__client=client).order_by("portfolio__name__unaccent")
    for place, portfolio in places.values_list("membership", "portfolio"):
        portfolios[place].append(f"portefeuille «{NBSP}{known[portfolio]}{NBSP}»" if portfolio in known else _UNNAMED)
    return [_sight(member, client, assigned, portfolios) for member in members]


def _sight(
    member: Membership, client: Client, assigned: Mapping[UUID, datetime], portfolios: Mapping[UUID, list[str]]
) -> Sight:
    if can_see_every_client(member):
        return Sight(member, ("administrateur",))
    if client.is_firm_file:
        return Sight(member, (), "C'est le dossier du cabinet, que seuls les administrateurs voient.")
    named: tuple[str, ...] = (f"affecté le {date_fr(assigned[member.pk])}",) if member.pk in assigned else ()
    others: tuple[str, ...] = ("a créé le dossier",) if client.created_by_id == member.pk else ()
    others += tuple(dict.fromkeys(portfolios.get(member.pk, ())))
    if not client.confidential:
        return Sight(member, named + others, "" if named or others else _NOTHING)
    return Sight(member, named, "" if named else _confidential(others))


_UNNAMED = "un autre portefeuille"
_NOTHING = "Le dossier ne lui est pas affecté et n'est dans aucun de ses portefeuilles."


def _confidential(others: tuple[str, ...]) -> str:
    """What would show the file, were it an ordinary one, is told too: it is what people ask about."""
    told = "Le dossier est confidentiel, et cette personne n'y est pas affectée elle-même"
    return french(f"{told} : « {', '.join(others)} » n'y suffit pas." if others else f"{told}.")
