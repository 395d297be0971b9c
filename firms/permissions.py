"""What a role may do in its firm. No queries here: selectors decide which rows, these decide which acts."""

from common.permissions import Rights
from firms.enums import Profile, Role
from firms.models import Membership

MEMBERS = frozenset[str](Role)
ADMINISTRATORS = frozenset[str]({Role.ADMINISTRATOR})

RIGHTS = Rights("Cabinet et utilisateurs")

can_enter = RIGHTS.add("Consulter le cabinet : accueil, utilisateurs, profil, partenaires", MEMBERS)


@RIGHTS.rule("Accepter les CGU pour le cabinet", MEMBERS, note="Expert-comptable seulement.")
def can_accept_terms(membership: Membership) -> bool:
    return membership.profile == Profile.EXPERT


# It holds the address and the browser of the person who accepted.
can_see_terms_proof = RIGHTS.add("Télécharger la preuve d'acceptation des CGU du cabinet", ADMINISTRATORS)
can_manage_users = RIGHTS.add(
    "Changer le rôle d'un utilisateur", ADMINISTRATORS, note="Le dernier administrateur actif le reste."
)
can_edit_profile = RIGHTS.add("Modifier le profil du cabinet : logo, nom d'expéditeur, contact", ADMINISTRATORS)
can_manage_api_keys = RIGHTS.add("Afficher, créer, régénérer et révoquer les clés API", ADMINISTRATORS)
can_read_journal = RIGHTS.add("Lire le journal et l'exporter", ADMINISTRATORS)
can_read_emails = RIGHTS.add("Lire le journal des e-mails et réessayer un envoi", ADMINISTRATORS)
