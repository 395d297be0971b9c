"""Celery wakes workers; the work itself is rows in PostgreSQL (see common.work)."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jefacture.settings.base")

app = Celery("jefacture")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_django_logging(**_kwargs: object) -> None:
    """Celery would replace the handlers; Django's LOGGING already says what we want."""
