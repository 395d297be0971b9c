"""« Portefeuilles »: which client files a group of members sees."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from clients.filters import ClientFilter
from clients.forms import PortfolioForm
from clients.models import Client, Portfolio
from clients.permissions import can_manage_portfolios
from clients.selectors import (
    assignable_to,
    clients_of_portfolio,
    clients_visible_to,
    get_client_or_404,
    get_portfolio_or_404,
    people_of_portfolio,
    portfolios_with_counts,
)
from clients.services import (
    NoAccessError,
    PortfolioExistsError,
    add_member,
    create_portfolio,
    delete_portfolio,
    group_clients,
    remove_member,
    rename_portfolio,
    ungroup_clients,
)
from clients.tables import PortfolioTable
from firms.access import FirmRequest, firm_page
from firms.filters import MemberFilter
from firms.selectors import get_member_or_404

_door = firm_page(may=can_manage_portfolios, sentence="Seul un administrateur gère les portefeuilles.")
#: Client files shown as chips, and what a search offers at most.
SHOWN, OFFERED = 50, 10


@require_safe
@_door
def portfolio_list(request: FirmRequest) -> HttpResponse:
    table = PortfolioTable(portfolios_with_counts(request.membership), member=request.membership)
    RequestConfig(request).configure(table)
    return render(request, "clients/portfolios.html", {"table": table, "rail": "clients"})


@require_http_methods(["GET", "HEAD", "POST"])
@_door
def create(request: FirmRequest) -> HttpResponse:
    form = PortfolioForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            portfolio = create_portfolio(request.membership, name=form.cleaned_data["name"])
        except PortfolioExistsError as error:
            form.add_error("name", str(error))
        else:
            return redirect("clients:portfolio", request.membership.firm.siret, portfolio.pk)
    context = {"form": form, "rail": "clients"}
    return render(request, "clients/portfolio_form.html", context, status=422 if form.errors else 200)


@require_safe
@_door
def detail(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The portfolio, with what `personne` and `dossier` search for to be added."""
    membership = request.membership
    portfolio = get_portfolio_or_404(membership, pk=pk)
    people, files = people_of_portfolio(portfolio), clients_of_portfolio(portfolio)
    context = {
        "portfolio": portfolio,
        "people": people,
        "count": files.count(),
        "confidential": files.filter(confidential=True).count(),
        "files": files[:SHOWN],
        "shown": SHOWN,
        "found_people": _people_to_add(request, portfolio),
        "found_files": _files_to_add(request, portfolio),
        "rail": "clients",
    }
    return render(request, "clients/portfolio.html", context)


def _people_to_add(request: FirmRequest, portfolio: Portfolio) -> list[object]:
    others = assignable_to(request.membership).exclude(portfolios__portfolio=portfolio)
    return list(MemberFilter({"q": request.GET.get("personne", "")}, queryset=others).qs[:OFFERED])


def _files_to_add(request: FirmRequest, portfolio: Portfolio) -> list[Client]:
    """Nothing until something is searched for: a firm has thousands."""
    words = request.GET.get("dossier", "").strip()
    others = clients_visible_to(request.membership).exclude(is_firm_file=True).exclude(portfolios__portfolio=portfolio)
    found = ClientFilter({"q": words}, queryset=others, membership=request.membership).qs
    return list(found.order_by("search", "pk")[:OFFERED]) if words else []


@require_http_methods(["GET", "HEAD", "POST"])
@_door
def rename(request: FirmRequest, pk: UUID) -> HttpResponse:
    portfolio = get_portfolio_or_404(request.membership, pk=pk)
    form = PortfolioForm(request.POST or None, initial={"name": portfolio.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_portfolio(request.membership, portfolio=portfolio, name=form.cleaned_data["name"])
        except PortfolioExistsError as error:
            form.add_error("name", str(error))
        else:
            return redirect("clients:portfolio", request.membership.firm.siret, pk)
    context = {"form": form, "portfolio": portfolio, "rail": "clients"}
    return render(request, "clients/portfolio_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_door
def delete(request: FirmRequest, pk: UUID) -> HttpResponse:
    """What deleting means, then the act."""
    portfolio = get_portfolio_or_404(request.membership, pk=pk)
    if request.method != "POST":
        context = {"portfolio": portfolio, "people": people_of_portfolio(portfolio), "rail": "clients"}
        return render(request, "clients/portfolio_delete.html", context)
    delete_portfolio(request.membership, portfolio=portfolio)
    messages.success(request, f"Le portefeuille {portfolio.name} est supprimé. Ses dossiers restent.")
    return redirect("clients:portfolios", request.membership.firm.siret)


@require_POST
@_door
def set_member(request: FirmRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Add the member, or take him or her out when `retirer` is posted."""
    portfolio = get_portfolio_or_404(request.membership, pk=pk)
    person = get_member_or_404(request.membership, pk=member)
    act = remove_member if request.POST.get("retirer") else add_member
    try:
        act(request.membership, portfolio=portfolio, member=person)
    except NoAccessError as error:
        messages.error(request, str(error))
    return redirect("clients:portfolio", request.membership.firm.siret, pk)


@require_POST
@_door
def set_client(request: FirmRequest, pk: UUID, client: UUID) -> HttpResponse:
    """Put the file in, or take it out when `retirer` is posted; `depuis` « dossier » comes from the file's page."""
    portfolio = get_portfolio_or_404(request.membership, pk=pk)
    file = get_client_or_404(request.membership, pk=client)
    act = ungroup_clients if request.POST.get("retirer") else group_clients
    act(request.membership, clients=clients_visible_to(request.membership).filter(pk=file.pk), portfolio=portfolio)
    if request.POST.get("depuis") == "dossier":
        return redirect("clients:detail", request.membership.firm.siret, client)
    return redirect("clients:portfolio", request.membership.firm.siret, pk)
