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
