"""What may be done with invoices, by the company's people and by the members of its firms who see its client file."""

from clients.enums import CompanyRole
from clients.models import Client, CompanyMembership
from clients.permissions import EVERYBODY, OWNERS
from common.permissions import Rights
from firms.models import Membership
from firms.permissions import ADMINISTRATORS

RIGHTS = Rights("Factures")


@RIGHTS.rule("Déposer des factures", EVERYBODY, note="Le cabinet : pour un client « Actif ».")
def can_deposit(actor: CompanyMembership | Membership, client: Client | None) -> bool:
    return isinstance(actor, CompanyMembership) or (client is not None and client.is_active)


can_complete = RIGHTS.add("Compléter ou refuser un dépôt à compléter", EVERYBODY)
can_sort = RIGHTS.add("Relire un dépôt, décider d'un dépôt retenu, joindre ou séparer deux fichiers", EVERYBODY)
can_decide = RIGHTS.add(
    "Valider, refuser ou mettre en litige une facture, noter son statut, revenir sur cette décision", EVERYBODY
)
can_recheck = RIGHTS.add(
    "Contrôler de nouveau les factures d'une période", ADMINISTRATORS | frozenset[str](CompanyRole)
)
can_comment = RIGHTS.add("Commenter une facture", EVERYBODY)
can_hold = RIGHTS.add(
    "Prolonger la conservation d'une facture au-delà de son terme, lever cette prolongation", OWNERS | ADMINISTRATORS
)
can_automate = RIGHTS.add("Régler la validation automatique des factures", OWNERS)
can_manage_mail = RIGHTS.add(
    "Renouveler les adresses e-mail de dépôt, accepter ou refuser leurs expéditeurs",
    OWNERS,
    note="L'entreprise décide seule de qui lui écrit.",
)
