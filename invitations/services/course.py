"""How an invitation's course moves its client file."""

from collections.abc import Collection

from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client


def move(client: Client, status: ClientStatus, *, of: Collection[ClientStatus]) -> None:
    """Give a locked file that stands at one of these statuses its next one; an archived file has it once restored."""
    name = "status_before_archive" if client.status == ClientStatus.ARCHIVED else "status"
    if getattr(client, name) in of:
        setattr(client, name, status)
        client.updated_at = timezone.now()
        client.save(update_fields=[name, "updated_at"])
