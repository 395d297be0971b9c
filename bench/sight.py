"""What an utilisateur reads, beside an administrateur of the same firm: 20 000 clients and invoices, 200 users."""

from collections.abc import Callable

from django.test import Client as Browser
from django.urls import reverse

from bench.database import database, settle
from bench.timing import compare, print_table
from clients.selectors import clients_visible_to
from common.tenancy import tenant
from firms.models import Membership
from tests.clients.crowd import add_invoices, add_many_clients, add_portfolios
from tests.factories import AdministratorFactory, MembershipFactory

ROUNDS = 60
CLIENTS, USERS = 20_000, 200


def show() -> None:
    with database():
        administrator, user = _firm()
        settle()
        with tenant(firm=user.firm_id):
            count = clients_visible_to(user).count()
            file = clients_visible_to(user).earliest("search")
        print(f"\nThe utilisateur sees {count} of {CLIENTS} files.")
        siret = user.firm.siret
        addresses = {
            "« Clients », page 1": reverse("clients:list", args=[siret]),
            "« Clients », the utilisateur's last page": f"{reverse('clients:list', args=[siret])}?page={count // 50}",
            "« Clients », a search and a status on": f"{reverse('clients:list', args=[siret])}?q=etab&statut=created",
            "« Clients », a number typed": f"{reverse('clients:list', args=[siret])}?q=000+012+34",
            "figures of « Accueil »": reverse("clients:figures", args=[siret]),
            "one client file": reverse("clients:detail", args=[siret, file.pk]),
            "« Mes invitations »": reverse("invitations:list", args=[siret]),
            "« Factures »": reverse("invoices:firm_list", args=[siret]),
        }
        for name, address in addresses.items():
            people = {"administrateur": _page(administrator, address), "utilisateur": _page(user, address)}
            print_table(name, compare(people, rounds=ROUNDS))


def _firm() -> tuple[Membership, Membership]:
    """An administrateur, and an utilisateur who has half of the files by assignment and others by three portfolios."""
    administrator = AdministratorFactory.create()
    members = MembershipFactory.create_batch(USERS - 1, firm=administrator.firm)
    add_many_clients(members[0], count=CLIENTS)
    add_portfolios(members)
    add_invoices(administrator.firm)
    return administrator, members[0]


def _page(member: Membership, address: str) -> Callable[[], object]:
    browser = Browser()
    browser.force_login(member.user)
    assert browser.get(address).status_code == 200  # noqa: PLR2004 - the page itself
    return lambda: browser.get(address)
