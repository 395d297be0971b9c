"""« Clients » as its least privileged member sees it, assigned to half of the files; acts on all of them at once."""

from collections.abc import Callable

from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse
from django_tables2 import RequestConfig

from bench.database import database, settle
from bench.peers import StockTable, plain_loop
from bench.timing import compare, print_table
from clients.selectors import clients_visible_to
from clients.services import archive_clients, assign_clients, export_clients, restore_clients, unassign_clients
from clients.tables import ClientTable
from common.tenancy import tenant
from firms.models import Membership
from tests.clients.crowd import add_many_clients
from tests.factories import AdministratorFactory, MembershipFactory

ROUNDS = 60
ACTS = 3
MANY, FEW = 20_000, 200
#: Finds half of the files that the member sees, of either firm.
FILTER = "?q=etab&statut=created"


def show() -> None:
    with database():
        few, many = (_member_of_firm_with(count) for count in (FEW, MANY))
        settle()
        _compare_sizes(few, many)
        _compare_pages(many)
        _compare_drawing(many)
        _compare_acts(many)


def _compare_sizes(few: Membership, many: Membership) -> None:
    pages = {f"{FEW} clients": _page(few, FILTER), f"{MANY} clients": _page(many, FILTER)}
    print_table(
        "« Clients », 50 rows, a search and a status on: all of the server's work", compare(pages, rounds=ROUNDS)
    )


def _compare_pages(many: Membership) -> None:
    pages = {"page 1": _page(many, ""), "page 200, the last": _page(many, "?page=200")}
    print_table(f"« Clients », 50 rows of {MANY} clients, no filter", compare(pages, rounds=ROUNDS))


def _compare_drawing(many: Membership) -> None:
    request = RequestFactory().get("/")
    request.user = many.user
    with tenant(firm=many.firm_id):
        visible = clients_visible_to(many)
        ours, stock = ClientTable(visible, member=many, filtered=False), StockTable(visible, member=many)
        for table in (ours, stock):
            RequestConfig(request).configure(table)
        read = {"clients": [row.record for row in ours.paginated_rows], "firm": many.firm}
        ways = {
            "a template's own loop over the records": lambda: plain_loop.render(read, request),
            "ours: rows, headings, foot": lambda: ours.as_html(request),
            "django-tables2, cell by cell": lambda: stock.as_html(request),
        }
        print_table("Drawing the 50 rows, once they are read", compare(ways, rounds=ROUNDS))


def _compare_acts(many: Membership) -> None:
    administrator = AdministratorFactory.create(firm=many.firm)
    with tenant(firm=many.firm_id):
        every = clients_visible_to(administrator)
        keys = list(every.values_list("pk", flat=True))

    def act(service: Callable[..., object], **what: object) -> object:
        with tenant(firm=many.firm_id):
            return service(administrator, clients=every, **what)

    ways = {
        "archived, then restored": lambda: (act(archive_clients), act(restore_clients)),
        "assigned, then taken back": lambda: (
            act(assign_clients, members=[many]),
            act(unassign_clients, members=[many]),
        ),
        "exported to a workbook": lambda: sum(map(len, export_clients(administrator, keys=keys))),
    }
    print_table(f"All {MANY} clients at once, by an administrateur", compare(ways, rounds=ACTS))


def _member_of_firm_with(count: int) -> Membership:
    member: Membership = MembershipFactory.create()
    add_many_clients(member, count=count)
    return member


def _page(member: Membership, query: str) -> Callable[[], object]:
    browser = Browser()
    browser.force_login(member.user)
    address = reverse("clients:list", args=[member.firm.siret]) + query
    assert browser.get(address).content.count(b'<a class="name"') == 50  # noqa: PLR2004 - a full page
    return lambda: browser.get(address)
