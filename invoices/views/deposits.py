"""Depositing files in a company space, and what became of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clients.access import CompanyRequest, company_page
from invoices.files import serve
from invoices.models import Deposit
from invoices.selectors.deposits import get_deposit_or_404, latest_deposits
from invoices.services.receiving import DepositError, receive


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def deposit(request: CompanyRequest) -> HttpResponse:
    """The drop zone; each file is posted by itself by the page's script, or all at once without it."""
    if request.method == "POST":
        return _take(request)
    return render(request, "invoices/deposit.html", {"rail": "deposit", **_latest(request)})


def _take(request: CompanyRequest) -> HttpResponse:
    wants_json = "application/json" in request.headers.get("Accept", "")
    files = request.FILES.getlist("file")
    refusals = [] if files else ["Choisissez au moins un fichier."]
    answer: dict[str, str] = {}
    for file in files:
        try:
            taken, new = receive(
                request.actor,
                company=request.company,
                client=request.client,
                file_name=file.name or "sans nom",
                size=file.size or 0,
                chunks=file.chunks(),
            )
        except DepositError as error:
            refusals.append(f"{file.name} : {error}")
        else:
            answer = _answer(request, taken, new=new)
    if wants_json:
        return JsonResponse({"errors": refusals}, status=422) if refusals else JsonResponse(answer, status=202)
    for refusal in refusals:
        messages.error(request, refusal)
    return redirect("invoices:deposit", request.company.siren)


def _answer(request: CompanyRequest, deposit: Deposit, *, new: bool) -> dict[str, str]:
    if new:
        return {"label": "Reçu", "tone": "live", "detail": "Suivez sa lecture ci-dessous."}
    answer = {"label": "Déjà déposé", "tone": "wait", "detail": "Ce même fichier est déjà dans votre espace."}
    if deposit.invoice_id is not None:
        answer["url"] = reverse("invoices:company_detail", args=[request.company.siren, deposit.invoice_id])
    return answer


@require_safe
@company_page()
def latest(request: CompanyRequest) -> HttpResponse:
    """The fragment that the deposit page asks for again while something is being read."""
    return render(request, "invoices/deposits_latest.html", _latest(request))


def _latest(request: CompanyRequest) -> dict[str, Any]:
    deposits = list(latest_deposits(request.company))
    return {"deposits": deposits, "reading": any(deposit.wake_at for deposit in deposits)}


@require_safe
@company_page()
def original(request: CompanyRequest, pk: UUID) -> FileResponse:
    """The very bytes that were deposited, whatever became of them."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    return serve(deposit.stored_as, name=deposit.file_name, size=deposit.size, media_type="application/octet-stream")
