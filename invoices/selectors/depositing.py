from django.db.models import QuerySet

from clients.enums import ClientStatus
from clients.models import Client
from clients.selectors import clients_visible_to
from common.folding import fold
from firms.models import Membership


def clients_to_deposit_for(membership: Membership, *, words: str = "") -> QuerySet[Client]:
    """The « Actif » clients that this member sees, by any of the words that a client file is found by."""
    clients = clients_visible_to(membership).filter(status=ClientStatus.ACTIVE, company__isnull=False)
    for word in fold(words).split():
        clients = clients.filter(search__contains=word)
    return clients.order_by("name", "id")
