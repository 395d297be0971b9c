from celery import shared_task
from django.core.management import call_command

from common.chains import seal_all
from common.integrity.rolling import advance
from common.models import Heartbeat
from common.tenancy import tenant
from common.work import due_work, send


@shared_task(name="common.tasks.sweep")
def sweep() -> None:
    """Wake a worker for each row that waits: its message was lost, its worker died, or its time has come."""
    with tenant(platform="the sweeper wakes work of every tenant"):
        due = due_work()
    for task, ids in due.items():
        for pk in ids:
            send(task, str(pk))


@shared_task(name="common.tasks.heartbeat")
def heartbeat() -> None:
    Heartbeat.beat("worker")


@shared_task(name="common.tasks.seal_journal")
def seal_journal(*, everything: bool = False) -> None:
    """Chain new lines of what is sealed; with `everything`, also any that was overlooked."""
    seal_all(everything=everything)


@shared_task(name="common.tasks.look_at_archive")
def look_at_archive() -> None:
    """Beat: a bit of the archive is compared with what was kept."""
    advance()


@shared_task(name="common.tasks.clear_sessions")
def clear_sessions() -> None:
    """Sessions that have ended leave the table."""
    call_command("clearsessions")
