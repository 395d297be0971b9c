from typing import Final

from common.typography import french


class SheetRefused(Exception):  # noqa: N818 - reads as what happened
    """No rows can be read from the file. `reason` is a French sentence for the person who sent it."""

    def __init__(self, reason: str) -> None:
        self.reason = french(reason)
        super().__init__(self.reason)


EMPTY: Final = "Le fichier est vide."
NO_ROWS: Final = "Le fichier ne contient aucune ligne remplie."
NOT_A_FILE: Final = "Le fichier est introuvable ou illisible."
DAMAGED: Final = (
    "Le fichier est endommagé et ne peut pas être lu. Ouvrez-le dans votre tableur, puis enregistrez-le à nouveau au "
    "format Excel (.xlsx)."
)
PROTECTED: Final = (
    "Le fichier est protégé par un mot de passe. Retirez la protection (Fichier, Informations, Protéger le classeur), "
    "puis envoyez-le à nouveau."
)
TOO_SLOW: Final = (
    "Le fichier est trop long à lire. Gardez seulement la feuille des clients, ou partagez-le en plusieurs."
)
TOO_WIDE_APART: Final = (
    "Le fichier est trop grand : il contient trop de cellules, ou une cellule remplie très loin des autres. Copiez la "
    "liste des clients dans un nouveau classeur."
)
DECLARES_ENTITIES: Final = (
    "Le fichier contient des déclarations XML (DTD) qu'un tableur n'écrit jamais : il est refusé."
)
