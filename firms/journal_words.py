"""The journal in French. An action of another room that has no words here is shown by its own name."""

from typing import Any

from common.folding import fold
from common.models import JournalEntry
from firms.enums import MembershipStatus, Role

_ACTIONS = {
    "api_key.changed": "Clé API modifiée",
    "api_key.issued": "Clé API créée",
    "api_key.refused": "Appel refusé : adresse IP non autorisée",
    "api_key.regenerated": "Clé API régénérée",
    "api_key.revoked": "Clé API révoquée",
    "api_key.shown": "Clé API affichée",
    "client.archived": "Dossier client archivé",
    "client.assigned": "Dossier client affecté",
    "client.completed": "Dossier client complété par l'annuaire des entreprises",
    "client.created": "Dossier client créé",
    "client.earlier_agreed": "Accès aux factures antérieures accordé par l'entreprise",
    "client.earlier_opened": "Factures antérieures transmises au cabinet",
    "client.exported": "Liste des clients exportée",
    "invoice.exported": "Liste de factures exportée",
    "client.firm_file_opened": "Dossier du cabinet ouvert",
    "client.left": "Espace entreprise fermé par le client, dossier archivé",
    "client.restored": "Dossier client restauré",
    "client.unassigned": "Affectation retirée",
    "client.updated": "Dossier client modifié",
    "colleague.invited": "Collègue invité dans l'espace entreprise",
    "colleague.invited_again": "Nouvelle invitation envoyée à un collègue",
    "colleague.joined": "Entrée d'un collègue dans l'espace entreprise",
    "colleague.revoked": "Invitation d'un collègue révoquée",
    "company.entered_by_firm": "Entrée dans l'espace entreprise",
    "company.closed": "Espace entreprise fermé",
    "company.export_fetched": "Export complet téléchargé",
    "company.export_made": "Export complet prêt",
    "company.export_started": "Export complet demandé",
    "company.handed_over": "Espace entreprise transmis",
    "company.member_removed": "Utilisateur retiré de l'espace entreprise",
    "company.role_changed": "Rôle changé dans l'espace entreprise",
    "deposit.completed": "Fichier complété",
    "deposit.direction_chosen": "Sens d'une facture choisi",
    "deposit.duplicate_confirmed": "Doublon confirmé",
    "deposit.joined": "Fichier joint à une facture",
    "deposit.moved": "Fichier déposé dans un autre espace",
    "deposit.not_duplicate": "Facture classée malgré sa ressemblance",
    "deposit.read_again": "Fichier rouvert",
    "deposit.received": "Fichier déposé",
    "deposit.refused": "Fichier refusé",
    "deposit.separated": "Fichier séparé d'une facture",
    "enrichment.done": "Clients complétés par l'annuaire des entreprises",
    "enrichment.started": "Complément des clients commencé",
    "enrichment.stopped": "Complément des clients arrêté",
    "email.hurried": "E-mail réessayé sans attendre",
    "export.address_paused": "Adresse de livraison suspendue",
    "export.address_resumed": "Adresse de livraison reprise",
    "export.client_connected": "Client relié à une configuration d'export",
    "export.client_disconnected": "Client détaché d'une configuration d'export",
    "export.configuration_changed": "Configuration d'export modifiée",
    "export.configuration_created": "Configuration d'export créée",
    "export.configuration_disabled": "Configuration d'export arrêtée",
    "export.configuration_enabled": "Configuration d'export reprise",
    "export.invoice_sent_again": "Facture renvoyée par e-mail",
    "firm.export_fetched": "Données du cabinet téléchargées",
    "firm.export_made": "Archive des données du cabinet prête",
    "firm.export_removed": "Archive des données du cabinet supprimée à son terme",
    "firm.export_started": "Archive des données du cabinet demandée",
    "firm.export_stopped": "Archive des données du cabinet annulée",
    "firm.left_without_administrator": "Cabinet sans administrateur actif",
    "firm.logo_changed": "Logo du cabinet choisi",
    "firm.logo_removed": "Logo du cabinet retiré",
    "firm.profile_changed": "Profil du cabinet modifié",
    "firm.identity_changed": "Identité du cabinet mise à jour par ComptExpert",
    "firm.opened": "Cabinet ouvert dans jefacture",
    "firm.terms_accepted": "CGU acceptées pour le cabinet",
    "client.handed_over": "Dossier client transmis",
    "client.grouped": "Dossier client ajouté à un portefeuille",
    "client.looked_at": "Dossier confidentiel consulté",
    "client.ungrouped": "Dossier client retiré d'un portefeuille",
    "client.imported": "Dossier client créé par un import",
    "client.import_undone": "Dossier client rétabli : import annulé",
    "client.removed": "Dossier client retiré : import annulé",
    "client.updated_by_import": "Dossier client modifié par un import",
    "import.cancelled": "Import de clients abandonné",
    "import.done": "Import de clients terminé",
    "import.confirmed": "Import de clients confirmé",
    "import.started": "Import de clients commencé",
    "import.undo_started": "Annulation d'un import commencée",
    "import.undone": "Import de clients annulé",
    "invitation.accepted": "Invitation acceptée",
    "invitation.approved": "Connexion acceptée par l'entreprise",
    "invitation.declined": "Connexion refusée par l'entreprise",
    "invitation.batch_started": "Activation de clients commencée",
    "invitation.bounced": "E-mail d'invitation rejeté",
    "invitation.reminded": "Relance envoyée",
    "invitation.resend_started": "Renvoi d'invitations commencé",
    "invitation.settings_changed": "Paramètres d'invitation modifiés",
    "invitation.renewed": "Nouvelle invitation envoyée",
    "invitation.waits_for_owner": "Connexion en attente de l'accord de l'entreprise",
    "invitation.created": "Invitation envoyée",
    "invitation.expired": "Invitation expirée",
    "invitation.revoked": "Invitation révoquée",
    "invoice.commented": "Facture commentée",
    "invoice.decision_undone": "Décision annulée",
    "invoice.disputed": "Facture mise en litige",
    "invoice.recheck_started": "Contrôle d'une période lancé",
    "invoice.filed": "Facture classée",
    "invoice.held": "Conservation d'une facture prolongée",
    "invoice.refused": "Facture refusée",
    "invoice.released": "Prolongation de la conservation levée",
    "invoice.removed": "Fichiers d'une facture supprimés au terme de leur conservation",
    "invoice.rule_changed": "Règle de validation automatique modifiée",
    "invoice.status_noted": "Statut de facture noté",
    "invoice.transferred": "Facture transférée",
    "invoice.validated": "Facture validée",
    "journal.exported": "Journal exporté",
    "known_sender.added": "Expéditeur autorisé",
    "known_sender.removed": "Expéditeur retiré",
    "mailbox.renewed": "Adresse e-mail de dépôt renouvelée",
    "membership.delegated": "Délégation reçue de ComptExpert",
    "membership.ended": "Accès fermé",
    "membership.opened": "Première entrée dans le cabinet",
    "membership.reopened": "Accès rouvert",
    "membership.role_changed": "Rôle changé",
    "parcel.accepted": "E-mail reçu accepté",
    "parcel.opened": "Archive ou e-mail ouvert",
    "parcel.received": "Archive ou e-mail reçu",
    "parcel.refused": "E-mail reçu refusé",
    "platform.demo_filled": "Données de démonstration ajoutées",
    "platform.keys_rotated": "Clés de chiffrement remplacées",
    "portfolio.created": "Portefeuille créé",
    "portfolio.deleted": "Portefeuille supprimé",
    "portfolio.handed_over": "Portefeuille transmis",
    "portfolio.member_added": "Collaborateur ajouté à un portefeuille",
    "portfolio.member_removed": "Collaborateur retiré d'un portefeuille",
    "portfolio.renamed": "Portefeuille renommé",
    "session.ended": "Session fermée par ComptExpert",
}
_VALUES: dict[str, str] = {str(value): str(label) for value, label in (*Role.choices, *MembershipStatus.choices)}
_VALUES |= {
    "True": "oui",
    "False": "non",
    "claims": "ComptExpert n'accorde plus l'accès à cette personne",
    "delegates": "plus aucun expert-comptable ne la délègue",
}
_NAMES = {
    "address": "adresse",
    "bic": "BIC",
    "cause": "motif",
    "ceased_on": "cessation d'activité",
    "city": "ville",
    "clients": "clients",
    "code": "code dossier",
    "collaborators": "collaborateurs",
    "confidential": "dossier confidentiel",
    "comptexpert_id": "identifiant ComptExpert",
    "contact_email": "e-mail du contact",
    "contact_first_name": "prénom du contact",
    "contact_last_name": "nom du contact",
    "contact_phone": "téléphone",
    "country": "pays",
    "direction": "sens",
    "email": "e-mail",
    "expires_at": "échéance",
    "files": "fichiers",
    "filters": "filtres",
    "iban": "IBAN",
    "key_name": "nom",
    "language": "langue",
    "member": "collaborateur",
    "members": "collaborateurs",
    "portfolio": "portefeuille",
    "portfolio_name": "nom",
    "name": "raison sociale",
    "networks": "adresses IP autorisées",
    "number": "numéro",
    "old_key_until": "ancienne clé jusqu'au",
    "postal_code": "code postal",
    "reason": "motif",
    "recipient": "destinataire",
    "refused_from": "depuis",
    "scopes": "droits",
    "sender_name": "nom d'expéditeur",
    "siren": "SIREN",
    "siret": "SIRET",
    "software": "logiciel",
    "street": "adresse",
    "vat_number": "TVA",
    "version": "version",
}

#: What the journal can be narrowed to: a name for the address, its label, and how its actions begin. Each is of one.
FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "dossiers": ("Dossiers clients", ("client", "portfolio", "import", "enrichment")),
    "invitations": ("Invitations", ("invitation", "email")),
    "espaces": ("Espaces entreprise", ("company", "colleague")),
    "factures": ("Factures et dépôts", ("invoice", "deposit", "parcel", "mailbox", "known_sender")),
    "exports": ("Export et livraison", ("export",)),
    "utilisateurs": ("Utilisateurs et accès", ("membership", "session")),
    "cabinet": ("Cabinet et clés API", ("firm", "api_key", "journal", "platform")),
}


def actions_with(word: str) -> list[str]:
    """The actions in whose French words this one stands, without accents or case."""
    return [action for action, words in _ACTIONS.items() if fold(word) in fold(words)]


def describe(entry: JournalEntry) -> dict[str, Any]:
    """`action` in French and `details` as a list of sentences."""
    return {"action": _ACTIONS.get(entry.action, entry.action), "details": _details(entry.data)}


def _details(data: dict[str, Any]) -> list[str]:
    before, after = data.get("before"), data.get("after")
    changes = data.get("changes")
    lines = []
    if isinstance(before, dict) and isinstance(after, dict):
        lines = [_change(name, before.get(name), after[name]) for name in after]
    elif before:  # a place that begins has no former status
        lines = [f"{_word(before)} → {_word(after)}"]
    if isinstance(changes, dict):
        lines += [_change(name, pair[0], pair[-1]) for name, pair in changes.items() if isinstance(pair, list) and pair]
    return lines + [f"{_NAMES[name]} : {_word(value)}" for name, value in data.items() if name in _NAMES]


def _change(name: str, old: object, new: object) -> str:
    return f"{_NAMES.get(name, name)} : {_word(old)} → {_word(new)}"


def _word(value: object) -> str:
    return "vide" if value is None or value == "" else _VALUES.get(str(value), str(value))
