"""« À compléter »: the stored file beside a short form, or the file given up."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_ratelimit.decorators import ratelimit

from clients import directory
from clients.access import CompanyRequest, company_page
from common import vault
from common.identifiers import SIREN_LENGTH, IdentifierError, clean_siren, siren_of_siret
from common.isolation import IsolationError
from common.tenancy import tenant
from common.typography import french
from firms.models import Membership
from invoices.files import serve, serve_copy
from invoices.formats.errors import InvoiceRefused
from invoices.forms import CompleteForm
from invoices.media import PDF, PRINTABLE_IMAGES, SHOWN_IMAGES, media_type_of
from invoices.models import Deposit
from invoices.opening import safe_copy
from invoices.selectors.deposits import get_deposit_or_404
from invoices.services.completing import (
    CompletingError,
    complete_deposit,
    known_party,
    proposed_terms,
    read_on_page,
    refuse_deposit,
)
from invoices.services.filing import DuplicateInvoiceError


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def complete(request: CompanyRequest, pk: UUID) -> HttpResponse:
    deposit = get_deposit_or_404(request.company, pk=pk)
    if not deposit.can_be_completed:
        return _settled(request, deposit)
    form = CompleteForm(
        request.POST or None,
        company=request.company,
        initial=proposed_terms(deposit),
        direction_hint=deposit.direction_hint,
    )
    if request.method == "POST" and form.is_valid() and (not form.doubts or "as_stated" in request.POST):
        filed = _file(request, deposit, form)
        if filed is not None:
            return filed
    found = read_on_page(deposit)
    form.say_where({term: french(f"Lu page {one.page} : « {one.line[:80]} »") for term, one in found.items()})
    form.look_up_at(reverse("invoices:deposit_party", args=[request.company.siren]))
    context = {**_shown(deposit), "form": form, "deposit": deposit, "found": len(found), "rail": "deposit"}
    return render(request, "invoices/complete.html", context, status=422 if form.errors or form.doubts else 200)


@require_POST
@company_page()
def refuse(request: CompanyRequest, pk: UUID) -> HttpResponse:
    """« Refuser ce fichier »."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    try:
        refuse_deposit(request.actor, deposit=deposit, reason=request.POST.get("reason", ""))
    except CompletingError as error:
        messages.error(request, str(error))
        return redirect("invoices:deposit_detail", request.company.siren, pk)
    messages.success(request, "Fichier refusé. Il est conservé ; déposez-le de nouveau si vous changez d'avis.")
    return redirect("invoices:deposit", request.company.siren)


@require_safe
@ratelimit(key="user", rate="120/m")  # type: ignore[untyped-decorator] # the package publishes no types
@company_page(waits=True)
def party(request: CompanyRequest) -> HttpResponse:
    """A fragment: who has the number typed so far, by the company's own invoices or the directory of companies."""
    typed = request.GET.get("other_siren", "")
    digits = sum(map(str.isdecimal, typed))
    if digits < SIREN_LENGTH:
        return render(request, "invoices/party_found.html", {"fill": "{}"})
    try:
        siren = siren_of_siret(typed) if digits > SIREN_LENGTH else clean_siren(typed)
    except IdentifierError as error:
        return render(request, "invoices/party_found.html", {"wrong": str(error), "fill": "{}"})
    firm = request.actor.firm_id if isinstance(request.actor, Membership) else None
    with tenant(firm=firm, company=request.company.pk):
        values = known_party(request.company, siren)
    context: dict[str, Any] = {"known": bool(values)}
    if not values:
        answer = directory.company(siren)
        context |= {"outcome": answer.outcome.name, "found": answer.company}
        if answer.company is not None:
            values = {"other_name": answer.company.name, "other_vat": answer.company.vat_number}
    return render(request, "invoices/party_found.html", {**context, "fill": json.dumps(values), "values": values})


@require_safe
@company_page()
def preview(request: CompanyRequest, pk: UUID) -> FileResponse:
    """The deposited PDF or image, as the page beside the form shows it."""
    deposit = get_deposit_or_404(request.company, pk=pk)
    media_type = media_type_of(deposit.stored_as)
    if media_type != PDF and media_type not in SHOWN_IMAGES:
        raise Http404("Ce fichier ne se montre pas dans une page.")
    if media_type == PDF and deposit.active:
        return _without_active(deposit)
    return serve(deposit.stored_as, name=deposit.file_name, size=deposit.size, media_type=media_type, framed=True)


def _without_active(deposit: Deposit) -> FileResponse:
    """What acts by itself is for nobody's browser: the page shows a copy without it."""
    try:
        with vault.as_local_file(deposit.stored_as) as path:
            return serve_copy(safe_copy(path), name=deposit.file_name)
    except (InvoiceRefused, IsolationError):
        raise Http404("La copie sûre de ce fichier n'a pas pu être faite : téléchargez-le.") from None


def _file(request: CompanyRequest, deposit: Deposit, form: CompleteForm) -> HttpResponse | None:
    """The way to the invoice that was filed; None where the form says why not."""
    try:
        invoice = complete_deposit(request.actor, deposit=deposit, values=form.values())
    except DuplicateInvoiceError as duplicate:
        first = reverse("invoices:company_detail", args=[request.company.siren, duplicate.first.pk])
        form.add_error(None, format_html('{} <a href="{}">Voir la première</a>', str(duplicate), first))
    except CompletingError as error:
        now = get_deposit_or_404(request.company, pk=deposit.pk)
        if not now.can_be_completed:
            return _settled(request, now)
        form.add_error(None, str(error))
    else:
        messages.success(request, "Facture classée : il reste à la valider.")
        return redirect("invoices:company_detail", request.company.siren, invoice.pk)
    return None


def _settled(request: CompanyRequest, deposit: Deposit) -> HttpResponse:
    """Somebody was quicker, or it was pressed twice: what became of the file."""
    if deposit.invoice_id is not None:
        return redirect("invoices:company_detail", request.company.siren, deposit.invoice_id)
    messages.info(request, f"{deposit.file_name} : {deposit.get_state_display()}, rien à compléter.")
    return redirect("invoices:deposit", request.company.siren)


def _shown(deposit: Deposit) -> dict[str, Any]:
    """How the page shows the file, and whether it could leave as a PDF."""
    media_type = media_type_of(deposit.stored_as)
    image = media_type.startswith("image/")
    return {
        "shown_as": "pdf" if media_type == PDF else "image" if media_type in SHOWN_IMAGES else "",
        "not_printable": media_type.removeprefix("image/").upper()
        if image and media_type not in PRINTABLE_IMAGES
        else "",
    }
