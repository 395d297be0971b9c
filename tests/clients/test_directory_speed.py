"""« Clients » with 20 000 files beside another firm's as many: what PostgreSQL reads to find a page, for how long."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django_tables2 import RequestConfig

from clients.filters import ClientFilter
from clients.selectors import clients_visible_to
from clients.tables import ClientTable
from common.tenancy import tenant
from firms.models import Membership
from tests.clients.crowd import add_many_clients, add_portfolios
from tests.factories import MembershipFactory

MANY = 20_000
_TABLES = (
    "clients_client",
    "clients_clientassignment",
    "clients_portfolio",
    "clients_portfolioclient",
    "clients_portfoliomember",
)
INSTANT = 50  # milliseconds
_TIMES = 3  # another program may have been at work during one of them


@pytest.fixture
def member(owner: psycopg.Connection[Any]) -> Iterator[Membership]:
    """
    An utilisateur assigned to half of the files, with portfolios: the least privileged, whose list asks most of the
    database.
    """
    one, other = (MembershipFactory.create() for _ in range(2))
    for table in _TABLES:  # vacuumed once, below, and not by two at the same time
        owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
    for each in (other, one):
        add_many_clients(each, count=MANY)
        add_portfolios([each])
    # A page can be left unread once the commit of its rows is on disk: by the next one that waits for it.
    owner.execute("SET synchronous_commit = on")
    owner.execute(f"ANALYZE {', '.join(_TABLES)}")
    owner.execute(f"VACUUM {', '.join(_TABLES)}")
    yield one
    owner.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
    for table in _TABLES:
        owner.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")


@pytest.mark.django_db(transaction=True)
def test_page_is_found_in_the_firms_own_part_of_an_index(member: Membership) -> None:
    for query, rows in (
        ("?q=ÉTABLISSEMENTS+lyon", 1571),
        ("?q=000+012+34", 7),
        ("?q=contact1234@", 1),
        ("?q=c777", 5),
        ("?q=roanne&jamais_invite=true", 715),
        ("?statut=created&statut=expired", 10_000),
        ("?page=200", 11_000),
    ):
        table = _listed(member, query)
        plans = [_explain(member, _query_of(member, query)) for _ in range(_TIMES)]
        reads = [node for node in _nodes(plans[0]["Plan"]) if node.get("Relation Name") == "clients_client"]

        assert table.count == rows, query
        assert [read["Node Type"] for read in reads] == ["Index Only Scan"], query
        assert f"(firm_id = '{member.firm_id}'::uuid)" in reads[0]["Index Cond"], query
        assert reads[0]["Actual Rows"] + reads[0].get("Rows Removed by Filter", 0) <= MANY, query
        assert min(plan["Execution Time"] for plan in plans) < INSTANT, query


def _listed(member: Membership, query: str) -> ClientTable:
    request = RequestFactory().get(query)
    with tenant(firm=member.firm_id):
        filters = ClientFilter(request.GET, queryset=clients_visible_to(member), membership=member)
        table = ClientTable(filters.qs, member=member, filtered=True)
        RequestConfig(request).configure(table)
    return table


def _query_of(member: Membership, query: str) -> str:
    """The SQL that finds a page and counts, as it reaches PostgreSQL."""
    with CaptureQueriesContext(connection) as asked:
        _listed(member, query)
    (found,) = [each["sql"] for each in asked if "OVER ()" in each["sql"]]
    return str(found)


def _explain(member: Membership, query: str) -> dict[str, Any]:
    with tenant(firm=member.firm_id), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}")
        (plan,) = cursor.fetchone()
    return dict((json.loads(plan) if isinstance(plan, str) else plan)[0])


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
