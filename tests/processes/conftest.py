"""Offices at work on the running stack, and counts of what they left in the database."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.stack import Stack

ROWS, BAD = 3000, 40
INVITED, DEPOSITED, DELIVERED = 50, 12, 6
_ACTS = "tests.processes.acts:"
_WORK = (
    "clients_importjob",
    "invitations_invitationbatch",
    "outbox_outgoingemail",
    "invoices_deposit",
    "exports_delivery",
)


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    """Takes the place of the fixture that every other room needs: these tests have a Redis of their own."""


@dataclass(frozen=True)
class Office:
    """A firm with one client that deposits."""

    stack: Stack
    firm: str
    member: str
    client: str
    company: str
    siren: str
    email: str

    @classmethod
    def opened(cls, stack: Stack) -> "Office":
        return cls(stack, **stack.call(f"{_ACTS}open_office"))

    def start_reading(self) -> str:
        """The id of an import of ROWS rows, BAD of which are rejected."""
        return str(self._act("start_reading", member=self.member, rows=ROWS, bad=BAD))

    def confirm(self, job: str) -> None:
        assert self._act("confirm", member=self.member, job=job) is True

    def undo(self, job: str) -> None:
        self._act("undo", member=self.member, job=job)

    def wake_worker(self, job: str) -> None:
        self.stack.call(f"{_ACTS}wake_worker", job=job)

    def invite(self) -> None:
        self._act("invite_many", member=self.member, count=INVITED)

    def deposit(self) -> None:
        self._act("deposit_many", company=self.company, count=DEPOSITED)

    def make_deliverable(self) -> None:
        self._act("make_deliverable", member=self.member, client=self.client, count=DELIVERED)

    def count(self, table: str, *, by: str) -> dict[Any, int]:
        """Rows of this firm, or of its client's company where the table knows no firm, by the values of `by`."""
        owner = "company_id" if table.startswith("invoices_") else "firm_id"
        value = self.company if owner == "company_id" else self.firm
        return dict(self.stack.sql(f"SELECT {by}, count(*) FROM {table} WHERE {owner} = %s GROUP BY 1", value))

    def journal(self) -> dict[str, int]:
        """Lines of the journal by action."""
        query = "SELECT action, count(*) FROM common_journalentry WHERE %s IN (firm_id, company_id) GROUP BY 1"
        return dict(self.stack.sql(query, self.firm) + self.stack.sql(query, self.company))

    def _act(self, name: str, **arguments: object) -> Any:
        return self.stack.call(_ACTS + name, **arguments)


def unfinished(stack: Stack) -> int:
    """Rows that still want a worker."""
    each = " UNION ALL ".join(f"SELECT count(*) FROM {table} WHERE wake_at IS NOT NULL" for table in _WORK)
    return int(stack.value(f"SELECT sum(count) FROM ({each}) AS counts"))


def end_leases(stack: Stack) -> None:
    """What 20 seconds do to work whose worker is dead: the next sweep finds it."""
    for table in _WORK:
        stack.sql(f"UPDATE {table} SET wake_at = now() WHERE wake_at > now()")
