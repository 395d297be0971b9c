"""Database roles: an owner that migrates, an application that owns nothing.

The application's fence is row-level security, which its owner and superusers walk through: tests and the demo
connect as the application. Production does the same by hand, see docs/operations.md.
"""

import json
from typing import Any

import psycopg
from psycopg import sql

from jefacture.embedded.postgres import Postgres

OWNER = "jefacture_owner"
APPLICATION = "jefacture_app"
EXTENSIONS = ("pg_trgm", "unaccent")


def ensure_roles(server: Postgres, *, owner_password: str, application_password: str) -> None:
    """Make both roles, or give them these passwords where they exist."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for role, password in ((OWNER, owner_password), (APPLICATION, application_password)):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.SQL("ALTER" if known else "CREATE"),
                    sql.Identifier(role),
                    sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"),
                    sql.Literal(password),
                )
            )


def ensure_database(server: Postgres, name: str) -> None:
    """An empty database of the owner in which the application may use, but never make, tables."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
    with psycopg.connect(server.url(name), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        for statement in _GRANTS:
            connection.execute(
                sql.SQL(statement).format(
                    database=sql.Identifier(name), owner=sql.Identifier(OWNER), app=sql.Identifier(APPLICATION)
                )
            )


def clone_database(server: Postgres, name: str, *, template: str) -> None:
    """A fresh copy of `template` in place of what there was."""
    drop_database(server, name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
        for statement in _DATABASE_GRANTS:
            connection.execute(
                sql.SQL(statement).format(database=sql.Identifier(name), app=sql.Identifier(APPLICATION))
            )


def drop_database(server: Postgres, name: str) -> None:
    """Drop it where it exists, whoever is connected."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def read_note(server: Postgres, database: str) -> dict[str, Any]:
    """What we noted on a database (as its comment, so that note and data go together); empty for none."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        row = connection.execute(query, [database]).fetchone()
    return dict(json.loads(row[0])) if row and row[0] else {}


def write_note(server: Postgres, database: str, note: dict[str, Any]) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(database), sql.Literal(json.dumps(note)))
        )


_DATABASE_GRANTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    # TEMPORARY: for bulk writes that go through a table of their own before they are merged.
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
)
_OWNERS_NEW = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
_GRANTS = (
    *_DATABASE_GRANTS,
    "ALTER SCHEMA public OWNER TO {owner}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    f"{_OWNERS_NEW} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{app}}",
    f"{_OWNERS_NEW} GRANT USAGE, SELECT ON SEQUENCES TO {{app}}",
)
