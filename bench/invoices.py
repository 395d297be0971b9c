"""
The lists of invoices and the figures of « Accueil », at ten thousand invoices and at many, as each reader sees them.

INVOICES=10000000 says how many. The firm has 10 000 clients all along; half of the invoices are of one company.
"""

import logging
import os
from collections.abc import Callable
from datetime import date
from typing import Final

import psycopg
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.database import database, settle
from bench.timing import Figure, compare, print_table
from common.tenancy import tenant
from firms.models import Membership
from jefacture.embedded import roles
from tests.clients.crowd import add_many_clients
from tests.factories import AdministratorFactory, MembershipFactory, make_company, make_owner

FEW: Final = 10_000
MANY: Final = int(os.environ.get("INVOICES", "200000"))
CLIENTS: Final = 10_000
ROUNDS: Final = 15
_CHUNK: Final = 500_000
_TABLES: Final = ("invoices_invoice", "invoices_firminvoice")

_INVOICES: Final = """
INSERT INTO invoices_invoice (
  id, company_id, direction, state, container, profile, number, type_code, issue_date, currency, seller_name,
  seller_siren, seller_vat, buyer_name, buyer_siren, buyer_vat, total_without_vat, total_vat, total_with_vat, data,
  refusal_reason, filed_at, verdict
)
SELECT
  ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  companies[1 + n %% 2 * (n %% (cardinality(companies) - 1) + 1)],
  (ARRAY['AP', 'AR'])[n %% 3 / 2 + 1],
  (ARRAY['to_validate', 'validated', 'refused', 'disputed'])[n %% 4 + 1], 'facturx',
  'en16931', 'F-' || n, '380', date '2026-11-20' - (n * 7919 %% 1500)::integer, 'EUR', 'Fournisseur ' || n %% 5000,
  '552100554', '', 'Établissements Durand', '732829320', '', 100 + n %% 9000, 20, 120 + n %% 9000, '{}', '', now(),
  CASE WHEN n %% 50 = 0 THEN 'errors' ELSE 'passed' END
FROM generate_series(%(start)s::bigint, %(stop)s::bigint) AS n, (SELECT %(companies)s::uuid[] AS companies) AS c
"""
_PARTS: Final = """
INSERT INTO invoices_firminvoice (
  id, firm_id, company_id, client_id, invoice_id, state, direction, issue_date, number, other_party, currency,
  total_without_vat, total_vat, total_with_vat, amount, invoice_state, verdict, search, file_name, size, created_at,
  changed_at
)
SELECT
  i.id, %(firm)s, i.company_id, clients[1 + (hashtextextended(i.number, 0) & 8191)], i.id,
  CASE WHEN i.state = 'to_validate' THEN 'pending' ELSE 'to_transfer' END, i.direction, i.issue_date, i.number,
  i.seller_name, 'EUR', i.total_without_vat, i.total_vat, i.total_with_vat, i.amount, i.state, i.verdict,
  invoices_text(i.number, i.seller_name, i.buyer_name, i.seller_siren, i.buyer_siren, i.total_with_vat,
    i.total_without_vat), i.number, 1, now(), now()
FROM invoices_invoice i, (SELECT %(clients)s::uuid[] AS clients) AS c
WHERE i.id BETWEEN ('00000000-0000-4000-8000-' || lpad(to_hex(%(start)s::bigint), 12, '0'))::uuid
  AND ('00000000-0000-4000-8000-' || lpad(to_hex(%(stop)s::bigint), 12, '0'))::uuid
"""
_ASSIGNED: Final = """
INSERT INTO clients_clientassignment (id, firm_id, client_id, membership_id, created_at)
SELECT gen_random_uuid(), firm_id, id, %(member)s, now() FROM clients_client
WHERE firm_id = %(firm)s AND siren::integer %% %(each)s = 1 ON CONFLICT DO NOTHING"""


def show() -> None:
    logging.disable(logging.WARNING)  # no cache stands beside a bench: the months are counted anew each time
    with database():
        world = _World()
        world.fill(1, FEW)
        before = world.measure()
        world.fill(FEW + 1, MANY)
        after = world.measure()
        for name, figure in before.items():
            later = after[name]
            figures = [figure, Figure(f"{MANY} invoices", later.median, later.median / figure.median)]
            print_table(name, figures)


class _World:
    """A firm, its administrateur, utilisateurs of about 300 and 5 000 files, and a company's owner."""

    def __init__(self) -> None:
        self.administrator: Membership = AdministratorFactory.create()
        firm = self.administrator.firm
        self.half: Membership = MembershipFactory.create(firm=firm)
        self.some: Membership = MembershipFactory.create(firm=firm)
        add_many_clients(self.half, count=CLIENTS)
        self.firm = firm
        self.companies = [make_company() for _ in range(101)]
        self.owner = make_owner(self.companies[0]).person
        with tenant(firm=firm.pk), connection.cursor() as cursor:
            cursor.execute(_ASSIGNED, {"firm": firm.pk, "member": self.some.pk, "each": 33})
            cursor.execute("SELECT array_agg(id ORDER BY siren) FROM clients_client WHERE firm_id = %s", [firm.pk])
            self.clients = cursor.fetchone()[0]

    def fill(self, start: int, stop: int) -> None:
        """By the owner, whom no policy holds; what triggers would copy is copied in one statement."""
        with _owner() as owner:
            for table in _TABLES:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for first in range(start, stop + 1, _CHUNK):
                bounds = {"start": first, "stop": min(first + _CHUNK - 1, stop)}
                owner.execute(_INVOICES, {**bounds, "companies": [one.pk for one in self.companies]})
                owner.execute(_PARTS, {**bounds, "firm": self.firm.pk, "clients": self.clients})
                print(f"{bounds['stop']} invoices", flush=True)
            for table in _TABLES:
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        settle()

    def measure(self) -> dict[str, Figure]:
        firm_list = reverse("invoices:firm_list", args=[self.firm.siret])
        company_list = reverse("invoices:company_list", args=[self.companies[0].siren])
        deep = f"?apres={'f' * 32}{date(2023, 1, 10)}"
        readers = {
            "administrateur": self.administrator.user,
            "5 000 files": self.half.user,
            "300 files": self.some.user,
        }
        ways: dict[str, Callable[[], object]] = {}
        for who, person in readers.items():
            browser = Browser()
            browser.force_login(person)
            for what, query in (("first page", ""), ("deep page", deep), ("in dispute", "?litige=true")):
                ways[f"Firm's list, {what}, {who}"] = _page(browser, firm_list + query)
            for what, query in (("rare word", "?q=F-777"), ("word of all", "?q=durand")):
                ways[f"Firm's list, {what}, {who}"] = _page(browser, firm_list + query)
            ways[f"Firm's sums, {who}"] = _page(browser, reverse("invoices:firm_sums", args=[self.firm.siret]))
            ways[f"« Accueil », {who}"] = _page(browser, reverse("invoices:figures", args=[self.firm.siret]))
        browser = Browser()
        browser.force_login(self.owner)
        for what, query in (("first page", ""), ("deep page", deep), ("word of all", "?q=durand")):
            ways[f"Company's list, {what}"] = _page(browser, company_list + query)
        for name, way in ways.items():
            with CaptureQueriesContext(connection) as queries:
                way()
            print(f"{name}: {len(queries)} queries")
            if os.environ.get("SLOWEST"):
                _tell(queries)
        return {figure.name: figure for figure in compare(ways, rounds=ROUNDS)}


def _tell(queries: CaptureQueriesContext) -> None:
    slowest = max(queries.captured_queries, key=lambda query: float(query["time"]))
    print(f"  {slowest['time']} s: {slowest['sql'][:1500]}")


def _owner() -> psycopg.Connection:
    here = connection.settings_dict
    return psycopg.connect(
        host=here["HOST"],
        port=here["PORT"],
        dbname=here["NAME"],
        user=roles.OWNER,
        password=here["PASSWORD"],
        autocommit=True,
    )


def _page(browser: Browser, address: str) -> Callable[[], object]:
    assert browser.get(address).status_code == 200, address  # noqa: PLR2004 - the page itself
    return lambda: browser.get(address)
