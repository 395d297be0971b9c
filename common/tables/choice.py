"""Which columns of a list a person has chosen to see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """
    What there is to choose in a list; its other columns always stay.

    Kept by person under `key`; `extra` are not shown to who has chosen nothing.
    """

    key: str
    usual: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.usual + self.extra

    def shown(self, chosen: Mapping[str, Sequence[str]]) -> frozenset[str]:
        """The names to show, given what the person has chosen in each list."""
        return frozenset(chosen.get(self.key, self.usual)).intersection(self.names)


def columns_from(choice: Choice, names: Iterable[str]) -> list[str]:
    """What may be kept of what somebody asks to see."""
    wanted = set(names)
    return [name for name in choice.names if name in wanted]
