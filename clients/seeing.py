"""Which client files an utilisateur sees, as a condition of a query (clients.selectors.clients_visible_to)."""

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func
from django.db.models.sql.compiler import SQLCompiler

from firms.models import Membership

# Lists of ids that PostgreSQL reads once and hashes; EXISTS would look for each file by itself.
_ASSIGNED: Final = "(SELECT a.client_id FROM clients_clientassignment a WHERE a.membership_id = %s)"
_GROUPED: Final = (
    "(SELECT f.client_id FROM clients_portfoliomember m"
    " JOIN clients_portfolioclient f ON f.portfolio_id = m.portfolio_id WHERE m.membership_id = %s)"
)


class SeenFile(Func):
    """
    On Client: assigned to the member; or, where it is not confidential, created by or grouped for him or her.

    In SQL of its own: Django would build and compile the same sub-queries again for each query of a page, in up to a
    millisecond each time, which is as long as many a query lasts.
    """

    output_field = BooleanField()

    def __init__(self, membership: Membership) -> None:
        super().__init__("pk", "created_by", "confidential")
        self.member = membership.pk

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - as Func has it
        *_: Any,
        **__: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        file, author, confidential = (compiler.compile(column)[0] for column in self.source_expressions)
        condition = f"({file} IN {_ASSIGNED} OR (({author} = %s OR {file} IN {_GROUPED}) AND NOT {confidential}))"
        return condition, (self.member,) * 3
