from uuid import UUID

from celery import shared_task

from outbox.services import send_one


@shared_task(name="outbox.tasks.send")
def send(pk: str) -> None:
    send_one(UUID(pk))
