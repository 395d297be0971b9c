from collections.abc import Iterable
from uuid import UUID


def uuids_in(values: Iterable[str]) -> list[UUID]:
    """The ids among what a page posted; what is none is left out, as an id that nobody has would be."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
