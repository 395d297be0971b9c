from django.db import models


class EmailState(models.TextChoices):
    QUEUED = "queued", "En file"
    SENT = "sent", "Envoyé"
    RETRYING = "retrying", "À réessayer"
    FAILED = "failed", "Échoué"
    BOUNCED = "bounced", "Rejeté"


class EmailKind(models.TextChoices):
    INVITATION = "invitation", "Invitation"
    ACCOUNT = "account", "Compte"
    DELIVERY = "delivery", "Livraison"
