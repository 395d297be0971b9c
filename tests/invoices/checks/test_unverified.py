"""What could not be checked says so, whatever the cause, and never reads as passed."""

import pytest
from django.test import Client as Browser
from lxml import etree

from common.isolation import Limits
from common.tenancy import tenant
from invoices.checks.model import Check
from invoices.checks.rulesets import CII_SCHEMA, EN16931, Part, RuleSet
from invoices.checks.run import check_rule_set
from invoices.models import InvoiceCheck
from invoices.opening import check_xml
from invoices.samples import as_ubl_xml
from tests.browsing import text_of
from tests.invoices import making
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed

UBL = as_ubl_xml(making.invoice())
CAUSES = {
    "time": Limits(wall_seconds=0.001),
    "memory": Limits(memory_bytes=80 << 20, wall_seconds=30, cpu_seconds=30),
}


def of_part(file: str) -> Check:
    return check_rule_set(RuleSet(EN16931, (Part(file),)), etree.fromstring(UBL), {})


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("time", "Non vérifié : le contrôle de ce document est trop long."),
        ("memory", "Non vérifié : le contrôle de ce document demande trop de mémoire."),
    ],
)
def test_child_that_is_stopped_gives_no_verdict(cause: str, reason: str) -> None:
    checks = check_xml(UBL, container="ubl", limits=CAUSES[cause])

    assert [(check.ran, check.passed, check.reason) for check in checks] == [(False, False, reason)]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("en16931/absent.xslt", "Non vérifié : les règles sont absentes de cette installation."),
        (CII_SCHEMA, "Non vérifié : les règles n’ont pas pu être exécutées sur ce document."),
    ],
)
def test_rules_that_are_absent_or_broken_give_no_verdict(file: str, reason: str) -> None:
    check = of_part(file)

    assert (check.ran, check.passed, check.findings, check.reason) == (False, False, (), reason)


@pytest.mark.django_db
def test_page_says_that_it_was_not_checked(space: Space, owner: Browser) -> None:
    taken = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="ubl"), name="a.xml")
    assert taken.invoice is not None
    with tenant(company=space.company.pk):
        InvoiceCheck.objects.filter(invoice=taken.invoice).update(ran=False, reason="Non vérifié : trop long.")
    page = text_of(
        owner.get(f"/entreprises/{space.company.siren}/factures/{taken.invoice.pk}/", {"onglet": "controles"})
    )

    assert page.count("Non vérifié : trop long.") == 3
    assert "Conforme" not in page
