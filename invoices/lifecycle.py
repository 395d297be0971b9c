"""
The lifecycle of an invoice in the French reform, as data: statuses 200 to 213, who comes after whom, and why.

Codes and names are those of XP Z12-012 (lifecycle of invoices, statuses of processing) and of the external
specifications of the DGFiP; the reasons that a status may carry are BR-FR-CDV-CL-09 of the French rules for lifecycle
messages. Of them, 200, 210, 212 and 213 must be told to the administration by a platform; the others are optional, so
that a status may be left out. jefacture is no « plateforme agréée »: here they are what a company and its firms keep
track of for themselves, and nothing is sent.

On a purchase the company is the buyer, and its decisions are statuses: they are tied to the states of jefacture by
`STATE_OF`. On a sale the statuses say what the buyer did, and leave the state alone.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from invoices.enums import Direction, InvoiceState


class Status(IntEnum):
    DEPOSITED = 200
    ISSUED = 201
    RECEIVED = 202
    AVAILABLE = 203
    IN_HAND = 204
    APPROVED = 205
    PARTLY_APPROVED = 206
    DISPUTED = 207
    SUSPENDED = 208
    COMPLETED = 209
    REFUSED = 210
    PAYMENT_SENT = 211
    CASHED = 212
    REJECTED = 213


S = Status

LABELS: Final[Mapping[Status, str]] = {
    S.DEPOSITED: "Déposée",
    S.ISSUED: "Émise",
    S.RECEIVED: "Reçue",
    S.AVAILABLE: "Mise à disposition",
    S.IN_HAND: "Prise en charge",
    S.APPROVED: "Approuvée",
    S.PARTLY_APPROVED: "Approuvée partiellement",
    S.DISPUTED: "En litige",
    S.SUSPENDED: "Suspendue",
    S.COMPLETED: "Complétée",
    S.REFUSED: "Refusée",
    S.PAYMENT_SENT: "Paiement transmis",
    S.CASHED: "Encaissée",
    S.REJECTED: "Rejetée",
}

#: The status of an invoice that has just been filed.
FIRST: Final[Mapping[Direction, Status]] = {Direction.PURCHASE: S.RECEIVED, Direction.SALE: S.DEPOSITED}

_DECIDED: Final = (S.APPROVED, S.PARTLY_APPROVED, S.DISPUTED, S.REFUSED)
_TREATED: Final = (*_DECIDED, S.SUSPENDED)

#: What may follow what. Transmission goes forward only; a refusal, a rejection and a collection are ends.
NEXT: Final[Mapping[Direction, Mapping[Status, tuple[Status, ...]]]] = {
    Direction.PURCHASE: {
        S.RECEIVED: (S.AVAILABLE, S.IN_HAND, *_TREATED),
        S.AVAILABLE: (S.IN_HAND, *_TREATED),
        S.IN_HAND: _TREATED,
        S.APPROVED: (S.DISPUTED, S.PAYMENT_SENT),
        S.PARTLY_APPROVED: (S.APPROVED, S.DISPUTED, S.PAYMENT_SENT),
        S.DISPUTED: (S.APPROVED, S.PARTLY_APPROVED, S.REFUSED),
        S.SUSPENDED: (*_DECIDED, S.COMPLETED),
        S.COMPLETED: (S.IN_HAND, *_TREATED),
        S.PAYMENT_SENT: (S.CASHED,),
        S.REFUSED: (),
        S.CASHED: (),
    },
    Direction.SALE: {
        S.DEPOSITED: (S.ISSUED, S.RECEIVED, S.AVAILABLE, S.IN_HAND, *_TREATED, S.PAYMENT_SENT, S.CASHED, S.REJECTED),
        S.ISSUED: (S.RECEIVED, S.AVAILABLE, S.IN_HAND, *_TREATED, S.PAYMENT_SENT, S.CASHED, S.REJECTED),
        S.RECEIVED: (S.AVAILABLE, S.IN_HAND, *_TREATED, S.PAYMENT_SENT, S.CASHED, S.REJECTED),
        S.AVAILABLE: (S.IN_HAND, *_TREATED, S.PAYMENT_SENT, S.CASHED),
        S.IN_HAND: (*_TREATED, S.PAYMENT_SENT, S.CASHED),
        S.APPROVED: (S.DISPUTED, S.PAYMENT_SENT, S.CASHED),
        S.PARTLY_APPROVED: (S.APPROVED, S.DISPUTED, S.PAYMENT_SENT, S.CASHED),
        S.DISPUTED: (S.APPROVED, S.PARTLY_APPROVED, S.REFUSED, S.CASHED),
        S.SUSPENDED: (*_DECIDED, S.COMPLETED),
        S.COMPLETED: (S.IN_HAND, *_TREATED, S.PAYMENT_SENT, S.CASHED),
        S.PAYMENT_SENT: (S.CASHED,),
        S.REFUSED: (),
        S.CASHED: (),
        S.REJECTED: (),
    },
}

#: jefacture's state for each status of a purchase. Every status is in exactly one state.
STATE_OF: Final[Mapping[Status, InvoiceState]] = {
    S.RECEIVED: InvoiceState.TO_VALIDATE,
    S.AVAILABLE: InvoiceState.TO_VALIDATE,
    S.IN_HAND: InvoiceState.TO_VALIDATE,
    S.SUSPENDED: InvoiceState.TO_VALIDATE,
    S.COMPLETED: InvoiceState.TO_VALIDATE,
    S.APPROVED: InvoiceState.VALIDATED,
    S.PARTLY_APPROVED: InvoiceState.VALIDATED,
    S.PAYMENT_SENT: InvoiceState.VALIDATED,
    S.CASHED: InvoiceState.VALIDATED,
    S.DISPUTED: InvoiceState.DISPUTED,
    S.REFUSED: InvoiceState.REFUSED,
}
#: The status that a decision gives a purchase; taken back, the invoice is in hand again.
OF_STATE: Final[Mapping[InvoiceState, Status]] = {
    InvoiceState.TO_VALIDATE: S.IN_HAND,
    InvoiceState.VALIDATED: S.APPROVED,
    InvoiceState.DISPUTED: S.DISPUTED,
    InvoiceState.REFUSED: S.REFUSED,
}
#: A decision is not taken back once the money has moved.
PAID: Final = frozenset({S.PAYMENT_SENT, S.CASHED})

REASONS: Final[Mapping[str, str]] = {
    "TX_TVA_ERR": "Taux de TVA erroné",
    "MONTANTTOTAL_ERR": "Montant total erroné",
    "CALCUL_ERR": "Erreur de calcul",
    "NON_CONFORME": "Mention légale manquante",
    "DOUBLON": "Facture en doublon",
    "DEST_ERR": "Erreur de destinataire",
    "TRANSAC_INC": "Transaction inconnue",
    "EMMET_INC": "Émetteur inconnu",
    "CONTRAT_TERM": "Contrat terminé",
    "DOUBLE_FACT": "Déjà facturé sur une autre facture",
    "CMD_ERR": "Numéro de commande incorrect ou manquant",
    "ADR_ERR": "Adresse de facturation électronique erronée",
    "REF_CT_ABSENT": "Référence contractuelle manquante",
    "DEST_INC": "Destinataire inconnu",
    "SIRET_ERR": "SIRET erroné ou absent",
    "CODE_ROUTAGE_ERR": "Code de routage erroné ou absent",
    "REF_ERR": "Référence incorrecte",
    "PU_ERR": "Prix unitaire incorrect",
    "REM_ERR": "Remise incorrecte",
    "QTE_ERR": "Quantité facturée incorrecte",
    "ART_ERR": "Article facturé incorrect",
    "MODPAI_ERR": "Modalités de paiement incorrectes",
    "QUALITE_ERR": "Qualité de l'article livré insuffisante",
    "LIVR_INCOMP": "Problème de livraison",
    "COORD_BANC_ERR": "Coordonnées bancaires erronées",
    "JUSTIF_ABS": "Justificatif absent ou insuffisant",
    "AUTRE": "Autre motif",
}
_DISPUTE: Final = tuple(code for code in REASONS if code != "JUSTIF_ABS")

#: Why, by status (BR-FR-CDV-CL-09/MDT-113_210, _207 and _208). A refusal knows « AUTRE » too here: a firm's own
#: tracking must not force a wrong reason; its words are asked for then, as the rule does for the other statuses.
REASONS_OF: Final[Mapping[Status, tuple[str, ...]]] = {
    S.REFUSED: (*list(REASONS)[: list(REASONS).index("DEST_INC")], "AUTRE"),
    S.DISPUTED: _DISPUTE,
    S.PARTLY_APPROVED: _DISPUTE,
    S.SUSPENDED: ("JUSTIF_ABS", *_DISPUTE),
}


def status_of(direction: str, state: str, noted: int | None) -> Status:
    """Where an invoice stands: what was noted last or, before anything was, what its state says."""
    if noted is not None:
        return Status(noted)
    if direction == Direction.PURCHASE and state != InvoiceState.TO_VALIDATE:
        return OF_STATE[InvoiceState(state)]
    return FIRST[Direction(direction)]


def may_follow(direction: str, status: Status, wanted: Status) -> bool:
    return wanted in NEXT[Direction(direction)].get(status, ())


def reason_words(code: str, said: str) -> str:
    """« Taux de TVA erroné : 10 % au lieu de 20 % »; the person's words alone where the reason is another one."""
    label = REASONS.get(code, "")
    if code == "AUTRE" and said:
        return said
    return f"{label} : {said}" if label and said else label or said
