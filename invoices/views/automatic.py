"""« Validation automatique »: the company's own rules, one for its purchases and one for its sales."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clients.access import CompanyRequest, company_page, own_member
from common.permissions import require
from invoices.forms import RuleForm
from invoices.permissions import can_automate
from invoices.selectors.company import automatic_rules_of
from invoices.services.automatic import set_rules


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(firms_too=False)
def rules(request: CompanyRequest) -> HttpResponse:
    require(can_automate(request.actor), "Seul un propriétaire de l'espace règle la validation automatique.")
    forms = [
        RuleForm(request.POST or None, prefix=rule.direction, instance=rule)
        for rule in automatic_rules_of(request.company)
    ]
    # Each is asked, so that each says what is wrong with it.
    valid = [form.is_valid() for form in forms]
    if request.method == "POST" and all(valid):
        set_rules(own_member(request), rules=[form.instance for form in forms])
        messages.success(request, "Validation automatique réglée.")
        return redirect("invoices:automatic", request.company.siren)
    status = 422 if request.method == "POST" else 200
    return render(request, "invoices/automatic.html", {"forms": forms, "rail": "settings"}, status=status)
