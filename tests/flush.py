"""Giving the test database back the state of a fresh clone, whatever a transactional test committed.

The application role may neither truncate nor touch the journal: the superuser does it.
"""

from typing import Any

import psycopg
from psycopg import sql

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT c.relispartition ORDER BY 1
"""


class CleanState:
    """What the tables of a fresh clone hold: the rows that migrations wrote."""

    def __init__(self, url: str) -> None:
        self._connection: psycopg.Connection[Any] = psycopg.connect(url, autocommit=True)
        self._connection.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
        self._connection.execute("SET lock_timeout = '10s'")
        self._tables = [row[0] for row in self._connection.execute(_TABLES)]
        self._rows = {table: self._copy_out(table) for table in self._filled()}

    def restore(self) -> None:
        with self._connection.transaction():
            for table in self._filled():
                self._connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table, rows in self._rows.items():
                self._copy_in(table, rows)

    def close(self) -> None:
        self._connection.close()

    def _filled(self) -> list[str]:
        if not self._tables:
            return []
        one = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        query = sql.SQL(" UNION ALL ").join(one.format(sql.Literal(t), sql.Identifier(t)) for t in self._tables)
        return [row[0] for row in self._connection.execute(query)]

    def _copy_out(self, table: str) -> bytes:
        with self._connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            return b"".join(bytes(block) for block in copy)

    def _copy_in(self, table: str, rows: bytes) -> None:
        with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
            copy.write(rows)
