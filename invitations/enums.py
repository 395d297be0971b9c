from django.db import models


class InvitationState(models.TextChoices):
    QUEUED = "queued", "En file"
    SENT = "sent", "Envoyée"
    OPENED = "opened", "Ouverte"
    ACCEPTED = "accepted", "Acceptée"
    EXPIRED = "expired", "Expirée"
    REVOKED = "revoked", "Révoquée"
    BOUNCED = "bounced", "Rejetée"


#: States in which the link still lets somebody in.
OPEN_STATES = (InvitationState.QUEUED, InvitationState.SENT, InvitationState.OPENED)
#: States from which sending again renews the same invitation.
RENEWABLE_STATES = (*OPEN_STATES, InvitationState.EXPIRED, InvitationState.BOUNCED)


class ColleagueState(models.TextChoices):
    OPEN = "open", "Invité"
    ACCEPTED = "accepted", "Acceptée"
    REVOKED = "revoked", "Révoquée"


class BatchState(models.TextChoices):
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"


class RowState(models.TextChoices):
    WAITING = "waiting", "En attente"
    INVITED = "invited", "Invité"
    SKIPPED = "skipped", "Non invité"


class ReminderDelay(models.IntegerChoices):
    NEVER = 0, "Ne pas relancer"
    THREE = 3, "3\u00a0jours"
    SEVEN = 7, "7\u00a0jours"
    TEN = 10, "10\u00a0jours"
    FOURTEEN = 14, "14\u00a0jours"


class ReminderCount(models.IntegerChoices):
    ONE = 1, "Une seule fois"
    TWO = 2, "Deux fois"
