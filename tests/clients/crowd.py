"""A firm of many clients, as their number matters: made by PostgreSQL itself, in a second for 20 000."""

from django.db import connection

from common.tenancy import tenant
from firms.models import Firm, Membership
from tests.factories import make_company

_CLIENTS = """
INSERT INTO clients_client (
  id, firm_id, status, name, siren, siret, vat_number, street, postal_code, city, country, iban, bic, language,
  contact_last_name, contact_first_name, contact_email, contact_phone, code, search,
  is_firm_file, confidential, status_before_archive, version, created_at, updated_at
)
SELECT
  gen_random_uuid(), %(firm)s, (ARRAY['created', 'invited', 'expired', 'active'])[n %% 4 + 1],
  'Établissements ' || town || ' ' || n, lpad(n::text, 9, '0'), lpad(n::text, 14, '0'), 'FR00' || lpad(n::text, 9, '0'),
  n || ' rue de la République', '69002', town, 'FR', '', '', 'fr',
  'Durand', 'Hélène', CASE WHEN n %% 10 = 9 THEN '' ELSE 'contact' || n || '@client.test' END, '04 72 00 00 00',
  'C' || n,
  'etablissements ' || lower(town) || ' ' || n || ' ' || lpad(n::text, 9, '0') || ' c' || n || ' contact' || n
    || '@client.test durand helene ' || lower(town),
  false, false, '', 1, now(), now()
FROM (
  SELECT n, (ARRAY['Lyon', 'Villeurbanne', 'Vienne', 'Bourg', 'Roanne', 'Givors', 'Oullins'])[n %% 7 + 1] AS town
  FROM generate_series(1, %(count)s) AS n
)"""
_ASSIGNMENTS = """
INSERT INTO clients_clientassignment (id, firm_id, client_id, membership_id, created_at)
SELECT gen_random_uuid(), firm_id, id, %(member)s, now()
FROM clients_client WHERE firm_id = %(firm)s AND siren::integer %% 2 = 0
ON CONFLICT DO NOTHING"""

_PORTFOLIOS = """
INSERT INTO clients_portfolio (id, firm_id, name, created_at)
SELECT gen_random_uuid(), %(firm)s, 'Équipe ' || n, now() FROM generate_series(0, 19) AS n"""
_GROUPED = """
INSERT INTO clients_portfolioclient (id, firm_id, portfolio_id, client_id, created_at)
SELECT gen_random_uuid(), c.firm_id, p.id, c.id, now()
FROM clients_client c JOIN clients_portfolio p ON p.firm_id = c.firm_id AND p.name = 'Équipe ' || c.siren::integer %% 20
WHERE c.firm_id = %(firm)s"""
_PLACES = """
INSERT INTO clients_portfoliomember (id, firm_id, portfolio_id, membership_id, created_at)
SELECT gen_random_uuid(), p.firm_id, p.id, m.id, now()
FROM clients_portfolio p JOIN unnest(%(members)s::uuid[]) WITH ORDINALITY AS m(id, n)
  ON p.name IN ('Équipe ' || m.n %% 20, 'Équipe ' || (m.n + 3) %% 20, 'Équipe ' || (m.n + 7) %% 20)
WHERE p.firm_id = %(firm)s"""

_INVOICES = """
INSERT INTO invoices_invoice (
  id, company_id, direction, state, container, profile, number, type_code, issue_date, currency, seller_name,
  seller_siren, seller_vat, buyer_name, buyer_siren, buyer_vat, data, refusal_reason, filed_at
)
SELECT gen_random_uuid(), %(company)s, 'AP', 'validated', 'facturx', '', siren, '380',
  date '2026-11-01' - siren::integer %% 300, 'EUR', 'Fournisseur', '552100554', '', name, siren, '', '{}', '', now()
FROM clients_client WHERE firm_id = %(firm)s"""
_PARTS = """
INSERT INTO invoices_firminvoice (
  id, firm_id, company_id, client_id, invoice_id, state, direction, issue_date, file_name, size, created_at, changed_at
)
SELECT gen_random_uuid(), c.firm_id, i.company_id, c.id, i.id, 'to_transfer', 'AP', i.issue_date, i.number, 1, now(),
  now()
FROM invoices_invoice i JOIN clients_client c ON c.firm_id = %(firm)s AND c.siren = i.number
WHERE i.company_id = %(company)s"""


def add_many_clients(member: Membership, *, count: int) -> None:
    """`count` clients of four states in seven towns for the member's firm; every second one is the member's."""
    with tenant(firm=member.firm_id), connection.cursor() as cursor:
        cursor.execute(_CLIENTS, {"firm": member.firm_id, "count": count})
        cursor.execute(_ASSIGNMENTS, {"firm": member.firm_id, "member": member.pk})


def add_portfolios(members: list[Membership]) -> None:
    """Twenty portfolios of the members' firm, which hold each of its clients once; each member has three of them."""
    firm = members[0].firm_id
    with tenant(firm=firm), connection.cursor() as cursor:
        cursor.execute(_PORTFOLIOS, {"firm": firm})
        cursor.execute(_GROUPED, {"firm": firm})
        cursor.execute(_PLACES, {"firm": firm, "members": [member.pk for member in members]})


def add_invoices(firm: Firm) -> None:
    """One invoice, « À transférer », for each client of the firm; all of one company, which no list looks at."""
    company = make_company()
    ids = {"firm": firm.pk, "company": company.pk}
    with tenant(firm=firm.pk, company=company.pk), connection.cursor() as cursor:
        cursor.execute(_INVOICES, ids)
        cursor.execute(_PARTS, ids)
