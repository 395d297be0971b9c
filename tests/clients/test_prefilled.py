"""« Modèle pré-rempli avec mes clients »: what the member sees, and nothing changes when it comes back as it is."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus, ImportSource, ImportState
from clients.importing.run import run_import
from clients.models import ImportJob
from clients.services import start_import
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership
from tests.clients.browsing import address, browser_of
from tests.factories import Cabinet, assign_to, make_client, siren

PREFILLED = "importer/modele/mes-clients/"
WHOLE: dict[str, Any] = {
    "name": "=Société « Le Nœud » & fils", "siren": "005520135", "siret": "", "vat_number": "FR32005520135",
    "street": "12 rue du Port, Bât. B", "postal_code": "01000", "city": "Bourg-en-Bresse", "country": "FR",
    "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP", "language": "nl", "contact_last_name": "O’Brien",
    "contact_first_name": "Zoé", "contact_email": "zoe@exemple.fr", "contact_phone": "+32 2 123 45 67", "code": "00012",
}  # fmt: skip


def prefilled(cabinet: Cabinet, member: Membership) -> bytes:
    answer = browser_of(member).get(address(cabinet, PREFILLED))
    assert answer["Content-Disposition"] == 'attachment; filename="mes-clients-jefacture.xlsx"'
    return bytes(answer.content)


def names(content: bytes) -> list[str]:
    rows = load_workbook(io.BytesIO(content))["Clients"].iter_rows(min_row=2, max_col=1, values_only=True)
    return [str(name) for (name,) in rows]


def imported(member: Membership, content: bytes) -> ImportJob:
    job = start_import(member, source=ImportSource.FILE, file_name="mes-clients.xlsx", chunks=(content,))
    run_import(job.pk)
    with tenant(firm=member.firm_id):
        return ImportJob.objects.get(pk=job.pk)


def test_it_holds_what_the_member_sees(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    make_client(cabinet.firm, name="Alpha")
    make_client(other_cabinet.firm, name="Autre")
    assert names(prefilled(cabinet, cabinet.administrator)) == ["Alpha", cabinet.client.name]
    assert names(prefilled(cabinet, cabinet.assigned)) == [cabinet.client.name]


def test_member_without_clients_gets_the_template_with_its_example(cabinet: Cabinet) -> None:
    assert names(prefilled(cabinet, cabinet.unassigned)) == ["EXEMPLE Boulangerie du Port"]


def test_coming_back_as_it_is_it_changes_nothing(cabinet: Cabinet) -> None:
    whole = make_client(cabinet.firm, **WHOLE)
    make_client(cabinet.firm, name="Belge", country="BE", postal_code="1000", vat_number="BE0403019261")
    make_client(cabinet.firm, name="Archivé", status=ClientStatus.ARCHIVED, siren=siren(9_999))
    for member in (cabinet.assigned, cabinet.unassigned):
        assign_to(whole, member)
    Membership.objects.filter(pk=cabinet.unassigned.pk).update(status=MembershipStatus.DISABLED)
    content = prefilled(cabinet, cabinet.administrator)
    job = imported(cabinet.administrator, content)
    assert (job.state, job.reason) == (ImportState.READY, "")
    assert {action: count for action, count in job.counts.items() if count} == {"unchanged": 4}
    (row,) = [row for row in load_workbook(io.BytesIO(content))["Clients"].values if row[5] == WHOLE["siren"]]
    assert (row[4], row[10], row[16]) == ("France", "néerlandais", cabinet.assigned.user.contact_email)


@pytest.mark.parametrize("clients", [1, 3])
def test_it_costs_the_same_whatever_its_length(
    cabinet: Cabinet, clients: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(clients - 1):
        assign_to(make_client(cabinet.firm), cabinet.assigned)
    browser = browser_of(cabinet.administrator)
    browser.get(address(cabinet, PREFILLED))
    with django_assert_num_queries(9):
        browser.get(address(cabinet, PREFILLED))
