"""What goes into an archive: its sections, each a list with the files that its rows name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

#: Rows read in one transaction.
_BATCH: Final = 200


@dataclass(frozen=True)
class Entry:
    """A cell that is a file: what the storage has as `stored_as` goes in, and the cell tells its path."""

    path: str
    stored_as: str


Cells = Sequence[Any]


@dataclass(frozen=True)
class Section:
    """`<name>.csv`. `rows` is asked inside the tenant; `cells` gives for each row of a batch its cells, in order."""

    name: str
    header: Sequence[str]
    rows: Callable[[], QuerySet[Any]]
    cells: Callable[[Sequence[Any]], Iterable[Cells]]

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    def read(self, cursor: str) -> list[tuple[str, Cells]]:
        """The next rows behind `cursor`, in the order of their ids, each with the cursor that stands on it."""
        rows = self.rows()
        found = list((rows.filter(pk__gt=cursor) if cursor else rows).order_by("pk")[:_BATCH])
        return [(str(row.pk), cells) for row, cells in zip(found, self.cells(found), strict=True)]


def each(cells: Callable[[Any], Cells]) -> Callable[[Sequence[Any]], Iterable[Cells]]:
    """For sections whose rows need nothing beside themselves."""
    return lambda rows: [cells(row) for row in rows]


@dataclass(frozen=True)
class Contents:
    #: What LISEZMOI.txt says above the list of the sections.
    readme: str
    #: What the manifest says of whose archive it is.
    about: Mapping[str, Any]
    sections: Sequence[Section]
    #: Opens the tenant whose rows go in.
    tenant: Callable[[], AbstractContextManager[Any]]

    def total(self) -> int:
        """How many rows there are, inside the tenant."""
        return sum(section.rows().count() for section in self.sections)
