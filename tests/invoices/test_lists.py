"""Lists of invoices: search, filters, pages by key, sums, views, workbook, figures; for a company and for a firm."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client as Browser
from openpyxl import load_workbook

from common.tenancy import tenant
from invoices.enums import InvoiceState
from invoices.models import FirmInvoice, Invoice, InvoiceCheck, SavedView
from tests.browsing import signed_in, text_of
from tests.factories import make_active_client
from tests.invoices.browsing import firm, numbers, own
from tests.invoices.conftest import Space
from tests.world import make_invoice, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(space: Space) -> None:
    terms = {"seller_name": "Électricité Lefèvre & Cie", "total_with_vat": Decimal(1240), "currency": "EUR"}
    make_invoice(space.company, client=space.client, number="FA-2026/001", **terms)
    make_invoice(space.company, client=space.client, number="B-7", seller_name="Œuvre du Bois")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=electricite", ["FA-2026/001"]),
        ("q=LEFEVRE+elec", ["FA-2026/001"]),
        ("q=oeuvre", ["B-7"]),
        ("q=fa2026", ["FA-2026/001"]),
        ("q=2026%2F001", ["FA-2026/001"]),
        ("q=1%E2%80%AF240,00", ["FA-2026/001"]),
        ("q=1240.00", ["FA-2026/001"]),
        ("q=1+240,00+%E2%82%AC", ["FA-2026/001"]),
        ("q=1241,00", []),
        ("q=552+100+554", ["FA-2026/001", "B-7"]),
        ("q=%27%5C%3A*+%26", []),
        ("min=1+239,99&max=1240", ["FA-2026/001"]),
        ("min=1.239,99+€&max=1240.00", ["FA-2026/001"]),
        ("min=abc", []),
        ("du=2026-11-03", []),
        ("controles=passed&au=2026-11-02", ["FA-2026/001", "B-7"]),
        ("controles=errors", []),
        ("desaccord=true", []),
    ],
)
@pytest.mark.usefixtures("two")
def test_both_lists_find_the_same(
    space: Space, owner: Browser, administrator: Browser, query: str, found: list[str]
) -> None:
    assert sorted(numbers(owner.get(f"{own(space)}?{query}"))) == sorted(found)
    assert sorted(numbers(administrator.get(f"{firm(space)}?{query}"))) == sorted(found)


def test_search_function_is_fenced_by_the_setting_alone() -> None:
    here, other = make_world(), make_world()
    sql = "SELECT count(*) FROM invoices_found(%s, 'F-1', 10, NULL) AS id"

    def found(whose: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, [whose])
            row = cursor.fetchone()
            assert row is not None
            return int(row[0])

    assert [found("firm"), found("company"), found("any")] == [0, 0, 0]
    for world in (here, other):
        with tenant(firm=world.cabinet.firm.pk):
            assert [found("firm"), found("company")] == [1, 0]
        with tenant(company=world.company.pk):
            assert [found("firm"), found("company")] == [0, 1]
    with tenant(platform="a test looks for words"):
        assert [found("firm"), found("company")] == [0, 0]


@pytest.mark.usefixtures("two")
def test_utilisateur_finds_in_assigned_clients_only(space: Space) -> None:
    seen = signed_in(space.cabinet.assigned.user).get(f"{firm(space)}?q=oeuvre")
    unseen = signed_in(space.cabinet.unassigned.user).get(f"{firm(space)}?q=oeuvre")
    assert [numbers(seen), numbers(unseen)] == [["B-7"], []]


@pytest.mark.parametrize("order", ["", "tri=number", "tri=-amount"])
def test_pages_are_turned_both_ways_without_a_gap(space: Space, owner: Browser, order: str) -> None:
    for n in range(5):
        made = make_invoice(space.company, number=f"N-{n}", total_with_vat=Decimal(n // 2))
        with tenant(company=space.company.pk):
            Invoice.objects.filter(pk=made.pk).update(issue_date=date(2026, 11, 1) + timedelta(days=n // 2))
    whole = numbers(owner.get(f"{own(space)}?{order}"))
    pages, token = [], None
    while True:
        page = owner.get(f"{own(space)}?{order}&par=2" + (f"&apres={token}" if token else ""))
        pages.append(page)
        token = page.context["table"].page.next
        assert (f"apres={token}" in page.content.decode()) == bool(token)
        if not token:
            break
    assert [number for page in pages for number in numbers(page)] == whole
    back = pages[-1].context["table"].page.previous
    assert numbers(owner.get(f"{own(space)}?{order}&par=2&avant={back}")) == whole[2:4]
    assert numbers(owner.get(f"{own(space)}?{order}&apres=zzz")) == whole


def test_firm_s_part_follows_the_invoice(space: Space) -> None:
    invoice = make_invoice(space.company, client=space.client, number="A-1", total_with_vat=Decimal("12.5"))
    with tenant(company=space.company.pk):
        Invoice.objects.filter(pk=invoice.pk).update(state=InvoiceState.DISPUTED)
        fatal = [{"rule": "BR-1", "severity": "fatal", "message": "x"}]
        InvoiceCheck.objects.create(
            company=space.company, invoice=invoice, rule_set="test", version="2", ran=True, findings=fatal
        )
        part = FirmInvoice.objects.get(invoice=invoice)
    assert (part.number, part.amount, part.invoice_state, part.verdict) == ("A-1", 125_000, "disputed", "errors")


@pytest.mark.usefixtures("two")
def test_sums_are_of_the_list_or_of_what_is_ticked(space: Space, administrator: Browser) -> None:
    with tenant(firm=space.cabinet.firm.pk):
        keys = {part.number: part.pk for part in FirmInvoice.objects.all()}
    assert "Liste, 2 factures" in text_of(administrator.post(firm(space, "totaux/")))
    ticked = text_of(administrator.post(firm(space, "totaux/"), {"ids": [keys["FA-2026/001"], "x"]}))
    assert "Sélection, 1 facture" in ticked
    assert "1 240,00" in ticked.replace("\u202f", " ")


@pytest.mark.usefixtures("two")
def test_workbook_holds_what_the_filter_finds(space: Space, administrator: Browser) -> None:
    answer = administrator.get(firm(space, "exporter/?q=lefevre"))
    sheet = load_workbook(BytesIO(answer.getvalue())).worksheets[0]
    rows = list(sheet.values)
    assert [row[0] for row in rows] == ["Numéro", "FA-2026/001"]
    assert rows[1][7:9] == (1240, "EUR")


def test_view_is_kept_opens_the_list_and_is_removed(space: Space, owner: Browser) -> None:
    owner.post(own(space, "vues/?etat=validated&apres=x"), {"nom": " Les  miennes ", "defaut": "1"})
    with tenant(company=space.company.pk):
        view = SavedView.objects.get()
    assert (view.name, view.query, view.is_default) == ("Les miennes", "etat=validated", True)
    assert owner.get(own(space))["Location"] == f"{own(space)}?etat=validated"
    stranger = signed_in(space.cabinet.administrator.user)
    stranger.post(own(space, "vues/"), {"supprimer": view.pk})
    assert "Donnez un nom" in text_of(owner.post(own(space, "vues/"), {"nom": " "}, follow=True))
    owner.post(own(space, "vues/"), {"supprimer": view.pk})
    with tenant(company=space.company.pk):
        assert not SavedView.objects.exists()


@pytest.mark.usefixtures("two")
def test_figures_of_accueil_open_their_lists(space: Space, administrator: Browser, owner: Browser) -> None:
    make_active_client(space.cabinet.firm)
    answer = administrator.get(firm(space, "chiffres/"))
    shown = [(fig["word"], fig["shown"]) for fig in answer.context["figs"]]
    assert shown == [("Reçues", "2"), ("À valider", "2"), ("À transférer", "0"), ("Avec erreurs", "0")]
    assert [len(numbers(administrator.get(fig["url"]))) for fig in answer.context["figs"]] == [2, 2, 0, 0]
    home = owner.get(f"/entreprises/{space.company.siren}/accueil/")
    assert [fig["shown"] for fig in home.context["figs"]] == ["2", "2", "0", "0", "0"]
