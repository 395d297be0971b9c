"""How each state of the product is shown: a tone and an icon beside its word, found by the word itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["idle", "live", "wait", "done", "wrong"]


@dataclass(frozen=True)
class Look:
    tone: Tone
    icon: str


#: Where no state is known: the icon that goes with a tone.
TONE_ICONS: Final[Mapping[str, str]] = {
    "idle": "minus",
    "live": "arrow-path",
    "wait": "clock",
    "done": "check",
    "wrong": "x-mark",
}

# Green is only for what is done, amber for what somebody waits for, red for what is wrong.
_BY_LOOK: Final[Mapping[Look, tuple[str, ...]]] = {
    Look("done", "check"): (
        "Actif",
        "Active",
        "Acceptée",
        "Classé",
        "Validée",
        "Envoyé",
        "Envoyée",
        "Transférée",
        "Terminé",
        "Ouvert",
    ),
    Look("done", "plus"): ("Créés",),
    Look("idle", "stop-circle"): ("Créé", "Créée"),
    Look("live", "paper-airplane"): ("Invité",),
    Look("live", "envelope-open"): ("Ouverte",),
    Look("live", "arrow-path"): (
        "Reçu",
        "Analysé",
        "En cours",
        "Lecture",
        "Import en cours",
        "Annulation en cours",
        "Mis à jour",
    ),
    Look("live", "arrow-down-left"): ("Achat",),
    Look("live", "arrow-up-right"): ("Vente",),
    Look("wait", "clock"): (
        "Invitation expirée",
        "Expirée",
        "Connexion en attente",
        "En attente",
        "En attente de validation",
        "En file",
        "À valider",
        "À transférer",
        "À réessayer",
        "À confirmer",
    ),
    Look("wait", "pencil"): ("À compléter", "Colonnes à préciser"),
    Look("wait", "pause"): ("Retenu", "Doublon", "Autre société", "Suspendue", "Laissé", "Laissés"),
    Look("wait", "scale"): ("En litige",),
    Look("wrong", "x-mark"): (
        "E-mail rejeté",
        "Rejetée",
        "Rejeté",
        "Rejetés",
        "Refusé",
        "Refusée",
        "Échouée",
        "Échoué",
    ),
    Look("wrong", "shield-exclamation"): ("En quarantaine",),
    Look("idle", "equals"): ("Inchangé", "Inchangés"),
    Look("idle", "archive-box"): ("Archivé", "Archivée"),
    Look("idle", "no-symbol"): ("Désactivé", "Désactivée", "Révoquée", "Abandonné", "Annulé"),
    Look("idle", "lock-closed"): ("Fermée", "Clôturé"),
}
_BY_WORD: Final[Mapping[str, Look]] = {word.casefold(): look for look, words in _BY_LOOK.items() for word in words}


def look_of(word: str, *, tone: str = "", icon: str = "") -> Look:
    """The look of a state's French word; `tone` and `icon` override it, an unknown word is quiet."""
    known = _BY_WORD.get(word.casefold())
    if tone and not icon and (known is None or known.tone != tone):
        icon = TONE_ICONS[tone]
    if known is None:
        known = Look("idle", TONE_ICONS["idle"])
    return Look(tone or known.tone, icon or known.icon)  # type: ignore[arg-type] # a template's word for a tone
