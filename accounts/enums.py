from django.db import models


class Kind(models.TextChoices):
    """How a person comes in; one human with both ways in holds two accounts."""

    COMPTEXPERT = "comptexpert", "ComptExpert"
    COMPANY = "company", "Entreprise"


class Audience(models.TextChoices):
    FIRM = "firm", "Cabinet"
    COMPANY = "company", "Entreprise"
