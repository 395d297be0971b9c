"""The journal of who did what: one plain insert in the transaction of the act itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.db import connection, models
from psycopg import sql

from common.bulk import insert_from, random_uuid
from common.masking import KEY, mask_keys, masked
from common.models import JournalEntry
from common.tenancy import current_tenant


class Actor(Protocol):
    """Whoever acts: a membership, a company member, an API key, the system."""

    @property
    def actor_name(self) -> str: ...

    @property
    def actor_person_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class System:
    """The product itself: a time that came, a mail server's answer."""

    actor_name: str = "Système"
    actor_person_id: UUID | None = None


SYSTEM = System()
#: Whoever runs jefacture, by a command: what they do to data is in the journal too.
ASSISTANCE = System(actor_name="Assistance")
_BATCH = 2000


def record(
    actor: Actor,
    action: str,
    on: models.Model | None = None,
    *,
    firm: UUID | None = None,
    company: UUID | None = None,
    **data: Any,
) -> None:
    """
    Add a line to the journal of the open tenant (or of the firm or company given, under platform).

    `data` is JSON: before and after values, never a secret; an API key that somebody pasted in them is masked.
    """
    line = _line(actor, action, on, data)
    line.firm_id, line.company_id = firm or line.firm_id, company or line.company_id
    line.save(force_insert=True)


def record_many(actor: Actor, action: str, objects: Iterable[models.Model], **data: Any) -> None:
    """One line for each object: what a bulk act did."""
    record_each(actor, action, ((on, data) for on in objects))


def record_each(actor: Actor, action: str, lines: Iterable[tuple[models.Model, dict[str, Any]]]) -> None:
    """One line for each object, with data of its own; under platform it is that of the object's firm."""
    entries = [(_line(actor, action, on, data), on) for on, data in lines]
    if current_tenant().platform:
        for entry, on in entries:
            entry.firm_id = entry.firm_id or getattr(on, "firm_id", None)
    JournalEntry.objects.bulk_create([entry for entry, _on in entries], batch_size=_BATCH)


def record_found(actor: Actor, action: str, model: type[models.Model], found: sql.Composable) -> None:
    """One line for each row of the query `found`, whose columns are object_id, object_label and data: what SQL did."""
    line = _line(actor, action, None, {})
    line.object_type = model._meta.model_name or ""
    label, data = sql.SQL("found.object_label"), sql.SQL("found.data")
    expressions = {
        "uid": random_uuid(),
        "object_id": sql.SQL("found.object_id"),
        "object_label": sql.SQL("left({}, 300)").format(_masked(label, kind="text")),
        "data": _masked(data, kind="jsonb"),
    }
    source = sql.SQL("FROM ({}) AS found (object_id, object_label, data)").format(found)
    with connection.cursor() as cursor:
        cursor.execute(insert_from(line, expressions, source))


def _masked(value: sql.Composable, *, kind: str) -> sql.Composable:
    """As mask_keys, by PostgreSQL, which replaces nothing where there is nothing to replace: most lines hold no key."""
    return sql.SQL(
        "CASE WHEN strpos({value}::text, 'jf_') > 0"
        " THEN regexp_replace({value}::text, {key}, {shown}, 'g')::{kind} ELSE {value} END"
    ).format(value=value, key=sql.Literal(KEY), shown=sql.Literal(r"\1…"), kind=sql.SQL(kind))


def _line(actor: Actor, action: str, on: models.Model | None, data: dict[str, Any]) -> JournalEntry:
    here = current_tenant()
    context = structlog.contextvars.get_contextvars()
    return JournalEntry(
        firm_id=here.firm,
        company_id=here.company,
        person_id=actor.actor_person_id,
        actor=mask_keys(actor.actor_name)[:200],
        action=action,
        object_type=on._meta.model_name or "" if on is not None else "",
        object_id=getattr(on, "pk", None),
        object_label=mask_keys(str(on))[:300] if on is not None else "",
        data=masked(data, mask_keys),
        ip=context.get("ip"),
        reference=str(context.get("reference", "")),
    )
