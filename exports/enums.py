from django.db import models


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "En file"
    RUNNING = "running", "En cours"
    SENT = "sent", "Envoyée"
    RETRYING = "retrying", "À réessayer"
    FAILED = "failed", "Échouée"
    SUSPENDED = "suspended", "Suspendue"


class ChannelKind(models.TextChoices):
    EMAIL = "email", "E-mail"
