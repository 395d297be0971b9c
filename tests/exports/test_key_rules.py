"""What a key may do, from where and until when, as a software that calls comapi finds out."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from common.models import JournalEntry
from common.tenancy import tenant
from exports.api.keys import WRONG_KEY_RATE
from firms.enums import Scope
from firms.keys import find_key
from firms.models import ApiKey, Firm
from invoices.enums import FirmState
from tests.exports.comapi_client import Answer
from tests.exports.conftest import BAKERY, Partner
from tests.exports.factories import PDF, make_part, state_of

LIST = f"/comapi/v1/invoice/{BAKERY}/AP/Transfer"
OFFICE = ["203.0.113.7", "198.51.100.0/24", "2001:db8:7::/48"]


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> None:
    """The caller's address is the one that our proxy wrote."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def call_from(address: str, partner: Partner) -> Answer:
    return partner.api().call(LIST, **{"X-Forwarded-For": address})


def told(answer: Answer) -> tuple[int, str]:
    return answer.status, "" if answer.status == 200 else answer.data["error"]["code"]


def set_key(partner: Partner, **fields: object) -> None:
    ApiKey.objects.filter(pk=partner.a.key.pk).update(**fields)


def journal_of(firm: Firm) -> list[tuple[str, str, dict[str, object]]]:
    with tenant(firm=firm.pk):
        return list(JournalEntry.objects.order_by("id").values_list("action", "actor", "data"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("203.0.113.7", 200),
        ("203.0.113.8", 403),
        ("198.51.100.255", 200),
        ("198.51.101.0", 403),
        ("2001:db8:7:1::5", 200),
        ("2001:db8:8::5", 403),
        ("::ffff:203.0.113.7", 200),
        ("::ffff:203.0.113.8", 403),
        ("unknown", 403),
        ("203.0.113.7, 192.0.2.1", 403),  # what the caller itself claims stands before what the proxy saw
    ],
)
def test_key_is_accepted_from_its_addresses_alone(partner: Partner, address: str, status: int) -> None:
    set_key(partner, networks=OFFICE)
    answer = call_from(address, partner)
    assert told(answer) == ((200, "") if status == 200 else (403, "address_not_allowed"))


def test_key_of_another_firm_is_not_held_to_these_addresses(partner: Partner) -> None:
    set_key(partner, networks=OFFICE)
    assert partner.api(of=partner.b).call(LIST, **{"X-Forwarded-For": "192.0.2.1"}).status == 200


def test_refused_address_is_noted_once_an_hour_and_is_no_use(partner: Partner) -> None:
    set_key(partner, networks=OFFICE)
    for _ in range(2):
        assert told(call_from("192.0.2.1", partner)) == (403, "address_not_allowed")
    key = ApiKey.objects.get(pk=partner.a.key.pk)
    assert (key.refused_from, key.last_used_at) == ("192.0.2.1", None)
    line = ("api_key.refused", "Clé API « Clé principale »", {"refused_from": "192.0.2.1"})
    assert journal_of(partner.a.firm) == [line]
    set_key(partner, refused_at=timezone.now() - timedelta(minutes=61))
    call_from("2001:db8:8::5", partner)
    assert [data for _action, _actor, data in journal_of(partner.a.firm)] == [
        {"refused_from": "192.0.2.1"},
        {"refused_from": "2001:db8:8::5"},
    ]
    assert journal_of(partner.b.firm) == []


def test_refused_address_is_slowed_down_and_the_office_is_not(partner: Partner) -> None:
    set_key(partner, networks=OFFICE)
    codes = [call_from("192.0.2.1", partner).status for _ in range(int(WRONG_KEY_RATE.split("/")[0]) + 1)]
    assert codes == [403] * (len(codes) - 1) + [429]
    assert call_from("203.0.113.7", partner).status == 200


def test_key_works_until_its_end(partner: Partner) -> None:
    set_key(partner, expires_at=timezone.now() + timedelta(minutes=1))
    assert told(call_from("192.0.2.1", partner)) == (200, "")
    set_key(partner, expires_at=timezone.now() - timedelta(seconds=1))
    assert told(call_from("192.0.2.1", partner)) == (401, "unknown_key")
    assert find_key(partner.a.raw_key) is None


@pytest.mark.parametrize(
    ("scopes", "state"),
    [([Scope.READ], FirmState.TO_TRANSFER), ([Scope.READ, Scope.ACKNOWLEDGE], FirmState.TRANSFERRED)],
)
def test_download_acknowledges_where_the_key_may(partner: Partner, scopes: list[str], state: FirmState) -> None:
    set_key(partner, scopes=scopes)
    part = make_part(partner.client)
    [listed] = partner.api().files(BAKERY, "AP", "Transfer")
    assert partner.api().download(listed["downloadurl"]) == PDF
    assert state_of(part) == state
