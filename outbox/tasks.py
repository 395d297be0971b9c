from uuid import UUID

from celery import shared_task

from outbox.services.retention import remove_old as remove
from outbox.services.sending import send_due


@shared_task(name="outbox.tasks.send")
def send(pk: str) -> None:
    send_due(UUID(pk))


@shared_task(name="outbox.tasks.remove_old")
def remove_old() -> None:
    remove()
