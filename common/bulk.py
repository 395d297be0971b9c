"""Many rows by few statements: COPY into a temporary table, then INSERT … SELECT or UPDATE … FROM.

PostgreSQL refuses COPY into a table that is fenced by row-level security; a temporary table belongs to its session.
Values are composed into the statements as literals, so these are executed without parameters.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL
from psycopg import sql


@contextmanager
def temporary_table(name: str, columns: Mapping[str, str]) -> Iterator[CursorWrapper]:
    """A table of this session (column → type) until the end of the block, inside the open transaction."""
    table = sql.Identifier(name)
    typed = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(t)) for c, t in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(table, typed))
        yield cursor
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))


def copy_into(cursor: CursorWrapper, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Append rows of all of the table's columns."""
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
        for row in rows:
            copy.write_row(row)


def copy_documents(cursor: CursorWrapper, table: str, documents: Iterable[str]) -> None:
    """Append to a table of one JSON column. JSON escapes line breaks by itself: only its backslashes mean more here."""
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
        copy.write("\n".join(documents).replace("\\", "\\\\") + "\n")


def among(column: str, values: Iterable[object]) -> RawSQL:
    """A condition: `column` is one of many values, which travel as one array instead of a parameter each."""
    return RawSQL(f'"{column}" = ANY(%s)', (list(values),), output_field=models.BooleanField())  # noqa: S611 - ours


def random_uuid() -> sql.Composed:
    """One for each row of a statement, from one secret: gen_random_uuid() asks the kernel each time, which is slow."""
    return sql.SQL("md5({} || row_number() OVER ())::uuid").format(sql.Literal(token_hex(16)))


def insert_from(
    example: models.Model, expressions: Mapping[str, sql.Composable], source: sql.Composable
) -> sql.Composed:
    """
    INSERT … SELECT into the table of `example`'s model: `expressions` by field, every other field as on `example`.

    `source` is the statement from FROM on.
    """
    columns = {
        str(field.column): expressions[field.attname] if field.attname in expressions else _literal(field, example)
        for field in example._meta.concrete_fields
        if field.attname in expressions or not isinstance(field, models.AutoField)
    }
    return sql.SQL("INSERT INTO {} ({}) SELECT {} {}").format(
        sql.Identifier(example._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(column) for column in columns),
        sql.SQL(", ").join(columns.values()),
        source,
    )


def _literal(field: models.Field[Any, Any], example: models.Model) -> sql.Literal:
    return sql.Literal(field.get_db_prep_save(getattr(example, field.attname), connection))
