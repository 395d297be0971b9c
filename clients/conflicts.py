"""Two people changed one client file at the same time: what each wrote, and which of both is kept.

The form posts what it showed (`initial-…`) beside what was typed, so that both changes are known. What only the other
person changed is taken; where both did, the one who saves last chooses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BooleanField, ChoiceField
from django.http import QueryDict

from clients.forms import EditClientForm
from clients.models import Client
from common.models import JournalEntry

CHOICE = "choix-"
THEIRS = "autre"
#: Posted by the button that keeps all that was typed, whatever is ticked.
KEEP_MINE = "garder"
_UNKNOWN = object()


@dataclass(frozen=True)
class Difference:
    """One field that somebody else changed; `chosen` where I did as well, so that there is something to choose."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: bool
    #: Who wrote theirs and when, where the journal says so.
    entry: JournalEntry | None

    @property
    def choice_name(self) -> str:
        return f"{CHOICE}{self.name}"


def settled(data: QueryDict, client: Client) -> QueryDict:
    """What was posted, with the other person's values where they were chosen."""
    chosen = data.copy()
    for name in EditClientForm.Meta.fields:
        if data.get(f"{CHOICE}{name}") == THEIRS and KEEP_MINE not in data:
            _put(chosen, name, getattr(client, name))
    return chosen


def differences(form: EditClientForm, client: Client, history: Iterable[JournalEntry]) -> list[Difference]:
    """Field by field, what `client` holds now and a valid `form` did not know of when it was opened."""
    lines = list(history)
    mine, found = form.values(), []
    for name in form.fields:
        if name not in mine or name == "siren":
            continue
        seen, theirs = _seen(form, name), getattr(client, name)
        if theirs not in (seen, mine[name]):
            found.append(
                Difference(
                    name=name,
                    label=str(form.fields[name].label).partition(" : ")[0],
                    mine=_words(form, name, mine[name]),
                    theirs=_words(form, name, theirs),
                    chosen=mine[name] != seen,
                    entry=_who_wrote(name, lines),
                )
            )
    return found


def rebased(data: QueryDict, client: Client, found: Iterable[Difference]) -> QueryDict:
    """What was posted, on top of what the file holds now: it can be saved, and what only others changed is taken."""
    fresh = data.copy()
    fresh["version"] = str(client.version)
    for name in EditClientForm.Meta.fields:
        fresh[f"initial-{name}"] = str(getattr(client, name))
    for difference in found:
        if not difference.chosen:
            _put(fresh, difference.name, getattr(client, difference.name))
    return fresh


def _put(data: QueryDict, name: str, value: object) -> None:
    if value is False:  # a box that is not ticked posts nothing
        data.pop(name, None)
    else:
        data[name] = str(value)


def _seen(form: EditClientForm, name: str) -> Any:
    """The value that the form showed; one that does not tell makes every difference one to choose."""
    posted = form.data.get(f"initial-{name}")
    return _UNKNOWN if posted is None else form.fields[name].to_python(posted)


def _words(form: EditClientForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, BooleanField):
        return "oui" if value else "non"
    if isinstance(field, ChoiceField):
        labels: Mapping[Any, Any] = dict(field.choices)  # type: ignore[arg-type] # flat, without groups
        return str(labels.get(value, value))
    return str(value)


def _who_wrote(name: str, lines: list[JournalEntry]) -> JournalEntry | None:
    written = (line for line in lines if name in (line.data.get("changes") or {}))
    return next(written, None)
