"""Validation without a person, as the company's owner has set it for each direction."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from clients.models import CompanyMembership
from common.journal import record
from common.permissions import require
from common.typography import amount
from invoices.enums import Direction, InvoiceState
from invoices.models import AutomaticRule, Invoice
from invoices.models.checks import PENDING
from invoices.permissions import can_automate
from invoices.services.decisions import RULE, validate_by_rule
from invoices.services.timeline import note


def set_rules(actor: CompanyMembership, *, rules: list[AutomaticRule]) -> None:
    """Keep these rules of the company's own, one for each direction, from the next invoice on. In its tenant."""
    require(can_automate(actor), "Seul un propriétaire de l'espace règle la validation automatique.")
    kept = {rule.direction: rule for rule in AutomaticRule.objects.select_for_update().filter(company=actor.company_id)}
    for rule in rules:
        before = kept.get(rule.direction) or AutomaticRule(direction=rule.direction)
        if _said(rule) != _said(before):
            AutomaticRule.objects.update_or_create(
                company_id=actor.company_id,
                direction=rule.direction,
                defaults={**_said(rule), "changed_by": actor.actor_name[:200], "changed_at": timezone.now()},
            )
            words = str(rule) if rule.enabled else "aucune"
            record(actor, "invoice.rule_changed", rule, direction=rule.get_direction_display(), rule=words)


def _said(rule: AutomaticRule) -> dict[str, Any]:
    return {"enabled": rule.enabled, "ceiling": rule.ceiling, "known_only": rule.known_only}


def validate_if_ruled(invoice: Invoice) -> None:
    """
    « Validée » if a rule of the company says so; why it does not is in the timeline. In the caller's transaction.

    Called when an invoice is filed, and again when the checks of a large one are done, which are made later.
    """
    rules = AutomaticRule.objects.filter(company=invoice.company_id, direction=invoice.direction, enabled=True)
    rule = rules.first()
    if rule is None or invoice.state != InvoiceState.TO_VALIDATE or invoice.checks.filter(reason=PENDING).exists():
        return
    if objection := _objection(rule, invoice):
        note(invoice, "not_automatic", actor=RULE.actor_name, text=f"Non validée par la règle : {objection}.")
    else:
        validate_by_rule(invoice, rule=str(rule))


def _objection(rule: AutomaticRule, invoice: Invoice) -> str:
    """Why the rule leaves the invoice to a person; empty where it does not."""
    if invoice.duplicate_rank:
        return "elle ressemble à une autre"
    if invoice.disagreements:
        return "le PDF et les données ne disent pas la même chose"
    checks = [check for check in invoice.checks.filter(current=True) if check.applies]
    if not checks or not all(check.ran for check in checks):
        return "elle n'a pas pu être contrôlée"
    if any(check.verdict == "wrong" for check in checks):
        return "les contrôles ont trouvé une erreur"
    return _over(rule, invoice) or _unknown(rule, invoice)


def _over(rule: AutomaticRule, invoice: Invoice) -> str:
    if rule.ceiling is None:
        return ""
    if invoice.currency != "EUR" or invoice.total_with_vat is None:
        return "son total n'est pas en euros"
    if abs(invoice.total_with_vat) > rule.ceiling:
        return f"son total dépasse {amount(rule.ceiling)}"
    return ""


def _unknown(rule: AutomaticRule, invoice: Invoice) -> str:
    """Known is whom a person has validated an invoice of before: a rule does not vouch for itself."""
    if not rule.known_only:
        return ""
    sells = invoice.direction == Direction.SALE
    side, word = ("buyer", "le client") if sells else ("seller", "le fournisseur")
    keys: dict[str, Any] = {f"{side}_siren": getattr(invoice, f"{side}_siren")}
    if not keys[f"{side}_siren"]:
        keys = {f"{side}_siren": "", f"{side}_vat": getattr(invoice, f"{side}_vat")}
    if not any(keys.values()):
        return f"{word} n'a ni SIREN ni numéro de TVA"
    by_hand = Q(events__kind="validated") & ~Q(events__actor=RULE.actor_name)
    before = Invoice.objects.filter(
        by_hand, company=invoice.company_id, direction=invoice.direction, state=InvoiceState.VALIDATED, **keys
    )
    return "" if before.exclude(pk=invoice.pk).exists() else f"{word} n'est pas encore connu"
