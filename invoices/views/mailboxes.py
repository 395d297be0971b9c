"""« Déposer par e-mail »: the company's addresses, who may write to them, and what waits for its word."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from clients.access import CompanyRequest, company_page, own_member
from clients.models import CompanyMembership
from invoices.enums import Direction
from invoices.forms import KnownSenderForm
from invoices.permissions import can_manage_mail
from invoices.selectors.mailboxes import (
    get_mailbox_or_404,
    get_message_or_404,
    get_sender_or_404,
    held_messages,
    known_senders,
)
from invoices.services import mailboxes as services


@require_safe
@company_page()
def mailboxes(request: CompanyRequest) -> HttpResponse:
    return _page(request, KnownSenderForm())


def _page(request: CompanyRequest, form: KnownSenderForm) -> HttpResponse:
    own = isinstance(request.actor, CompanyMembership)
    context = {
        "rail": "deposit",
        "mailboxes": services.mailboxes_of(request.company),
        "may_manage": can_manage_mail(request.actor),
        # Who writes to the company is its own affair: its firms see the addresses alone.
        "own": own,
        "held": list(held_messages(request.company)) if own else [],
        "senders": list(known_senders(request.company)) if own else [],
        "form": form,
    }
    return render(request, "invoices/mailboxes.html", context, status=422 if form.errors else 200)


@require_POST
@company_page(firms_too=False)
def renew(request: CompanyRequest, pk: UUID) -> HttpResponse:
    former = get_mailbox_or_404(request.company, pk=pk)
    new = services.renew_mailbox(request.actor, company=request.company, direction=Direction(former.direction))
    messages.success(request, f"Nouvelle adresse : {new.address}. L'ancienne ne reçoit plus rien.")
    return redirect("invoices:mailboxes", request.company.siren)


@require_POST
@company_page(firms_too=False)
def add(request: CompanyRequest) -> HttpResponse:
    form = KnownSenderForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    address = form.cleaned_data["address"]
    if services.add_sender(own_member(request), company=request.company, address=address):
        messages.success(request, f"{address} peut désormais vous envoyer des factures.")
    else:
        messages.info(request, f"{address} était déjà autorisé.")
    return redirect("invoices:mailboxes", request.company.siren)


@require_POST
@company_page(firms_too=False)
def remove(request: CompanyRequest, pk: UUID) -> HttpResponse:
    sender = get_sender_or_404(request.company, pk=pk)
    services.remove_sender(request.actor, sender=sender)
    messages.success(request, f"{sender.address} est retiré : ses prochains messages attendront votre accord.")
    return redirect("invoices:mailboxes", request.company.siren)


@require_POST
@company_page(firms_too=False)
def accept(request: CompanyRequest, pk: UUID) -> HttpResponse:
    message = get_message_or_404(request.company, pk=pk)
    and_sender = "expediteur" in request.POST
    try:
        services.accept_message(own_member(request), message=message, and_sender=and_sender)
    except services.MailError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "Message accepté : ses fichiers apparaissent dans « Déposer ».")
    return redirect("invoices:mailboxes", request.company.siren)


@require_POST
@company_page(firms_too=False)
def refuse(request: CompanyRequest, pk: UUID) -> HttpResponse:
    message = get_message_or_404(request.company, pk=pk)
    try:
        services.refuse_message(request.actor, message=message)
    except services.MailError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "Message refusé : rien n'en est lu.")
    return redirect("invoices:mailboxes", request.company.siren)
