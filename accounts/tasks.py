from celery import shared_task

from accounts.sessions import forget_ended_sessions


@shared_task(name="accounts.tasks.forget_sessions")
def forget_sessions() -> None:
    """Where people were signed in is not kept once they no longer are."""
    forget_ended_sessions()
