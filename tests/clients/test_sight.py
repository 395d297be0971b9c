"""Who sees which client file: the rule, its reasons in words, and what is kept of an administrateur's look."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client, ClientAssignment, PortfolioClient, PortfolioMember
from clients.selectors import clients_visible_to
from clients.sight import explain, who_sees
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.models import Membership
from tests.clients.browsing import address, browser_of, text_of
from tests.factories import (
    Cabinet,
    FirmFactory,
    MembershipFactory,
    assign_to,
    make_active_client,
    make_client,
    make_portfolio,
)

_MEMBERS, _CLIENTS, _PORTFOLIOS = 3, 4, 2
_flags = st.booleans()


def _pairs(lefts: int, rights: int) -> st.SearchStrategy[frozenset[tuple[int, int]]]:
    return st.frozensets(st.tuples(st.integers(0, lefts - 1), st.integers(0, rights - 1)))


_FIRMS = st.fixed_dictionaries(
    {
        "people": st.lists(
            st.tuples(st.sampled_from(Role), st.sampled_from(MembershipStatus)), min_size=_MEMBERS, max_size=_MEMBERS
        ),
        "files": st.lists(
            st.tuples(_flags, st.none() | st.integers(0, _MEMBERS - 1)), min_size=_CLIENTS, max_size=_CLIENTS
        ),
        "firm_file": st.none() | st.integers(0, _CLIENTS - 1),
        "assigned": _pairs(_MEMBERS, _CLIENTS),
        "places": _pairs(_MEMBERS, _PORTFOLIOS),
        "grouped": _pairs(_PORTFOLIOS, _CLIENTS),
    }
)


@given(_FIRMS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whoever_sees_a_file_has_a_reason_and_nobody_else(db: None, drawn: dict[str, Any]) -> None:
    firm = FirmFactory.create()
    people = [MembershipFactory.create(firm=firm, role=role, status=status) for role, status in drawn["people"]]
    files = [
        make_client(
            firm,
            confidential=confidential,
            created_by=None if by is None else people[by],
            is_firm_file=number == drawn["firm_file"],
        )
        for number, (confidential, by) in enumerate(drawn["files"])
    ]
    portfolios = [make_portfolio(firm, f"Équipe {number}") for number in range(_PORTFOLIOS)]
    with tenant(firm=firm.pk):
        for member, file in drawn["assigned"]:
            ClientAssignment.objects.create(firm=firm, membership=people[member], client=files[file])
        for member, portfolio in drawn["places"]:
            PortfolioMember.objects.create(firm=firm, membership=people[member], portfolio=portfolios[portfolio])
        for portfolio, file in drawn["grouped"]:
            PortfolioClient.objects.create(firm=firm, portfolio=portfolios[portfolio], client=files[file])

        for member in people:
            seen = set(clients_visible_to(member).values_list("pk", flat=True))
            sights = {file.pk: explain(member, file, to=member) for file in files}

            assert {pk for pk, sight in sights.items() if sight.reasons} == seen
            assert {pk for pk, sight in sights.items() if not sight.obstacle} == seen


@pytest.fixture
def team(cabinet: Cabinet) -> Membership:
    """Who sees the client by two portfolios."""
    member = MembershipFactory.create(firm=cabinet.firm)
    for name in ("Paie", "Équipe Lyon"):
        make_portfolio(cabinet.firm, name, members=[member], clients=[cabinet.client])
    return member


def test_each_reason_is_told(cabinet: Cabinet, team: Membership) -> None:
    with tenant(firm=cabinet.firm.pk):
        Client.objects.update(created_by=cabinet.unassigned)
        client = Client.objects.get()
        ClientAssignment.objects.update(created_at=datetime(2026, 3, 2, 12, tzinfo=UTC))
        told = {sight.member.pk: sight.reasons for sight in who_sees(cabinet.administrator, client)}

    assert told == {
        cabinet.administrator.pk: ("administrateur",),
        cabinet.assigned.pk: ("affecté le 02/03/2026",),
        cabinet.unassigned.pk: ("a créé le dossier",),
        team.pk: ("portefeuille «\u00a0Équipe Lyon\u00a0»", "portefeuille «\u00a0Paie\u00a0»"),
    }


def test_portfolio_is_named_to_those_who_know_of_it(cabinet: Cabinet, team: Membership) -> None:
    make_portfolio(cabinet.firm, "Social", members=[team, cabinet.assigned], clients=[cabinet.client])
    with tenant(firm=cabinet.firm.pk):
        told = {sight.member.pk: sight.reasons for sight in who_sees(cabinet.assigned, cabinet.client)}

    assert told[team.pk] == ("un autre portefeuille", "portefeuille «\u00a0Social\u00a0»")


def test_the_file_says_who_sees_it_and_why_somebody_does_not(cabinet: Cabinet, team: Membership) -> None:
    with tenant(firm=cabinet.firm.pk):
        Client.objects.update(confidential=True)
        own = make_client(cabinet.firm, is_firm_file=True)
        left = MembershipFactory.create(firm=cabinet.firm, status=MembershipStatus.DISABLED)
        assign_to(cabinet.client, left)
    browser = browser_of(cabinet.administrator)

    def why(client: Client, member: Membership) -> str:
        answer = browser.get(address(cabinet, f"{client.pk}/acces/?personne={member.pk}"))
        return text_of(answer).replace("\u00a0", " ")

    page = text_of(browser.get(address(cabinet, f"{cabinet.client.pk}/")))

    assert f"{cabinet.administrator.user} administrateur" in page
    assert str(team.user) not in page.split("Qui voit ce dossier")[1]
    assert f"Pourquoi {cabinet.assigned.user} voit ce dossier" in why(cabinet.client, cabinet.assigned)
    hidden = why(cabinet.client, team)
    assert f"Pourquoi {team.user} ne voit pas ce dossier" in hidden
    assert "Le dossier est confidentiel, et cette personne n'y est pas affectée elle-même" in hidden
    assert "portefeuille « Équipe Lyon »" in hidden
    assert "n'est dans aucun de ses portefeuilles" in why(make_client(cabinet.firm), team)
    assert "C'est le dossier du cabinet" in why(own, team)
    assert str(left.user) not in why(cabinet.client, left)


def test_a_look_at_a_confidential_file_is_in_the_journal_once_a_quarter_of_an_hour(cabinet: Cabinet) -> None:
    confidential = make_active_client(cabinet.firm, confidential=True)
    other = make_client(cabinet.firm, confidential=True)
    assign_to(confidential, cabinet.assigned)
    browser, named = browser_of(cabinet.administrator), browser_of(cabinet.assigned)

    for path in ("", "?onglet=historique", "modifier/", "acces/"):
        browser.get(address(cabinet, f"{confidential.pk}/{path}"))
        named.get(address(cabinet, f"{confidential.pk}/{path}"))
    browser.get(address(cabinet, f"{other.pk}/"))
    browser.get(address(cabinet, f"{cabinet.client.pk}/"))
    first = _looks(cabinet)
    session = browser.session
    session["confidential_looked_at"] = {pk: at - 901 for pk, at in session["confidential_looked_at"].items()}
    session.save()
    browser.get(f"/entreprises/{confidential.siren}/factures/")

    me = cabinet.administrator.user.pk
    assert first == [(me, confidential.pk), (me, other.pk)]
    assert _looks(cabinet) == [*first, (me, confidential.pk)]


def _looks(cabinet: Cabinet) -> list[tuple[object, object]]:
    with tenant(firm=cabinet.firm.pk):
        lines = JournalEntry.objects.filter(action="client.looked_at").order_by("id")
        return list(lines.values_list("person_id", "object_id"))
