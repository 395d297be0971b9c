from django.db import models


class ClientStatus(models.TextChoices):
    CREATED = "created", "Créé"
    INVITED = "invited", "Invité"
    EXPIRED = "expired", "Invitation expirée"
    BOUNCED = "bounced", "E-mail rejeté"
    PENDING = "pending", "Connexion en attente"
    ACTIVE = "active", "Actif"
    ARCHIVED = "archived", "Archivé"


#: ISO 639-1 → the language that a client is written to in.
LANGUAGES = {"fr": "Français", "en": "Anglais", "de": "Allemand", "es": "Espagnol", "it": "Italien"}


class CompanyRole(models.TextChoices):
    OWNER = "owner", "Propriétaire"
    MEMBER = "member", "Membre"


class ImportSource(models.TextChoices):
    FILE = "file", "Fichier"
    JEDECLARE = "jedeclare", "jedeclare.com"


class ImportState(models.TextChoices):
    QUEUED = "queued", "En attente"
    READING = "reading", "Lecture"
    MAPPING = "mapping", "Colonnes à préciser"
    READY = "ready", "À confirmer"
    APPLYING = "applying", "Import en cours"
    DONE = "done", "Terminé"
    REFUSED = "refused", "Refusé"
    CANCELLED = "cancelled", "Abandonné"
    UNDOING = "undoing", "Annulation en cours"
    UNDONE = "undone", "Annulé"


#: A worker is at it, or will be.
RUNNING_IMPORTS = (ImportState.QUEUED, ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)


class RowAction(models.TextChoices):
    CREATE = "create", "Créé"
    UPDATE = "update", "Mis à jour"
    UNCHANGED = "unchanged", "Inchangé"
    REJECT = "reject", "Rejeté"


class EnrichmentState(models.TextChoices):
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    STOPPED = "stopped", "Arrêté"
