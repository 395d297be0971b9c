"""What a member of a firm may do with client files, and what a company's people may do with their space."""

from clients.enums import CompanyRole
from clients.models import Client
from common.permissions import Rights
from firms.models import Membership
from firms.permissions import ADMINISTRATORS, MEMBERS

OWNERS = frozenset[str]({CompanyRole.OWNER})
#: Everybody who works with a company's invoices: its own people, and its firms' members who see its client file.
EVERYBODY = MEMBERS | frozenset[str](CompanyRole)

RIGHTS = Rights("Dossiers clients")

can_see_every_client = RIGHTS.add(
    "Voir tous les dossiers clients",
    ADMINISTRATORS,
    note="Un utilisateur voit ceux qui lui sont affectés, de ses portefeuilles aussi, et ceux qu'il a créés.",
)
can_create_client = RIGHTS.add("Créer un dossier client", MEMBERS)
can_import_clients = RIGHTS.add("Importer des clients", MEMBERS)


@RIGHTS.rule("Modifier un dossier client", MEMBERS, note="Le dossier du cabinet : administrateurs seulement.")
def can_edit_client(membership: Membership, client: Client) -> bool:
    return membership.is_administrator or not client.is_firm_file


can_archive_client = RIGHTS.add("Archiver et restaurer un dossier client", ADMINISTRATORS)
can_assign = RIGHTS.add("Affecter les dossiers clients aux utilisateurs", ADMINISTRATORS)
can_manage_portfolios = RIGHTS.add("Gérer les portefeuilles : leurs membres et leurs dossiers clients", ADMINISTRATORS)
can_set_confidential = RIGHTS.add("Rendre un dossier client confidentiel", ADMINISTRATORS)
# It goes through every file of the firm, whoever sees them.
can_complete_clients = RIGHTS.add("Compléter tous les dossiers depuis l'annuaire des entreprises", ADMINISTRATORS)

SPACE_RIGHTS = Rights("Espace entreprise")

can_manage_company = SPACE_RIGHTS.add(
    "Gérer l'espace : ses personnes, ses cabinets, son archive, sa fermeture",
    OWNERS,
    note="L'entreprise décide seule de qui entre dans son espace.",
)
