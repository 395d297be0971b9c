"""
Who may do what. A right is said once: its label is what « Qui peut quoi » shows, its roles are what the code asks.

A refused act is told by `require`: services raise, the error page shows the sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, Protocol

from django.core.exceptions import PermissionDenied

P = ParamSpec("P")


class ForbiddenError(PermissionDenied):
    """The actor may see the object but not do this to it; the message is shown to him or her, in French."""


def require(allowed: bool, sentence: str) -> None:  # noqa: FBT001 - reads as a sentence: require(can_invite(m), "…")
    """Raise ForbiddenError with `sentence` unless `allowed`."""
    if not allowed:
        raise ForbiddenError(sentence)


class Place(Protocol):
    """Somebody's place in a firm or in a company space."""

    @property
    def role(self) -> str: ...

    @property
    def is_open(self) -> bool: ...


@dataclass(frozen=True, eq=False)
class Right(Generic[P]):
    """Called with a place, and with the object where its rule looks at one: whether that person may."""

    label: str
    roles: frozenset[str]
    note: str
    rule: Callable[Concatenate[Any, P], bool]

    def __call__(self, place: Place, *args: P.args, **kwargs: P.kwargs) -> bool:
        return place.is_open and place.role in self.roles and self.rule(place, *args, **kwargs)


def _no_more(_place: Place) -> bool:
    return True


class Rights:
    """One part of the table « Qui peut quoi »: the rights of a room, in the order in which they are declared."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.all: list[Right[Any]] = []

    def add(self, label: str, roles: frozenset[str], *, note: str = "") -> Right[[]]:
        """A right that the role alone gives."""
        return self.rule(label, roles, note=note)(_no_more)

    def rule(
        self, label: str, roles: frozenset[str], *, note: str = ""
    ) -> Callable[[Callable[Concatenate[Any, P], bool]], Right[P]]:
        """A right that the role gives where the decorated function agrees; `note` says in French where it does."""

        def declare(rule: Callable[Concatenate[Any, P], bool]) -> Right[P]:
            right = Right(label, roles, note, rule)
            self.all.append(right)
            return right

        return declare
