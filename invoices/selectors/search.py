"""Search by words: the ids come from a function of the database, which is fenced by itself."""

from typing import Final, Literal

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from clients.models import Client

#: What a search shows at most: the latest.
MOST_FOUND: Final = 1000
_LONGEST: Final = 200


def found_by_words(
    whose: Literal["firm", "company"], words: str, *, key: str, among: QuerySet[Client] | None = None
) -> RawSQL:
    """
    A condition on `key`, the column of ids: an invoice of the open firm or company that holds all the words.

    By number, party, SIREN or amount; accents, case and spaces in numbers do not matter. `among`: of these clients.
    """
    clients, parameters = "NULL", ()
    if among is not None:
        clients, parameters = among.order_by().values("pk").query.sql_with_params()
        clients = f"ARRAY({clients})"
    sql = f"{key} = ANY(ARRAY(SELECT invoices_found(%s, %s, %s, {clients})))"
    said = words.replace("\x00", "")[:_LONGEST]
    return RawSQL(sql, (whose, said, MOST_FOUND, *parameters), output_field=BooleanField())  # noqa: S611 - our own SQL
