"""Rows of a printed list that are no client: its header on every page, its totals and its footer."""

import re
from collections.abc import Sequence
from typing import Final

from clients.importing.cells import Cell, text_of
from clients.importing.columns.company import Siren
from common.folding import fold

_MOST_CELLS: Final = 3
_THINGS: Final = r"(?:clients?|dossiers?|lignes?|fiches?|entreprises?|societes?|enregistrements?|tiers)"
_ASIDE: Final = re.compile(
    "|".join(
        (
            rf"(?:sous[- ])?tota(?:l|ux)(?: general)?(?: (?:des |de )?{_THINGS})?[ :=]*[\d .,]*(?:{_THINGS})?",
            rf"(?:nombre|nb)(?: total)? (?:de |d')?{_THINGS}[ :=]*[\d .,]*",
            rf"\d[\d .]* {_THINGS}",
            r"page \d+(?: ?(?:/|sur|de) ?\d+)?",
            r"(?:edite|edition|imprime|exporte|extrait|genere)e?s? (?:(?:le|du|au) \d|par ).*",
        )
    )
)


def is_aside(cells: Sequence[Cell]) -> bool:
    """Whether a row holds little but a total or a footer. A row with a SIREN is a client, whatever its name."""
    if len(cells) - cells.count(None) > _MOST_CELLS:
        return False
    filled = [cell for cell in cells if cell is not None]
    return (
        bool(filled)
        and isinstance(filled[0], str)
        and _ASIDE.fullmatch(fold(text_of(filled[0])).strip(" :.")) is not None
        and not any(Siren().clean(cell).value for cell in filled[1:])
    )
