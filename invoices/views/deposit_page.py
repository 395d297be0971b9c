"""One deposit: what became of it, why, its history, and what a person can do about it."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clients.access import CompanyRequest, company_page
from common import vault
from invoices.advice import advice_for, warning_for
from invoices.enums import Direction
from invoices.formats.codec import from_json
from invoices.models import Deposit
from invoices.outline import compare, outline_of
from invoices.selectors.company import get_invoice_or_404
from invoices.selectors.deposits import get_deposit_or_404, possible_invoices, siblings_of, spaces_named_in
from invoices.services import sorting
from invoices.services.receiving import DepositError, receive
from invoices.services.sorting import SortingError


@require_safe
@company_page()
def detail(request: CompanyRequest, pk: UUID) -> HttpResponse:
    """Asked for again by itself while the file is being read; loaded anew once that is over."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    if request.headers.get("HX-Request") and deposit.is_settled:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context = {
        "deposit": deposit,
        "advice": advice_for(deposit),
        "warning": warning_for(deposit),
        "siblings": siblings_of(deposit),
        "sides": (("achat", "C'est un achat"), ("vente", "C'est une vente")),
        "rail": "deposit",
    }
    if deposit.reason_code == "other_company":
        context["spaces"] = spaces_named_in(deposit, actor=request.actor)
    if deposit.can_be_paired:
        context["possible"] = possible_invoices(deposit)
    return render(request, "invoices/deposit_detail.html", context)


@require_safe
@company_page()
def comparison(request: CompanyRequest, pk: UUID) -> HttpResponse:
    """A held duplicate beside the invoice that it repeats."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    if deposit.duplicate_of is None or deposit.read is None:
        return redirect("invoices:deposit_detail", request.company.siren, pk)
    first = deposit.duplicate_of
    rows = compare(outline_of(from_json(first.data)), deposit.read)
    context = {"deposit": deposit, "first": first, "rows": rows, "rail": "deposit"}
    context["different"] = [row.label for row in rows if row.differs]
    return render(request, "invoices/deposit_compare.html", context)


@require_POST
@company_page()
def sort(request: CompanyRequest, pk: UUID, act: str) -> HttpResponse:
    """« Relire », « C'est bien un doublon », « Classer quand même », « Joindre », « Achat », « Vente », « Séparer »."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    here = {"deposit": deposit}
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "relire": (lambda: sorting.read_again(request.actor, **here), "Le fichier est relu."),
        "doublon": (lambda: sorting.confirm_duplicate(request.actor, **here), "Doublon confirmé : rien n'est classé."),
        "classer": (lambda: sorting.file_apart(request.actor, **here), "La facture est classée à côté de la première."),
        "joindre": (lambda: sorting.join_first(request.actor, **here), "Fichier joint à la facture déjà classée."),
        "achat": (lambda: _choose(request, deposit, Direction.PURCHASE), "La facture est classée en achat."),
        "vente": (lambda: _choose(request, deposit, Direction.SALE), "La facture est classée en vente."),
        "separer": (lambda: sorting.separate(request.actor, **here), "Les deux fichiers sont séparés."),
    }
    return _run(request, pk, *acts[act])


@require_POST
@company_page()
def pair(request: CompanyRequest, pk: UUID) -> HttpResponse:
    """« Joindre à cette facture »."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    try:
        chosen = UUID(request.POST.get("invoice", ""))
    except ValueError:
        raise Http404("Facture inconnue.") from None
    invoice = get_invoice_or_404(request.company, pk=chosen)
    return _run(
        request,
        pk,
        lambda: sorting.pair(request.actor, deposit=deposit, invoice=invoice),
        f"Fichier joint à la facture {invoice.number}.",
    )


@require_POST
def move(request: HttpRequest, siren: str, pk: UUID) -> HttpResponse:
    """« Déposer dans l'espace de X »: through the door of each of the two spaces, one after the other."""
    taken = _taken(request, siren, pk=pk)
    if not isinstance(taken, _Taken):
        return cast("HttpResponse", taken)
    to = request.POST.get("to", "")[:20]
    if to == siren:
        raise Http404("Ce fichier est déjà dans cet espace.")
    arrived = _arrive(request, to, taken=taken)
    if not isinstance(arrived, _Arrived):
        return cast("HttpResponse", arrived)
    return cast("HttpResponse", _leave(request, siren, pk=pk, arrived=arrived))


class _Taken(HttpResponse):
    """Stays within this module: what the first door showed."""

    deposit: Deposit


class _Arrived(HttpResponse):
    """Likewise: what became of it behind the second one."""

    deposit: Deposit
    company: str
    address: str


@company_page()
def _taken(request: CompanyRequest, pk: UUID) -> HttpResponse:
    taken = _Taken()
    taken.deposit = get_deposit_or_404(request.company, pk=pk)
    if taken.deposit.reason_code != "other_company":
        messages.error(request, "Ce fichier n'attend plus d'être déplacé : rien n'a été changé.")
        return redirect("invoices:deposit_detail", request.company.siren, pk)
    return taken


@company_page()
def _arrive(request: CompanyRequest, taken: _Taken) -> HttpResponse:
    file, arrived = taken.deposit, _Arrived()
    try:
        arrived.deposit, _new = receive(
            request.actor,
            company=request.company,
            client=request.client,
            file_name=file.file_name,
            size=file.size,
            chunks=vault.chunks_of(file.stored_as),
        )
    except DepositError as error:
        messages.error(request, str(error))
        return redirect("invoices:deposit", request.company.siren)
    arrived.company = request.company.name
    arrived.address = reverse("invoices:deposit_detail", args=[request.company.siren, arrived.deposit.pk])
    return arrived


@company_page()
def _leave(request: CompanyRequest, pk: UUID, arrived: _Arrived) -> HttpResponse:
    deposit = get_deposit_or_404(request.company, pk=pk)
    try:
        sorting.note_moved(request.actor, deposit=deposit, to=arrived.company, there=arrived.deposit.pk)
    except SortingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Fichier déposé dans l'espace de {arrived.company}.")
    return redirect(arrived.address)


def _choose(request: CompanyRequest, deposit: Deposit, direction: Direction) -> None:
    sorting.choose_direction(request.actor, deposit=deposit, direction=direction)


def _run(request: CompanyRequest, pk: UUID, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except SortingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("invoices:deposit_detail", request.company.siren, pk)
