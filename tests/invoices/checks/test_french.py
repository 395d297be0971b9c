"""Every rule of the stylesheets that are shipped, and the errors of schemas, have a French sentence."""

import re
from typing import Any

import pytest
from lxml import etree

from invoices.checks import rulesets
from invoices.checks.files import rule_file
from invoices.checks.french import rule_sentence, schema_sentence, term_name
from invoices.checks.run import run_checks
from invoices.formats import read
from invoices.samples import as_ubl_xml
from tests.invoices import making

XSL = "{http://www.w3.org/1999/XSL/Transform}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
STYLESHEETS = (
    *rulesets.FACTURX_STYLESHEETS.values(),
    rulesets.CII_EXTENSION,
    rulesets.CII_FRENCH,
    rulesets.UBL_CORE,
    rulesets.UBL_EXTENSION,
    rulesets.UBL_FRENCH,
)
# What would show that a sentence is the rule's own text.
FOREIGN = re.compile(r"\b(shall|should|must|Invoice (line|total)|ram:|cbc:|BR-FR-)\b")
UBL = as_ubl_xml(making.invoice())


def rules_of(stylesheet: str) -> set[tuple[str, str]]:
    """(id, text) of each rule; where the id is but a number, the text names the rule first."""
    found = set()
    for node in etree.parse(rule_file(stylesheet).path).iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"):
        stated = node.find(f"{XSL}attribute[@name='id']")
        words: Any = node.xpath("string(svrl:text)", namespaces={"svrl": SVRL[1:-1]})
        text = " ".join(words.split())
        rule = (stated.text or "") if stated is not None else ""
        named = re.match(r"\[([A-Z][\w-]+)\]", text)
        found.add((named[1] if named and (not rule or rule.startswith("FX-SCH-")) else rule, text))
    return found


@pytest.mark.parametrize("stylesheet", STYLESHEETS)
def test_every_rule_has_a_french_sentence(stylesheet: str) -> None:
    rules = rules_of(stylesheet)
    sentences = {(rule, text): rule_sentence(rule, text) for rule, text in rules}

    assert len(rules) > 90
    assert [rule for rule, sentence in sentences.items() if not sentence] == []
    assert [(rule, sentence) for rule, sentence in sentences.items() if FOREIGN.search(sentence or "")] == []


@pytest.mark.parametrize(
    ("rule", "text", "sentence"),
    [
        ("BR-CO-15", "", "Le total TTC n’est pas le total hors taxes plus le total de la TVA."),
        (
            "BR-AE-05",
            "",
            "Autoliquidation (code AE) : le taux de TVA doit être de 0 pour une ligne de cette catégorie.",
        ),
        (
            "BR-DEC-14",
            "[BR-DEC-14]-… the Invoice total amount with VAT (BT-112) is 2.",
            "Un montant a plus de deux décimales : total TTC.",
        ),
        (
            "FX-SCH-A-000875",
            "Element 'ram:CountryID' must occur exactly 1 times.",
            "L’élément « pays » (CountryID) doit figurer une fois, et une seule.",
        ),
        (
            "BR-FR-10_BT-30",
            "[BR-FR-10/BT-30] : Le SIREN du vendeur (ram:ID) est obligatoire.",
            "Le SIREN du vendeur est obligatoire.",
        ),
    ],
)
def test_sentence_is_for_a_bookkeeper(rule: str, text: str, sentence: str) -> None:
    assert rule_sentence(rule, text) == sentence


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "Element 'Kind': This element is not expected. Expected is ( TypeCode ).",
            "L’élément « Kind » n’est pas à sa place ; attendu ici : « code de type » (TypeCode).",
        ),
        (
            "Element 'InvoiceLine': Missing child element(s). Expected is one of ( Item, Price ).",
            "Il manque quelque chose dans « ligne de facture » (InvoiceLine) : « article » (Item) ou « prix » (Price).",
        ),
        (
            "Element 'PayableAmount': 'douze' is not a valid value of the atomic type 'udt:decimal'.",
            "La valeur « douze » de « net à payer » (PayableAmount) n’est pas un nombre, comme 1240.50.",
        ),
        (
            "Element 'PayableAmount': The attribute 'currencyID' is required but missing.",
            "Dans « net à payer » (PayableAmount), l’indication « devise » (currencyID) manque.",
        ),
        ("anything else", "Le fichier n’a pas la structure d’une facture électronique."),
    ],
)
def test_error_of_a_schema_is_said_in_french(message: str, sentence: str) -> None:
    assert schema_sentence(message) == sentence


def test_every_term_of_the_norm_has_a_name() -> None:
    terms = {
        term
        for stylesheet in (rulesets.UBL_CORE, rulesets.FACTURX_STYLESHEETS["en16931"])
        for term in re.findall(r"\bB[TG]-\d+\b", rule_file(stylesheet).path.read_text(encoding="utf-8"))
    }

    assert len(terms) > 100
    assert sorted(term for term in terms if term_name(term) is None) == []


def test_finding_says_the_line_of_the_invoice_and_the_place_in_the_file() -> None:
    wrong = re.sub(rb"(<cbc:ID>2</cbc:ID>.*?<cbc:PriceAmount[^>]*>)", rb"\g<1>-", UBL, count=1, flags=re.DOTALL)
    core = next(check for check in run_checks(read(wrong)) if check.rule_set == "en16931")
    found = next(finding for finding in core.findings if finding.rule == "BR-27")

    assert (found.message, found.term, found.invoice_line) == (
        "Le prix unitaire net d’une ligne est négatif : il ne peut pas l’être.",
        "BT-146",
        "2",
    )
    assert found.text == "[BR-27]-The Item net price (BT-146) shall NOT be negative."
    assert found.position == "InvoiceLine[2]"
