from django.db import models


class EmailState(models.TextChoices):
    QUEUED = "queued", "En file"
    SENT = "sent", "Envoyé"
    RETRYING = "retrying", "À réessayer"
    FAILED = "failed", "Échoué"
    BOUNCED = "bounced", "Rejeté"
    CANCELLED = "cancelled", "Annulé"


#: The message will never arrive: the address was refused, or the server would not take it.
UNDELIVERED_STATES = (EmailState.FAILED, EmailState.BOUNCED)


class EmailKind(models.TextChoices):
    INVITATION = "invitation", "Invitation"
    ACCOUNT = "account", "Compte"
    DELIVERY = "delivery", "Livraison"
    COMPANY = "company", "Espace entreprise"
    FIRM = "firm", "Cabinet"
