from collections.abc import Iterable
from uuid import UUID

from clients.models import Client
from clients.selectors import lock_client
from invitations.models import Invitation

__all__ = ["lock_client", "lock_clients", "lock_free_clients", "lock_invitation"]

# Always the client file first, then its invitations: every act and every sweep waits in the same order.


def lock_clients(pks: Iterable[UUID]) -> list[Client]:
    """In the order of their ids, as any other act on many files."""
    wanted = Client.objects.select_for_update(no_key=True, of=("self",)).select_related("firm")
    return list(wanted.filter(pk__in=list(pks)).order_by("pk"))


def lock_free_clients(pks: Iterable[UUID]) -> dict[UUID, Client]:
    """Those that nobody holds at this moment: a sweep comes back for the others."""
    free = Client.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("firm")
    return {client.pk: client for client in free.filter(pk__in=list(pks))}


def lock_invitation(pk: UUID) -> Invitation:
    return Invitation.objects.select_for_update(no_key=True, of=("self",)).select_related("accepted_by").get(pk=pk)
