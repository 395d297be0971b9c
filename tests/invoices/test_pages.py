"""The company's own invoices: list, page, files, decisions."""

from datetime import date

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from common.tenancy import tenant
from invoices.enums import Direction, InvoiceState
from invoices.models import Invoice
from tests.browsing import signed_in, text_of
from tests.factories import make_active_client, make_cabinet, make_owner
from tests.invoices.browsing import filed, now, numbers, own
from tests.invoices.conftest import SUPPLIER, Space
from tests.world import make_invoice

pytestmark = pytest.mark.django_db
NASTY = '<script>alert(1)</script>"&'


@pytest.fixture
def three(space: Space) -> None:
    make_invoice(space.company, number="A-1", seller_name="Minoterie Martin", buyer_siren=SUPPLIER)
    sale = make_invoice(space.company, number="V-1", buyer_name="Épicerie Fine")
    refused = make_invoice(space.company, number="A-2")
    with tenant(company=space.company.pk):
        Invoice.objects.filter(pk=sale.pk).update(direction=Direction.SALE, issue_date=date(2026, 11, 5))
        Invoice.objects.filter(pk=refused.pk).update(state=InvoiceState.REFUSED, issue_date=date(2026, 10, 1))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["V-1", "A-1", "A-2"]),
        ("q=a-1", ["A-1"]),
        ("q=minoterie", ["A-1"]),
        (f"q={SUPPLIER[:3]}+{SUPPLIER[3:6]}+{SUPPLIER[6:]}", ["A-1"]),
        ("q=%25", []),
        ("sens=AR", ["V-1"]),
        ("etat=refused", ["A-2"]),
        ("etat=refused&sens=AR", []),
        ("etat=zzz", []),
        ("page=abc", ["V-1", "A-1", "A-2"]),
        ("page=99999999999999999999&par=-3&tri=zzz", ["V-1", "A-1", "A-2"]),
        ("tri=number", ["A-1", "A-2", "V-1"]),
    ],
)
@pytest.mark.usefixtures("three")
def test_list_finds_by_what_is_asked(space: Space, owner: Browser, query: str, found: list[str]) -> None:
    answer = owner.get(f"{own(space)}?{query}")
    assert (answer.status_code, numbers(answer)) == (200, found)


def test_list_holds_the_own_company_s_invoices_only(space: Space, owner: Browser) -> None:
    other = make_active_client(make_cabinet().firm)
    assert other.company is not None
    make_invoice(other.company, client=other, number="AUTRE-1")
    make_invoice(space.company, number="A-1")
    assert numbers(owner.get(own(space))) == ["A-1"]
    stranger = signed_in(make_owner(other.company).person)
    assert [stranger.get(own(space)).status_code, owner.get(own(space, "x/")).status_code] == [404, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_number_of_queries(
    space: Space, owner: Browser, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(rows):
        make_invoice(space.company, number=f"A-{n}")
    owner.get(own(space))
    with django_assert_num_queries(15):
        assert len(numbers(owner.get(own(space)))) == rows


# --- An invoice's page, its files and its decisions ---------------------------------------------------------------


def test_page_shows_the_invoice_as_stated_and_lets_nothing_run(space: Space, owner: Browser) -> None:
    invoice = filed(space, number=NASTY, name=f"{NASTY}.pdf")
    said = {
        "": (f"Facture {NASTY}", "02/11/2026", "1 200,00 €", "Vendeur SARL"),
        "chronologie": ("Déposée par l'entreprise", "202 Reçue", "rien n'est transmis à une plateforme agréée"),
        "fichiers": (f"{NASTY}.pdf",),
        "controles": ("Norme EN 16931",),
    }
    for tab, words in said.items():
        answer = owner.get(own(space, f"{invoice.pk}/"), {"onglet": tab})
        assert NASTY not in answer.content.decode()
        assert [word for word in words if word not in text_of(answer)] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_number_of_queries(
    space: Space, owner: Browser, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    invoice = filed(space)
    for _ in range(rows):
        owner.post(own(space, f"{invoice.pk}/valider/"))
        owner.post(own(space, f"{invoice.pk}/annuler/"))
    owner.get(own(space, f"{invoice.pk}/"))
    with django_assert_num_queries(18):
        answer = owner.get(own(space, f"{invoice.pk}/"))
    assert len(answer.context["events"]) == 1 + 2 * rows


@pytest.mark.parametrize(
    ("container", "kind", "head"),
    [
        ("facturx", "original", ("application/pdf", "inline; filename*=utf-8''%C3%A9t%C3%A9.pdf")),
        ("facturx", "xml", ("application/xml", 'attachment; filename="F-2026-001.xml"')),
        ("facturx", "facturx", ("application/pdf", "inline; filename*=utf-8''%C3%A9t%C3%A9.pdf")),
        ("cii", "original", ("application/xml", "attachment; filename*=utf-8''%C3%A9t%C3%A9.pdf")),
        ("ubl", "facturx", ("application/pdf", 'inline; filename="F-2026-001.pdf"')),
    ],
)
def test_file_is_handed_out_so_that_nothing_in_it_acts_on_us(
    space: Space, owner: Browser, container: str, kind: str, head: tuple[str, str]
) -> None:
    invoice = filed(space, container=container, name="été.pdf")
    answer = owner.get(own(space, f"{invoice.pk}/fichiers/{kind}/"))
    body = answer.getvalue()
    assert (answer.status_code, answer["Content-Type"], answer["Content-Disposition"]) == (200, *head)
    assert answer["Content-Length"] == str(len(body))
    policy = answer["Content-Security-Policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", "style-src 'unsafe-inline'", "sandbox"]
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
    assert answer["Cache-Control"] == "no-store, private"


def test_file_that_does_not_exist_is_404(space: Space, owner: Browser) -> None:
    invoice = filed(space, container="cii")
    codes = [owner.get(own(space, f"{invoice.pk}/fichiers/{kind}/")).status_code for kind in ("xml", "zzz")]
    assert codes == [404, 404]


@pytest.mark.parametrize(
    ("acts", "state", "told"),
    [
        (["valider"], InvoiceState.VALIDATED, "Facture validée"),
        (["refuser"], InvoiceState.REFUSED, "Facture refusée"),
        (["valider", "annuler"], InvoiceState.TO_VALIDATE, "de nouveau à valider"),
        (["valider", "valider"], InvoiceState.VALIDATED, "déjà « Validée »"),
        (["valider", "litige"], InvoiceState.DISPUTED, "en litige"),
        (["litige", "annuler"], InvoiceState.TO_VALIDATE, "de nouveau à valider"),
        (["valider", "refuser"], InvoiceState.VALIDATED, "déjà « Validée »"),
        (["annuler"], InvoiceState.TO_VALIDATE, "déjà « À valider »"),
    ],
)
def test_decision_moves_the_invoice_or_says_why_not(
    space: Space, owner: Browser, acts: list[str], state: InvoiceState, told: str
) -> None:
    invoice = make_invoice(space.company, client=space.client)
    for act in acts:
        answer = owner.post(own(space, f"{invoice.pk}/{act}/"), {"reason": "Prix faux"}, follow=True)
    assert answer.redirect_chain == [(own(space, f"{invoice.pk}/"), 302)]
    assert told in text_of(answer)
    assert now(space, invoice).state == state


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_refusal_without_a_reason_is_told(space: Space, owner: Browser, reason: str) -> None:
    invoice = make_invoice(space.company)
    answer = owner.post(own(space, f"{invoice.pk}/refuser/"), {"reason": reason}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Indiquez le motif du refus."]
    assert now(space, invoice).state == InvoiceState.TO_VALIDATE


@pytest.mark.parametrize(("reason", "kept"), [("a\x00b", "ab"), ("x" * 400, "x" * 300), (f" {NASTY} ", NASTY)])
def test_reason_of_any_text_is_kept(space: Space, owner: Browser, reason: str, kept: str) -> None:
    invoice = make_invoice(space.company)
    assert owner.post(own(space, f"{invoice.pk}/refuser/"), {"reason": reason}).status_code == 302
    assert now(space, invoice).refusal_reason == kept


def test_decision_is_posted_and_its_name_is_one_of_four(space: Space, owner: Browser) -> None:
    invoice = make_invoice(space.company)
    codes = [
        owner.get(own(space, f"{invoice.pk}/valider/")).status_code,
        owner.post(own(space, f"{invoice.pk}/supprimer/")).status_code,
    ]
    assert codes == [405, 404]
