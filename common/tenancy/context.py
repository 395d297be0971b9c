"""The tenant context: `with tenant(firm=…)` opens a transaction in which PostgreSQL shows one tenant's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction


class TenantError(RuntimeError):
    """A context was opened inside another one that it contradicts."""


class NoTenantError(RuntimeError):
    """Something that needs a tenant ran outside every context."""


@dataclass(frozen=True)
class Tenant:
    firm: UUID | None = None
    company: UUID | None = None
    person: UUID | None = None
    platform: str = ""

    def settings(self) -> tuple[str, str, str, str]:
        """Values of app.firm, app.company, app.person, app.platform; empty means not set."""
        firm, company, person = (str(value) if value else "" for value in (self.firm, self.company, self.person))
        return firm, company, person, self.platform

    def may_hold(self, inner: "Tenant") -> bool:
        """Whether `inner` may be opened inside: it repeats everything set here, and may add to it."""
        if self == _NOBODY:
            return True
        if bool(self.platform) != bool(inner.platform):
            return False
        return all(
            outer_value in (None, inner_value)
            for outer_value, inner_value in (
                (self.firm, inner.firm),
                (self.company, inner.company),
                (self.person, inner.person),
            )
        )


_NOBODY = Tenant()


def current_tenant() -> Tenant:
    # Kept on the connection: it is the connection's setting that decides, and a connection has one thread.
    # The settings end with their transaction, whatever became of the block that opened them.
    if not connection.in_atomic_block:
        return _NOBODY
    current: Tenant = getattr(connection, "jefacture_tenant", _NOBODY)
    return current


def require_tenant() -> Tenant:
    current = current_tenant()
    if current == _NOBODY:
        raise NoTenantError("No tenant context is open: no row would be seen and none could be written.")
    return current


@contextmanager
def tenant(
    *, firm: UUID | None = None, company: UUID | None = None, person: UUID | None = None, platform: str = ""
) -> Iterator[None]:
    """
    Show and accept only the rows of this tenant until the end of the block, which is one transaction.

    `platform` is the reason, in words, for looking across tenants (a sweeper, a token not yet known).
    Raises TenantError when it is opened inside a context that it contradicts.
    """
    wanted = Tenant(firm=firm, company=company, person=person, platform=platform)
    if wanted == _NOBODY:
        raise TenantError("tenant() needs a firm, a company, a person or the reason for a platform context.")
    outer = current_tenant()
    if not outer.may_hold(wanted):
        raise TenantError(f"{wanted} cannot be opened inside {outer}.")
    with transaction.atomic():
        _set(wanted)
        try:
            yield
        except BaseException:
            # The roll-back of the (sub)transaction gives the settings their former values.
            _remember(outer)
            raise
        # A released savepoint would keep the inner values for the rest of the transaction; one that is going to be
        # rolled back gives them back by itself, and takes no more queries.
        if connection.needs_rollback:
            _remember(outer)
        else:
            _set(outer)


def _set(wanted: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.firm', %s, true), set_config('app.company', %s, true),"
            " set_config('app.person', %s, true), set_config('app.platform', %s, true)",
            wanted.settings(),
        )
    _remember(wanted)


def _remember(value: Tenant) -> None:
    connection.jefacture_tenant = value  # type: ignore[attr-defined] # see current_tenant
