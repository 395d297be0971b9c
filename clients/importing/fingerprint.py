from typing import Final
from uuid import UUID

from django.db import connection
from psycopg import sql

from clients.services.files import EDITABLE

# What decides who sees a file, beside its assignments and portfolios.
_SEEN_BY: Final = ("created_by_id", "confidential", "is_firm_file")
_FINGERPRINT: Final = sql.SQL("""
    SELECT concat_ws(
        '/',
        (SELECT count(*) FROM clients_client WHERE firm_id = {firm}),
        (SELECT bit_xor(hash_record_extended(row(id, {columns}), 0)) FROM clients_client WHERE firm_id = {firm}),
        (SELECT bit_xor(hash_record_extended(pair, 0)) FROM (
           SELECT row(client_id, membership_id) FROM clients_clientassignment WHERE firm_id = {firm}
           UNION ALL SELECT row(portfolio_id, client_id) FROM clients_portfolioclient WHERE firm_id = {firm}
           UNION ALL SELECT row(portfolio_id, membership_id) FROM clients_portfoliomember WHERE firm_id = {firm}
         ) AS sight (pair)),
        (SELECT bit_xor(hash_record_extended(row(m.id, m.role, m.status = 'disabled', lower(u.contact_email)), 0))
           FROM firms_membership m JOIN accounts_user u ON u.id = m.user_id WHERE m.firm_id = {firm})
    )
""")


def directory_fingerprint(firm_id: UUID) -> str:
    """What tells that a dry run would still show the same: the files, what an import may write on them, who sees them.

    A status that moves says nothing of it.
    """
    columns = sql.SQL(", ").join(map(sql.Identifier, (*EDITABLE, *_SEEN_BY)))
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT.format(firm=sql.Literal(firm_id), columns=columns))
        return str(cursor.fetchone()[0])
