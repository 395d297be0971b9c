from collections.abc import Iterable
from uuid import UUID


def uuid_in(value: str | None) -> UUID | None:
    """The id in a query's parameter; None where there is none, or something else."""
    return next(iter(uuids_in([value or ""])), None)


def uuids_in(values: Iterable[str]) -> list[UUID]:
    """The ids among what a page posted; what is none is left out, as an id that nobody has would be."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
