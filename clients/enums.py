from django.db import models


class ClientStatus(models.TextChoices):
    CREATED = "created", "Créé"
    INVITED = "invited", "Invité"
    EXPIRED = "expired", "Invitation expirée"
    BOUNCED = "bounced", "E-mail rejeté"
    PENDING = "pending", "Connexion en attente"
    ACTIVE = "active", "Actif"
    ARCHIVED = "archived", "Archivé"


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


class RowAction(models.TextChoices):
    CREATE = "create", "Créé"
    UPDATE = "update", "Mis à jour"
    UNCHANGED = "unchanged", "Inchangé"
    REJECT = "reject", "Rejeté"
