from uuid import UUID

from celery import shared_task

from invitations import services


@shared_task(name="invitations.tasks.run_batch")
def run_batch(pk: str) -> None:
    services.run_batch(UUID(pk))


@shared_task(name="invitations.tasks.expire")
def expire() -> None:
    services.expire_invitations()


@shared_task(name="invitations.tasks.follow_bounces")
def follow_bounces() -> None:
    services.follow_mail()


@shared_task(name="invitations.tasks.remind")
def remind() -> None:
    services.send_reminders()
