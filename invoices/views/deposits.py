"""Depositing files in a company space, and what became of them."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clients.access import CompanyRequest, company_page
from common import vault
from common.ids import uuid_in
from invoices.enums import ParcelKind
from invoices.files import serve
from invoices.models import Deposit, Parcel
from invoices.selectors.deposits import get_deposit_or_404, latest_deposits
from invoices.selectors.mailboxes import held_messages
from invoices.selectors.parcels import get_parcel_or_404, is_opening_parcels, latest_parcels
from invoices.services.mailboxes import mailboxes_of
from invoices.services.receiving import DepositError, origin_of, receive_any


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def deposit(request: CompanyRequest) -> HttpResponse:
    """The drop zone; each file is posted by itself by the page's script, or all at once without it."""
    if request.method == "POST":
        return _take(request)
    context = {
        "rail": "deposit",
        "batch": uuid4(),
        "mailboxes": mailboxes_of(request.company),
        "held": held_messages(request.company).count(),
        **_latest(request),
        **_parcels(request),
    }
    return render(request, "invoices/deposit.html", context)


@vault.undone_on_error()
def _take(request: CompanyRequest) -> HttpResponse:
    wants_json = "application/json" in request.headers.get("Accept", "")
    origin = origin_of(
        request.actor, company=request.company, client=request.client, batch=uuid_in(request.POST.get("batch"))
    )
    files = request.FILES.getlist("file")
    refusals = [] if files else ["Choisissez au moins un fichier."]
    answer: dict[str, str] = {}
    for file in files:
        name = file.name or "sans nom"
        try:
            taken = receive_any(origin, file_name=name, size=file.size or 0, chunks=file.chunks())
        except DepositError as error:
            refusals.append(f"{name} : {error}")
        else:
            answer = _answer(request, taken.item, new=taken.new)
    if wants_json:
        return JsonResponse({"errors": refusals}, status=422) if refusals else JsonResponse(answer, status=202)
    for refusal in refusals:
        messages.error(request, refusal)
    return redirect("invoices:deposit", request.company.siren)


def _answer(request: CompanyRequest, taken: Deposit | Parcel, *, new: bool) -> dict[str, str]:
    if isinstance(taken, Parcel):
        detail = "Ses fichiers apparaissent ci-dessous, un par un." if new else "Cette même archive a déjà été déposée."
        return {"label": "Reçue" if new else "Déjà déposée", "tone": "live" if new else "wait", "detail": detail}
    if new:
        return {"label": "Reçu", "tone": "live", "detail": "Suivez sa lecture ci-dessous."}
    answer = {"label": "Déjà déposé", "tone": "wait", "detail": "Ce même fichier est déjà dans votre espace."}
    if taken.invoice_id is not None:
        answer["url"] = reverse("invoices:company_detail", args=[request.company.siren, taken.invoice_id])
    return answer


@require_safe
@company_page()
def latest(request: CompanyRequest) -> HttpResponse:
    """The fragment that the deposit page asks for again while something is being read."""
    return render(request, "invoices/deposits_latest.html", _latest(request))


def _latest(request: CompanyRequest) -> dict[str, Any]:
    # Asked first: what a parcel becomes in between is among the deposits then.
    opening = is_opening_parcels(request.company)
    deposits = list(latest_deposits(request.company))
    return {"deposits": deposits, "reading": opening or any(deposit.wake_at for deposit in deposits)}


@require_safe
@company_page()
def original(request: CompanyRequest, pk: UUID) -> FileResponse:
    """The very bytes that were deposited, whatever became of them."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    return serve(deposit.stored_as, name=deposit.file_name, size=deposit.size, media_type="application/octet-stream")


@require_safe
@company_page()
def parcels_latest(request: CompanyRequest) -> HttpResponse:
    """The fragment of archives and e-mails; as `latest`."""
    return render(request, "invoices/parcels_latest.html", _parcels(request))


def _parcels(request: CompanyRequest) -> dict[str, Any]:
    parcels = list(latest_parcels(request.company))
    return {"parcels": parcels, "opening": any(parcel.wake_at for parcel in parcels)}


@require_safe
@company_page()
def parcel_original(request: CompanyRequest, pk: UUID) -> FileResponse:
    """The archive or the e-mail as it came."""
    parcel = get_parcel_or_404(request.company, pk=pk)
    name = parcel.name if parcel.kind == ParcelKind.ARCHIVE else f"{parcel.name}.eml"
    return serve(parcel.stored_as, name=name, size=parcel.size, media_type="application/octet-stream")
