from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import RequestFactory
from django_tables2 import RequestConfig
from lxml import html
from pytest_django import DjangoAssertNumQueries

from common import tables
from common.typography import NBSP, NNBSP
from firms.models import Firm
from tests.factories import FirmFactory


@dataclass(frozen=True)
class Row:
    pk: str
    name: str
    siren: str = "453416687"
    status: str = "Actif"
    waiting: int = 0
    total: Decimal = Decimal("1240.00")
    currency: str = "EUR"


class RowTable(tables.Table):
    select = tables.CheckColumn(name_of=lambda row: row.name)
    name = tables.NameColumn(lambda row: f"/dossiers/{row.pk}/", verbose_name="Raison sociale")
    siren = tables.SirenColumn(verbose_name="SIREN")
    status = tables.StateColumn(verbose_name="Statut")
    waiting = tables.NumberColumn(verbose_name="À transférer")
    total = tables.AmountColumn(verbose_name="Total TTC")
    menu = tables.MenuColumn("dev/row_menu.html", name_of=lambda row: row.name)
    caption = "Dossiers"


def _shown(rows: list[Row], query: str = "", *, filtered: bool = False, per_page: int = 2) -> Any:
    request = RequestFactory().get(f"/{query}")
    table = RowTable(rows)
    table.filtered = filtered
    RequestConfig(request, paginate={"per_page": per_page}).configure(table)
    return html.fromstring(f"<div>{table.as_html(request)}</div>")


ROWS = [Row("1", "Premys", waiting=1248), Row("2", "Atelier <Nomade>"), Row("3", "Zen")]


def test_row_is_named_by_a_real_anchor() -> None:
    page = _shown(ROWS)

    assert [(link.get("href"), link.text) for link in page.xpath('//td//a[@class="name"]')] == [
        ("/dossiers/1/", "Premys"),
        ("/dossiers/2/", "Atelier <Nomade>"),
    ]


class MappedTable(tables.Table):
    name = tables.NameColumn(lambda _row: "/", accessor="owner__names__0", verbose_name="Nom")


def test_column_reads_keys_places_and_methods_as_well_as_attributes() -> None:
    rows = [{"owner": {"names": ["Premys"]}}, {"owner": lambda: {"names": ("Zen",)}}, {"owner": None}]
    table = MappedTable(rows)
    page: Any = html.fromstring(f"<table>{table.body()}</table>")
    assert [cell.text_content() for cell in page.xpath("//td")] == ["Premys", "Zen", "—"]


def test_cells_carry_their_heading_for_the_phone() -> None:
    cells = _shown(ROWS).xpath("//tbody/tr[1]/td[@data-label]")

    assert [(cell.get("data-label"), cell.text_content().strip()) for cell in cells] == [
        ("Raison sociale", "Premys"),
        ("SIREN", f"453{NNBSP}416{NNBSP}687"),
        ("Statut", "Actif"),
        ("À transférer", f"1{NNBSP}248"),
        ("Total TTC", f"1{NNBSP}240,00{NBSP}€"),
    ]


def test_heading_sorts_and_says_how_it_is_sorted() -> None:
    page = _shown(ROWS, "?tri=-name&page=2&q=x")
    heading = page.xpath("//th[@aria-sort]")

    assert [(cell.get("aria-sort"), cell.xpath("string(a)").strip()) for cell in heading] == [
        ("descending", "Raison sociale")
    ]
    assert heading[0].xpath("a/@href") == ["?tri=name&q=x"]


def test_foot_counts_at_the_left_and_turns_pages_at_the_right() -> None:
    page = _shown(ROWS, "?q=a")

    assert page.xpath('string(//div[@class="jf-foot"]/span[1])') == "1 – 2 sur 3"
    assert page.xpath('//nav[@aria-label="Pages"]//a/@href') == ["?q=a&page=2"]


def test_menu_and_box_name_their_row() -> None:
    page = _shown(ROWS)

    assert page.xpath("//tbody//td/label/input/@aria-label") == ["Choisir Premys", "Choisir Atelier <Nomade>"]
    assert page.xpath("//tbody//button[@data-bs-toggle]/@aria-label") == [
        "Actions pour Premys",
        "Actions pour Atelier <Nomade>",
    ]


def test_empty_list_says_whether_a_filter_is_why() -> None:
    pages = [_shown([], filtered=filtered) for filtered in (False, True)]

    assert [page.xpath("string(//h2)") for page in pages] == ["Rien ici pour l'instant", "Aucun résultat"]


def test_count_is_of_all_pages() -> None:
    table = RowTable(ROWS)
    table.paginate(per_page=2)

    assert table.count == 3


def test_pages_of_a_query_hold_each_row_once_and_the_last_one_stands_for_those_beyond(db: None) -> None:
    for number in range(7):
        FirmFactory.create(name=f"Cabinet {number % 2}")
    shown = [_paged(f"?tri=-name&page={page}&par=3") for page in (1, 2, 3, 9, 10**30, 0, "x")]

    pages = [[link.get("href") for link in page.xpath('//td//a[@class="name"]')] for page in shown]
    assert [len(page) for page in pages] == [3, 3, 1, 1, 1, 1, 3]
    assert len({*pages[0], *pages[1], *pages[2]}) == 7
    assert pages[3] == pages[4] == pages[5] == pages[2]
    assert [page.xpath('string(//div[@class="jf-foot"]/span[1])') for page in shown[2:4]] == ["7 – 7 sur 7"] * 2
    assert _paged("?tri=name&q=rien", name="nobody").xpath("string(//h2)") == "Rien ici pour l'instant"


class FirmTable(tables.Table):
    name = tables.NameColumn(lambda firm: f"/{firm.pk}/", verbose_name="Nom")


def _paged(query: str, **found: str) -> Any:
    request = RequestFactory().get(f"/{query}")
    table = FirmTable(Firm.objects.filter(**found))
    RequestConfig(request).configure(table)
    return html.fromstring(f"<div>{table.as_html(request)}</div>")


def test_page_is_found_and_read_by_two_queries(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    FirmFactory.create_batch(5)
    for query in ("", "?page=2&par=2", "?tri=-name"):
        with django_assert_num_queries(2):
            _paged(query)
