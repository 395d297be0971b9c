"""A firm of many clients, as their number matters: made by PostgreSQL itself, in a second for 20 000."""

from django.db import connection

from common.tenancy import tenant
from firms.models import Membership

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


def add_many_clients(member: Membership, *, count: int) -> None:
    """`count` clients of four states in seven towns for the member's firm; every second one is the member's."""
    with tenant(firm=member.firm_id), connection.cursor() as cursor:
        cursor.execute(_CLIENTS, {"firm": member.firm_id, "count": count})
        cursor.execute(_ASSIGNMENTS, {"firm": member.firm_id, "member": member.pk})
