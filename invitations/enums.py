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


class BatchState(models.TextChoices):
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"


class RowState(models.TextChoices):
    WAITING = "waiting", "En attente"
    INVITED = "invited", "Invité"
    SKIPPED = "skipped", "Non invité"
