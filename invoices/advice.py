"""What a person can do about a deposit, by the reason for its state."""

from typing import Final

from common.typography import french
from invoices.enums import DepositState
from invoices.models import Deposit

_BY_REASON: Final = {
    "no_data": "Complétez-le : vous lisez la facture à l'écran et indiquez son numéro, sa date, l'autre partie et les "
    "totaux. Si son fichier de données (XML) existe, déposez-le aussi : ils feront une seule facture.",
    "missing_terms": "Complétez-le : les données du fichier sont reprises, il ne reste qu'à indiquer ce qui manque.",
    "duplicate": "Comparez-le à la facture déjà classée, puis dites si c'est bien la même.",
    "duplicate_confirmed": "Rien à faire. Si ce n'était pas un doublon, relisez le fichier.",
    "other_company": "Déposez-le dans l'espace de l'entreprise qu'il désigne. Si cette facture est bien la vôtre, son "
    "SIREN y est faux : demandez une facture corrigée à son émetteur.",
    "same_parties": "Dites si cette facture est un achat ou une vente de l'entreprise.",
    "not_an_invoice": "Déposez la facture en PDF, Factur-X, UBL, CII ou image.",
    "encrypted_pdf": "Enregistrez ce PDF sans mot de passe, puis déposez-le.",
    "damaged_pdf": "Demandez à son émetteur de l'envoyer de nouveau, puis déposez-le.",
    "damaged_xml": "Demandez à son émetteur de l'envoyer de nouveau, puis déposez-le.",
    "forbidden_xml": "Demandez à son émetteur un fichier sans DOCTYPE ni entités : la norme les exclut.",
    "too_large": "Demandez à son émetteur une facture sans pièce jointe démesurée.",
    "unreadable_value": "Demandez une facture corrigée à son émetteur, puis déposez-la.",
    "empty": "Déposez le fichier de nouveau : celui-ci ne contient rien.",
    "refused_by_a_person": "Rien à faire. Pour revenir sur ce refus, relisez le fichier.",
    "moved": "Rien à faire ici : la facture suit son cours dans l'autre espace.",
    "timeout": "Relisez-le à un moment plus calme. S'il revient en quarantaine, demandez un fichier plus léger.",
    "memory": "Demandez à son émetteur un fichier plus léger, ou scindé en plusieurs factures.",
    "crash": "Relisez-le une fois. S'il revient en quarantaine, demandez un autre fichier à son émetteur.",
    "rendering": "Relisez-le. S'il revient en quarantaine, écrivez à l'assistance : le fichier est conservé.",
    "unreadable": "Écrivez à l'assistance : le fichier est conservé et peut être examiné.",
}
_BY_STATE: Final = {
    DepositState.RECEIVED: "Vous n'avez rien à faire : la lecture dure quelques secondes.",
    DepositState.ANALYSED: "Vous n'avez rien à faire : le classement suit. Vous pouvez quitter cette page.",
    DepositState.FILED: "La facture est classée : il reste à la valider, depuis sa page.",
    DepositState.INCOMPLETE: "Indiquez ce qui manque.",
    DepositState.HELD: "Relisez-le, ou dites que ce n'est pas une facture.",
    DepositState.REFUSED: "Déposez un autre fichier ; celui-ci est conservé.",
    DepositState.QUARANTINED: "Relisez-le, ou demandez un autre fichier à son émetteur.",
}
_ACTIVE: Final = {
    "javascript": "du code JavaScript",
    "launch": "le lancement d'un programme ou d'un autre document",
    "submit": "l'envoi d'un formulaire",
    "unknown": "peut-être du contenu actif, qui n'a pas pu être recherché jusqu'au bout",
}


def advice_for(deposit: Deposit) -> str:
    """What to do now, in French."""
    state = DepositState(deposit.state)
    settled = _BY_REASON.get(deposit.reason_code) if deposit.reason_code else None
    return french(settled or _BY_STATE[state])


def warning_for(deposit: Deposit) -> str:
    """What acts by itself in the PDF, and what is done about it; "" where nothing does."""
    if not deposit.active:
        return ""
    found = ", ".join(_ACTIVE.get(kind, kind) for kind in deposit.active)
    return french(
        f"Ce PDF contient {found}. Le fichier reçu est conservé tel quel et ne s'ouvre pas dans le navigateur : il se "
        "télécharge. Ce qui est montré ici et transmis au cabinet est une copie sans ce contenu."
    )
