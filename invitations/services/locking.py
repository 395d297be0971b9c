from collections.abc import Iterable
from uuid import UUID

from clients.models import Client
from invitations.models import Invitation

# Always the client file first, then its invitations: every act and every sweep waits in the same order.


def lock_client(pk: UUID) -> Client:
    return Client.objects.select_for_update(no_key=True, of=("self",)).select_related("firm").get(pk=pk)


def lock_free_clients(pks: Iterable[UUID]) -> dict[UUID, Client]:
    """Those that nobody holds at this moment: a sweep comes back for the others."""
    clients = Client.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=list(pks))
    return {client.pk: client for client in clients}


def lock_invitation(pk: UUID) -> Invitation:
    return Invitation.objects.select_for_update(no_key=True, of=("self",)).select_related("accepted_by").get(pk=pk)
