"""« Pour bien démarrer », a fragment of « Accueil »: one step from each room. Only here is every room known."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.steps import clients_step
from exports.steps import delivery_step
from firms.access import FirmRequest, firm_page
from firms.home import Checklist, key_step, terms_step
from invitations.steps import invitations_step

_STEPS = (terms_step, clients_step, invitations_step, key_step, delivery_step)


@require_safe
@firm_page()
def first_steps(request: FirmRequest) -> HttpResponse:
    steps = [step(request.membership) for step in _STEPS]
    return render(request, "firms/first_steps.html", {"checklist": Checklist.of(request.membership, steps)})
