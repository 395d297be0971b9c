"""« Partenaires »: what to copy, who has called, what waits."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from common.tenancy import tenant
from exports.models import PartnerCall
from firms.keys import issue_key
from firms.models import PartnerSoftware
from tests.browsing import text_of
from tests.exports.conftest import browser_of, page
from tests.exports.factories import make_part, make_software
from tests.factories import Cabinet, assign_to, make_active_client

pytestmark = pytest.mark.django_db


def test_partners_lists_the_known_software_with_ids_to_copy(cabinet: Cabinet) -> None:
    answer = browser_of(cabinet.assigned).get(page(cabinet, "partenaires/"))
    names = [partner.software.name for partner in answer.context["partners"]]
    assert names == ["ACD", "EBP", "MyUnisoft", "Transfertfact", "Autre logiciel"]
    assert str(PartnerSoftware.objects.get(slug="acd").pk) in text_of(answer)
    assert answer.context["base_address"] == "http://testserver/comapi"


def test_partners_hides_disabled_software(cabinet: Cabinet) -> None:
    make_software(slug="ancien", enabled=False)
    answer = browser_of(cabinet.administrator).get(page(cabinet, "partenaires/"))
    assert "Ancien" not in text_of(answer)


def test_partners_tells_own_last_call_only(cabinet: Cabinet, other: Cabinet) -> None:
    acd, ebp = PartnerSoftware.objects.get(slug="acd"), PartnerSoftware.objects.get(slug="ebp")
    now = timezone.now()
    for of, software, at in ((cabinet, acd, now - timedelta(days=1)), (cabinet, acd, now), (other, ebp, now)):
        key, _raw = issue_key(of.firm, name="Clé")
        with tenant(firm=of.firm.pk):
            PartnerCall.objects.create(firm=of.firm, key=key, software=software, last_at=at)
    answer = browser_of(cabinet.administrator).get(page(cabinet, "partenaires/"))
    calls = {partner.software.slug: partner.last_call for partner in answer.context["partners"]}
    assert (calls["acd"], calls["ebp"]) == (now, None)


def test_partners_counts_what_waits_for_the_clients_that_the_member_sees(cabinet: Cabinet, other: Cabinet) -> None:
    mine, hidden = make_active_client(cabinet.firm), make_active_client(cabinet.firm)
    assign_to(mine, cabinet.assigned)
    for number, client in enumerate((mine, hidden, make_active_client(other.firm))):
        make_part(client, number=f"F-{number}")
    make_part(mine, number="F-9", state="transferred")  # type: ignore[arg-type] # a value of FirmState
    waiting = [
        browser_of(member).get(page(cabinet, "partenaires/")).context["waiting"]
        for member in (cabinet.administrator, cabinet.assigned, cabinet.unassigned)
    ]
    assert waiting == [2, 1, 0]


@pytest.mark.parametrize("rows", [1, 3])
def test_partners_cost_the_same_number_of_queries(
    cabinet: Cabinet, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_software(slug=f"logiciel-{number}")
    browser = browser_of(cabinet.assigned)
    browser.get(page(cabinet, "partenaires/"))  # notes the entry into the firm
    with django_assert_num_queries(10):
        answer = browser.get(page(cabinet, "partenaires/"))
    assert len(answer.context["partners"]) == rows + 5
