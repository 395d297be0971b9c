"""« Journal »: what it is narrowed to, and its workbook; never a line of another firm's."""

import io
import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from clients.models import Client
from common.journal import ASSISTANCE, SYSTEM, Actor, record
from common.models import JournalEntry
from common.tenancy import tenant
from common.xlsx import CONTENT_TYPE
from firms import journal_export
from firms.journal_words import _ACTIONS, FAMILIES
from tests.browsing import signed_in, text_of
from tests.factories import Cabinet, make_cabinet, make_client

pytestmark = pytest.mark.django_db

HEADER = ["Date", "Qui", "Action", "Sur", "Avant → après", "Depuis", "Référence", "Identifiant de la ligne"]


def write(cabinet: Cabinet, actor: Actor, action: str, at: str, on: Client | None = None, **data: Any) -> None:
    """A line of that moment (Paris is an hour ahead): the application adds it whole, and changes none."""
    with tenant(firm=cabinet.firm.pk):
        record(actor, action, on, **data)
        line = JournalEntry.objects.order_by("-id")[0]
        line.pk, line.uid, line.at = None, uuid4(), datetime.fromisoformat(at).replace(tzinfo=UTC)
        line.reference = "vu"
        line.save(force_insert=True)


@pytest.fixture
def cabinet() -> Cabinet:
    """Lines A to E of this firm, and the same of another."""
    mine, other = make_cabinet(), make_cabinet()
    for cabinet in (other, mine):
        bakery = make_client(cabinet.firm, name="Boulangerie Élan", pk=uuid4())
        write(cabinet, cabinet.administrator, "client.created", "2026-03-01T10:00", bakery, code="A")
        write(cabinet, cabinet.assigned, "client.updated", "2026-03-02T10:00", bakery, code="B")
        write(cabinet, SYSTEM, "invitation.expired", "2026-03-03T22:59", bakery, code="C")
        write(cabinet, ASSISTANCE, "firm.opened", "2026-03-03T23:00", code="D")
        write(cabinet, cabinet.administrator, "import.done", "2026-03-05T10:00", code="E")
    return mine


def address(cabinet: Cabinet, page: str = "") -> str:
    return f"/cabinets/{cabinet.firm.siret}/journal/{page}"


def listed(cabinet: Cabinet, query: str) -> str:
    """The letters of the lines shown, those of the fixture alone."""
    page = signed_in(cabinet.administrator.user).get(address(cabinet, query))
    return "".join(re.findall(r"code dossier : ([A-E])\b", text_of(page)))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # The moment now is not that of the fixture: each line's original is of today.
        ("?au=2026-12-31&du=2026-03-01&q=rien", ""),
        ("?au=2026-03-31", "EDCBA"),
        ("?du=2026-03-02&au=2026-03-03", "CB"),
        ("?du=2026-03-04&au=2026-03-31", "ED"),
        ("?au=2026-03-31&qui=systeme", "C"),
        ("?au=2026-03-31&qui=assistance", "D"),
        ("?au=2026-03-31&famille=dossiers", "EBA"),
        ("?au=2026-03-31&famille=invitations", "C"),
        ("?au=2026-03-31&q=boulangerie+elan", "CBA"),
        ("?au=2026-03-31&q=modifié", "B"),
        ("?au=2026-03-31&q=Assistance", "D"),
        ("?au=2026-02-28", ""),
        # What is not understood finds nothing.
        ("?du=hier", ""),
        ("?du=0001-01-01", ""),
        ("?au=9999-12-31", ""),
        ("?qui=roi", ""),
        ("?famille=tout", ""),
        ("?objet=rien", ""),
    ],
)
def test_journal_is_narrowed_by_person_family_dates_and_words(cabinet: Cabinet, query: str, found: str) -> None:
    assert listed(cabinet, query) == found


def test_journal_is_narrowed_to_a_member_and_never_to_another_firms(cabinet: Cabinet) -> None:
    other = make_cabinet()
    write(other, other.administrator, "client.created", "2026-03-01T10:00", code="A")
    members = (cabinet.administrator, cabinet.assigned, cabinet.unassigned, other.administrator)
    found = [listed(cabinet, f"?au=2026-03-31&qui={member.user_id}") for member in members]
    assert found == ["EA", "B", "", ""]


def test_journal_is_narrowed_to_an_object_by_its_link(cabinet: Cabinet) -> None:
    page = signed_in(cabinet.administrator.user).get(address(cabinet, "?au=2026-03-31")).content.decode()
    links = set(re.findall(r'href="(\?objet=[0-9a-f-]{36})"', page))
    (link,) = links
    narrowed = text_of(signed_in(cabinet.administrator.user).get(address(cabinet, f"{link}&au=2026-03-31")))
    assert "Retirer le filtre Sur : Boulangerie Élan" in narrowed
    assert "Retirer le filtre Au : 31/03/2026" in narrowed
    assert listed(cabinet, f"{link}&au=2026-03-31") == "CBA"

    stranger = make_cabinet()
    assert listed(stranger, link) == ""
    page = text_of(signed_in(stranger.administrator.user).get(address(stranger, link)))
    assert "Aucun résultat" in page
    assert "Boulangerie" not in page


def test_journal_without_a_line_says_so_and_one_without_a_result_too(cabinet: Cabinet) -> None:
    empty = make_cabinet()
    assert "Rien ici pour l'instant" in text_of(signed_in(empty.administrator.user).get(address(empty)))
    nothing = text_of(signed_in(cabinet.administrator.user).get(address(cabinet, "?q=introuvable")))
    assert "Aucun résultat" in nothing
    assert "Exporter" not in nothing


def test_pages_keep_the_filters(cabinet: Cabinet) -> None:
    # All of one moment: the order is then that of writing.
    for number in range(120):
        write(cabinet, SYSTEM, "invoice.filed", "2026-04-01T10:00", number=f"n° {number}")
    browser, seen = signed_in(cabinet.administrator.user), []
    query: str | None = "?famille=factures&au=2026-04-30"
    while query is not None:
        page = browser.get(address(cabinet, query)).content.decode()
        seen += [int(number) for number in re.findall(r"n° (\d+)", page)]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        query = found[1].replace("&amp;", "&") if found else None
    assert seen == list(reversed(range(120)))


def rows_of(answer: Any) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_name("Journal")
    header, *rows = ([str(cell) for cell in row] for row in sheet.to_python())
    assert header == HEADER
    return rows


def test_workbook_holds_what_the_filters_find_and_the_journal_says_so(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_export, "_AT_ONCE", 2)  # several transactions
    answer = signed_in(cabinet.administrator.user).get(address(cabinet, "exporter/?au=2026-03-31&famille=dossiers"))

    assert answer.headers["Content-Type"] == CONTENT_TYPE
    rows = rows_of(answer)
    assert [row[:6] for row in rows] == [
        ["05/03/2026 11:00", str(cabinet.administrator.user), "Import de clients terminé", "", "code dossier : E", ""],
        [
            "02/03/2026 11:00",
            str(cabinet.assigned.user),
            "Dossier client modifié",
            "Boulangerie Élan",
            "code dossier : B",
            "",
        ],
        [
            "01/03/2026 11:00",
            str(cabinet.administrator.user),
            "Dossier client créé",
            "Boulangerie Élan",
            "code dossier : A",
            "",
        ],
    ]
    with tenant(firm=cabinet.firm.pk):
        line = JournalEntry.objects.get(action="journal.exported")
        assert {str(entry.uid) for entry in JournalEntry.objects.filter(at__month=3)} > {row[7] for row in rows}
    assert (line.actor, line.data) == (
        str(cabinet.administrator.user),
        {"filters": "Action\u00a0: Dossiers clients · Au\u00a0: 31/03/2026"},
    )


def test_workbook_says_where_it_had_to_end(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_export, "MOST", 2)
    rows = rows_of(signed_in(cabinet.administrator.user).get(address(cabinet, "exporter/?au=2026-03-31")))
    assert [(row[0], row[2]) for row in rows] == [
        ("05/03/2026 11:00", "Import de clients terminé"),
        ("04/03/2026 00:00", "Cabinet ouvert dans jefacture"),
        ("…", ""),
    ]


def test_no_cell_of_the_workbook_is_a_formula(cabinet: Cabinet) -> None:
    evil = make_client(cabinet.firm, name='=HYPERLINK("http://x")', pk=uuid4())
    write(cabinet, cabinet.administrator, "client.created", "2026-05-05T10:00", evil)
    (row,) = rows_of(
        signed_in(cabinet.administrator.user).get(address(cabinet, "exporter/?du=2026-05-05&au=2026-05-05"))
    )
    assert row[3] == '\'=HYPERLINK("http://x")'


@pytest.mark.parametrize("page", ["", "exporter/"])
def test_journal_and_its_workbook_are_for_administrators(cabinet: Cabinet, page: str) -> None:
    assert signed_in(cabinet.assigned.user).get(address(cabinet, page)).status_code == 403
    assert signed_in(make_cabinet().administrator.user).get(address(cabinet, page)).status_code == 404


@pytest.mark.parametrize("lines", [1, 3])
def test_narrowed_journal_takes_the_same_queries(lines: int, django_assert_num_queries: Any) -> None:
    cabinet = make_cabinet()
    with tenant(firm=cabinet.firm.pk):
        for _ in range(lines):
            record(cabinet.administrator, "client.created", cabinet.client)
    browser = signed_in(cabinet.administrator.user)
    query = f"?q=dossier&qui={cabinet.administrator.user_id}&famille=dossiers&objet={cabinet.client.pk}"
    browser.get(address(cabinet, query))
    with django_assert_num_queries(10):
        assert browser.get(address(cabinet, query)).content.count(b"Dossier client cr") == lines


def test_every_action_is_of_a_family() -> None:
    prefixes = [prefix for _label, these in FAMILIES.values() for prefix in these]
    assert sorted(prefixes) == sorted(set(prefixes))
    assert {action.partition(".")[0] for action in _ACTIONS} <= set(prefixes)


def test_words_typed_here_are_not_those_of_the_search_for_clients(cabinet: Cabinet) -> None:
    browser = signed_in(cabinet.administrator.user)
    journal = browser.get(address(cabinet, "?q=Tournevis")).content.decode()
    clients = browser.get(f"/cabinets/{cabinet.firm.siret}/clients/?q=Tournevis").content.decode()
    assert [page.count('value="Tournevis"') for page in (journal, clients)] == [1, 2]
