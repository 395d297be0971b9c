"""« Exporter »: what the list finds, as a workbook that the import reads back, made and sent piece by piece."""

import io
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from clients.enums import ClientStatus
from clients.importing.columns.registry import COLUMNS
from clients.selectors import clients_visible_to
from clients.services import export_clients
from common.models import JournalEntry
from common.tenancy import tenant
from common.xlsx import CONTENT_TYPE
from firms.models import Membership
from tests.clients.browsing import address, browser_of
from tests.clients.crowd import add_many_clients
from tests.factories import Cabinet, assign_to, make_active_client, make_client

pytestmark = pytest.mark.django_db


def _rows(answer: Any) -> list[dict[str, str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_name("Clients")
    header, *rows = ([str(cell) for cell in row] for row in sheet.to_python())
    assert header == [*(column.label for column in COLUMNS), "Statut"]
    return [dict(zip(header, row, strict=True)) for row in rows]


def _exported(member: Membership, cabinet: Cabinet, query: str = "") -> list[dict[str, str]]:
    return _rows(browser_of(member).get(address(cabinet, f"exporter/{query}")))


def test_workbook_holds_each_column_of_the_import_and_the_status(cabinet: Cabinet) -> None:
    client = make_active_client(
        cabinet.firm,
        name="Électricité & Fils <sarl>",
        street="1 rue Haute",
        postal_code="01000",
        city="Bourg",
        country="BE",
        language="de",
        contact_phone="04 74 00 00 00",
        code="007",
    )
    assign_to(client, cabinet.assigned)
    assign_to(client, cabinet.unassigned)

    answer = browser_of(cabinet.administrator).get(address(cabinet, "exporter/?q=electricite"))
    (row,) = _rows(answer)

    assert answer.headers["Content-Type"] == CONTENT_TYPE
    assert {name: value for name, value in row.items() if value} == {
        "Raison sociale": "Électricité & Fils <sarl>",
        "SIREN": client.siren,
        "Adresse": "1 rue Haute",
        "Code postal": "01000",
        "Ville": "Bourg",
        "Pays": "Belgique",
        "Langue": "allemand",
        "E-mail du contact": client.contact_email,
        "Téléphone": "04 74 00 00 00",
        "Code dossier": "007",
        "Collaborateurs affectés (e-mails)": (
            f"{cabinet.assigned.user.contact_email}, {cabinet.unassigned.user.contact_email}"
        ),
        "Statut": "Actif",
    }


def test_workbook_holds_what_the_filter_finds_in_the_order_of_the_list(
    cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    for number, code in enumerate("BCA"):
        client = make_client(cabinet.firm, name=f"Dossier {number}", code=code, status=ClientStatus.INVITED)
        assign_to(client, cabinet.unassigned)
    make_client(other_cabinet.firm, name="Dossier ailleurs", status=ClientStatus.INVITED)

    exported = {
        who: [row["Raison sociale"] for row in _exported(who, cabinet, "?statut=invited&tri=-code&par=1&page=2")]
        for who in (cabinet.administrator, cabinet.unassigned, cabinet.assigned)
    }

    assert exported == {
        cabinet.administrator: ["Dossier 1", "Dossier 0", "Dossier 2"],
        cabinet.unassigned: ["Dossier 1", "Dossier 0", "Dossier 2"],
        cabinet.assigned: [],
    }


def test_no_cell_is_a_formula(cabinet: Cabinet) -> None:
    make_client(
        cabinet.firm, name='=HYPERLINK("https://voleur.test")', code="\t@SOMME(1)", city="+33\x0bx", street="-2+3"
    )

    (row,) = _exported(cabinet.administrator, cabinet, "?q=voleur")

    assert [row[name] for name in ("Raison sociale", "Code dossier", "Ville", "Adresse")] == [
        """'=HYPERLINK("https://voleur.test")""",
        "'@SOMME(1)",
        "'+33x",
        "'-2+3",
    ]


def test_export_is_in_the_journal(cabinet: Cabinet) -> None:
    browser_of(cabinet.assigned).get(address(cabinet, "exporter/")).getvalue()

    with tenant(firm=cabinet.firm.pk):
        assert list(JournalEntry.objects.values_list("action", "data", "person_id")) == [
            ("client.exported", {"clients": 1}, cabinet.assigned.user_id)
        ]


def test_rows_are_read_a_thousand_at_a_time_as_they_are_sent(
    cabinet: Cabinet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_many_clients(cabinet.assigned, count=2_500)
    with tenant(firm=cabinet.firm.pk):
        keys = list(clients_visible_to(cabinet.administrator).values_list("pk", flat=True))
    with django_assert_num_queries(5):
        pieces = export_clients(cabinet.administrator, keys=keys)
    with django_assert_num_queries(3 * 6):
        sizes = [len(piece) for piece in pieces]

    assert len(sizes) == 7  # a piece per 500 rows, and the end
    assert max(sizes) < 80_000
