"""What is done on an invoice's page, by the company and by its firms alike: inside the company's tenant."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from clients.models import CompanyMembership
from firms.models import Membership
from invoices.lifecycle import Status
from invoices.models import Invoice
from invoices.services.commenting import CommentError, comment
from invoices.services.decisions import DecisionError, dispute, note_status, refuse, undo, validate

Actor = CompanyMembership | Membership


def decide(request: HttpRequest, actor: Actor, invoice: Invoice, act: str) -> None:
    """« valider », « refuser » and « litige » (with a reason), « annuler »; says what became of it."""
    why = {"reason": request.POST.get("reason", ""), "code": request.POST.get("code") or "AUTRE"}
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "valider": (lambda: validate(actor, invoice=invoice), "Facture validée : le cabinet peut la prendre."),
        "refuser": (lambda: refuse(actor, invoice=invoice, **why), "Facture refusée."),
        "litige": (lambda: dispute(actor, invoice=invoice, **why), "Facture en litige : elle attend votre décision."),
        "annuler": (lambda: undo(actor, invoice=invoice), "La facture est de nouveau à valider."),
    }
    _run(request, *acts[act])


def set_status(request: HttpRequest, actor: Actor, invoice: Invoice) -> None:
    """A status of the lifecycle, by its number."""
    asked = request.POST.get("status", "")
    status = next((status for status in Status if str(status.value) == asked), None)
    if status is None:
        messages.error(request, "Choisissez un statut de la liste.")
        return
    why = {"reason": request.POST.get("reason", ""), "code": request.POST.get("code", "")}
    _run(request, lambda: note_status(actor, invoice=invoice, status=status, **why), "Statut noté.")


def add_comment(request: HttpRequest, actor: Actor, invoice: Invoice) -> None:
    text = request.POST.get("text", "")
    _run(request, lambda: comment(actor, invoice=invoice, text=text), "Commentaire ajouté.")


def _run(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    try:
        act()
    except (DecisionError, CommentError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
