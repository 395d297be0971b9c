"""A person's saved views of a list of invoices."""

from typing import TypedDict
from uuid import UUID

from accounts.models import User
from invoices.models import SavedView

MOST_VIEWS = 20
_LONGEST_QUERY = 2000


class Place(TypedDict, total=False):
    """Whose list it is: firm_id or company_id."""

    firm_id: UUID | None
    company_id: UUID | None


class SavedViewError(ValueError):
    """The view cannot be kept; the message says why, in French."""


def save_view(person: User, *, place: Place, name: str, query: str, default: bool) -> SavedView:
    """Keep what the list is narrowed to under a name; the same name keeps it anew."""
    said = " ".join(name.replace("\x00", "").split())[:60]
    if not said:
        raise SavedViewError("Donnez un nom à cette vue.")
    if len(query) > _LONGEST_QUERY:
        raise SavedViewError("Ces critères sont trop longs pour être enregistrés.")
    own = SavedView.objects.filter(person=person, **_both(place))
    if own.exclude(name=said).count() >= MOST_VIEWS:
        raise SavedViewError(f"Vous avez déjà {MOST_VIEWS} vues : supprimez-en une.")
    if default:
        own.filter(is_default=True).update(is_default=False)
    view, _new = SavedView.objects.update_or_create(
        person=person, name=said, **_both(place), defaults={"query": query, "is_default": default}
    )
    return view


def remove_view(person: User, *, place: Place, pk: UUID) -> None:
    """Removing it twice does no harm."""
    SavedView.objects.filter(person=person, pk=pk, **_both(place)).delete()


def _both(place: Place) -> Place:
    return {"firm_id": None, "company_id": None, **place}
