"""Row-level security as data: who may see and write each table's rows, and the SQL that says so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.apps import apps
from django.utils.module_loading import import_string, module_has_submodule

APPLICATION_ROLE = "jefacture_app"


class Access(StrEnum):
    SELECT = "S"
    INSERT = "I"
    UPDATE = "U"
    DELETE = "D"


_COMMANDS = {Access.SELECT: "SELECT", Access.INSERT: "INSERT", Access.UPDATE: "UPDATE", Access.DELETE: "DELETE"}
_CONTEXTS = ("firm", "company", "person", "platform")


def setting(name: str) -> str:
    """
    The SQL of a context's value: NULL where none is open, so that no comparison holds.

    A sub-select is evaluated once for a query; without it, the setting would be read and parsed for each row.
    """
    return f"(SELECT nullif(current_setting('app.{name}', true), '')::{'text' if name == 'platform' else 'uuid'})"


@dataclass(frozen=True)
class Rows:
    """
    What one context may do with which rows of a table.

    `may` holds the letters S, I, U, D. `where` is a SQL condition; without it the table's own column of that
    context (firm_id, company_id, person_id) must equal the context's value; platform sees every row.
    """

    may: str
    where: str = ""
    #: A further condition that a row must meet to be deleted.
    delete_where: str = ""


@dataclass(frozen=True)
class TablePolicy:
    table: str
    firm: Rows | None = None
    company: Rows | None = None
    person: Rows | None = None
    platform: Rows | None = None
    #: Commands taken from the application role whatever the context (an insert-only table).
    revoke: tuple[str, ...] = field(default=())

    def rows(self, context: str) -> Rows | None:
        rows: Rows | None = getattr(self, context)
        return rows

    def condition(self, context: str) -> str:
        rows = self.rows(context)
        if rows is None:
            return "false"
        if context == "platform":
            return f"{setting('platform')} IS NOT NULL"
        return rows.where or f"{context}_id = {setting(context)}"

    def allows(self, context: str, access: Access) -> bool:
        rows = self.rows(context)
        return rows is not None and access.value in rows.may

    def names(self) -> set[tuple[str, str]]:
        """(policy name, SQL command) of each policy that the table must have, as in pg_policies."""
        return {
            (f"{context}_{_COMMANDS[access].lower()}", _COMMANDS[access])
            for context in _CONTEXTS
            for access in Access
            if self.allows(context, access)
        }

    def statements(self) -> list[str]:
        """SQL that gives the table exactly these policies, to be run by its owner."""
        table = f'"{self.table}"'
        lines = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
        for context in _CONTEXTS:
            lines += [self._create(table, context, access) for access in Access if self.allows(context, access)]
        if self.revoke:
            lines.append(f"REVOKE {', '.join(self.revoke)} ON {table} FROM {APPLICATION_ROLE}")
        return lines

    def _create(self, table: str, context: str, access: Access) -> str:
        command = _COMMANDS[access]
        condition = self.condition(context)
        rows = self.rows(context)
        if access is Access.DELETE and rows is not None and rows.delete_where:
            condition = f"{condition} AND {rows.delete_where}"
        using = "" if access is Access.INSERT else f" USING ({condition})"
        check = f" WITH CHECK ({condition})" if access in (Access.INSERT, Access.UPDATE) else ""
        return f"CREATE POLICY {context}_{command.lower()} ON {table} FOR {command} TO {APPLICATION_ROLE}{using}{check}"


def declared_policies() -> list[TablePolicy]:
    """Every policy of every room, from their `policies.py`."""
    found: list[TablePolicy] = []
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "policies"):
            found.extend(policies_of(config.label))
    return found


def policies_of(label: str) -> Iterable[TablePolicy]:
    policies: list[TablePolicy] = import_string(f"{apps.get_app_config(label).name}.policies.POLICIES")
    return policies
