"""The fence in the database, walked: table × context × command × own and foreign row, as the application role."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import JSONField
from psycopg.types.json import Jsonb

from common.tenancy import tenant
from common.tenancy.policies import Access, declared_policies
from tests.factories import make_client
from tests.world import World, make_world

# The rule, written out apart from policies.py: firm, company, person, platform.
RULE: dict[str, tuple[str, str, str, str]] = {
    # The walk's own file is « Actif »: no firm deletes that; see the test of its own below.
    "clients_client": ("SIU", "S", "", "SU"),
    "clients_company": ("S", "SU", "S", "SI"),
    "clients_companymembership": ("", "SIU", "S", "SI"),
    "clients_clientassignment": ("SIUD", "", "", "SU"),
    "clients_portfolio": ("SIUD", "", "", "S"),
    "clients_portfoliomember": ("SIUD", "", "", "S"),
    "clients_portfolioclient": ("SIUD", "", "", "S"),
    "clients_importjob": ("SIUD", "", "", "SU"),
    "clients_importrow": ("SIUD", "", "", "SU"),
    "clients_importwording": ("SIUD", "", "", "SU"),
    "clients_enrichment": ("SIUD", "", "", "SU"),
    "clients_earlieraccess": ("S", "SIU", "", "SU"),
    "invitations_invitationsettings": ("SIU", "", "", "S"),
    "invitations_invitation": ("SIU", "S", "", "SU"),
    "invitations_companyinvitation": ("", "SIU", "", "S"),
    "invitations_invitationbatch": ("SIU", "", "", "SU"),
    "invitations_batchrow": ("SIU", "", "", "SU"),
    "invoices_deposit": ("S", "SIU", "", "SU"),
    "invoices_invoice": ("S", "SIU", "", "SU"),
    "invoices_invoicefile": ("S", "SIU", "", "SU"),
    "invoices_invoiceevent": ("S", "SI", "", "S"),
    "invoices_invoicecomment": ("S", "SI", "", "S"),
    "invoices_automaticrule": ("", "SIU", "", ""),
    "invoices_invoicecheck": ("S", "SIU", "", "SU"),
    "invoices_parcel": ("", "SIU", "", "SU"),
    "invoices_mailbox": ("", "SIU", "", "S"),
    "invoices_knownsender": ("", "SID", "", ""),
    "invoices_partnerdeposit": ("SIU", "", "", ""),
    "invoices_recheck": ("", "SIU", "", "SU"),
    "invoices_companyexport": ("", "SIU", "", "SU"),
    "invoices_firminvoice": ("SU", "SIU", "", "SU"),
    "invoices_invoicehold": ("S", "SIU", "", "SU"),
    "invoices_savedview": ("SIUD", "SIUD", "", ""),
    "invoices_eventseal": ("", "", "", "SI"),
    "exports_exportconfiguration": ("SIUD", "", "", "SU"),
    "exports_clientexport": ("SIUD", "", "", "SU"),
    "exports_delivery": ("SIUD", "S", "", "SU"),
    "exports_partnercall": ("SIUD", "", "", "SU"),
    "exports_firmexport": ("SIU", "", "", "SU"),
    "outbox_outgoingemail": ("SIU", "SI", "", "SIUD"),
    "common_journalentry": ("SI", "SI", "SI", "SI"),
    # No firm reads its seals, nor a company.
    "common_journalseal": ("", "", "", "SI"),
    "common_keptobject": ("", "SI", "", "S"),
    "common_keptseal": ("", "", "", "SI"),
}
CONTEXTS = ("firm", "company", "person", "platform")
FENCED_ROOMS = ("clients", "invitations", "invoices", "exports", "outbox")


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[World, World]]:
    """Two worlds, made once for the whole walk and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined] # pytest-django's blocker
        yield make_world(), make_world()
        transaction.set_rollback(True)


def test_every_table_of_the_fenced_rooms_has_its_policy() -> None:
    tables = {
        model._meta.db_table
        for room in FENCED_ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    }
    assert tables | {name for name in RULE if name.startswith("common_")} == set(RULE)
    assert {policy.table for policy in declared_policies()} == set(RULE)


def test_database_has_exactly_the_declared_policies(worlds: tuple[World, World]) -> None:
    declared = {(p.table, name, command) for p in declared_policies() for name, command in p.names()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname, cmd FROM pg_policies WHERE schemaname = 'public'")
        assert set(cursor.fetchall()) == declared
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        assert [name for (name,) in cursor.fetchall()] == sorted(RULE)


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("table", RULE)
def test_own_row_is_open_to_exactly_the_commands_of_the_rule(
    table: str, context: str, worlds: tuple[World, World]
) -> None:
    own = worlds[0]
    expected = set(RULE[table][CONTEXTS.index(context)])
    assert _allowed(table, own, own, context) == expected


@pytest.mark.parametrize("context", ["firm", "company", "person"])
@pytest.mark.parametrize("table", RULE)
def test_foreign_row_is_open_to_no_command(table: str, context: str, worlds: tuple[World, World]) -> None:
    own, other = worlds
    assert _allowed(table, other, own, context) == set()


def test_firm_deletes_only_a_client_file_that_nothing_was_built_on(worlds: tuple[World, World]) -> None:
    own, other = worlds
    fresh = [make_client(world.cabinet.firm) for world in worlds]
    rows = [_row_of("clients_client", "id", client.pk) for client in (*fresh, own.client)]

    with tenant(firm=own.cabinet.firm.pk):
        assert [_may("D", "clients_client", row) for row in rows] == [True, False, False]
    with tenant(firm=other.cabinet.firm.pk):
        assert _may("D", "clients_client", rows[1])


@pytest.mark.parametrize("table", RULE)
def test_no_context_opens_nothing(table: str, worlds: tuple[World, World]) -> None:
    row = _row(table, worlds[0], "firm")
    assert {letter for letter in "SIUD" if _may(letter, table, row)} == set()


def _allowed(table: str, target: World, own: World, context: str) -> set[str]:
    """Letters that `own`'s context may do with a row of `target`."""
    row = _row(table, target, context)
    with tenant(**own.context(context)):  # type: ignore[arg-type] # the names and types of tenant()
        return {access.value for access in Access if _may(access.value, table, row)}


def _row(table: str, world: World, context: str) -> dict[str, object]:
    """A row of this world's, with all its columns; looked up under platform, which sees every row."""
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    columns = {field.column for field in model._meta.concrete_fields}
    keys = {"firm_id": world.cabinet.firm.pk, "company_id": world.company.pk, "person_id": world.owner.person_id}
    if table == "clients_company":
        wanted = {"id": world.company.pk}
    elif table == "clients_client":
        wanted = {"id": world.client.pk}
    elif table == "common_journalseal":
        wanted = {"chain": world.cabinet.firm.pk}
    elif "chain" in columns:
        wanted = {"chain": world.company.pk}
    else:
        preferred = f"{context}_id"
        name = preferred if preferred in columns else next(key for key in keys if key in columns)
        wanted = {name: keys[name]}
    name, value = next(iter(wanted.items()))
    if RULE[table][CONTEXTS.index("platform")]:
        return _row_of(table, name, value)
    return _row_of(table, name, value, firm=world.cabinet.firm.pk, company=world.company.pk)


def _row_of(table: str, name: str, value: UUID, **owners: UUID) -> dict[str, object]:
    """Found by its owners where platform sees none; without what the database itself makes of the other columns."""
    context: dict[str, Any] = owners or {"platform": "the test finds its row"}
    with tenant(**context), connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE "{name}" = %s LIMIT 1', [value])
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    made = {field.column for field in model._meta.concrete_fields if field.generated}
    return {name: value for name, value in row.items() if name not in made}


def _may(letter: str, table: str, row: dict[str, object]) -> bool:
    """Try the command on the row in a savepoint, and undo it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            done = _try(cursor, letter, table, row)
            transaction.set_rollback(True)
            return done
    except DatabaseError as error:
        return _passed_the_fence(error)


def _try(cursor: object, letter: str, table: str, row: dict[str, object]) -> bool:
    execute = cursor.execute  # type: ignore[attr-defined] # a database cursor
    if letter == "S":
        execute(f'SELECT 1 FROM "{table}" WHERE id = %s', [row["id"]])
        return cursor.fetchone() is not None  # type: ignore[attr-defined] # as above
    if letter == "I":
        names = ", ".join(f'"{name}"' for name in row)
        execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(row))})', _adapted(table, row))
    elif letter == "U":
        execute(f'UPDATE "{table}" SET id = id WHERE id = %s', [row["id"]])
    else:
        execute(f'DELETE FROM "{table}" WHERE id = %s', [row["id"]])
    return bool(cursor.rowcount)  # type: ignore[attr-defined] # as above


def _adapted(table: str, row: dict[str, object]) -> list[object]:
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    documents = {field.column for field in model._meta.concrete_fields if isinstance(field, JSONField)}
    return [Jsonb(value) if name in documents else value for name, value in row.items()]


def _passed_the_fence(error: DatabaseError) -> bool:
    """The copy of a row collides with it, and a row in use cannot go: both come after the fence let them through."""
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.UniqueViolation | psycopg.errors.ForeignKeyViolation):
        return True
    assert isinstance(cause, psycopg.errors.InsufficientPrivilege), cause
    return False
