from django.db import models


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrateur"
    USER = "user", "Utilisateur"


class MembershipStatus(models.TextChoices):
    CREATED = "created", "Créé"
    ACTIVE = "active", "Actif"
    DISABLED = "disabled", "Désactivé"


class Profile(models.TextChoices):
    """What ComptExpert calls `profile_type`."""

    EXPERT = "expert", "Expert-comptable"
    COLLABORATOR = "collaborator", "Collaborateur"


class Scope(models.TextChoices):
    """What an API key may do."""

    READ = "read", "Lire"
    ACKNOWLEDGE = "acknowledge", "Acquitter"
    DEPOSIT = "deposit", "Déposer"
