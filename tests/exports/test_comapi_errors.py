"""Every error of comapi is JSON with a code; never HTML, never a redirect."""

from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from common.tenancy import tenant
from exports.api.keys import WRONG_KEY_RATE
from exports.selectors.pull import outgoing_file
from firms.models import ApiKey
from invoices.enums import FirmState
from tests.exports.comapi_client import Answer, ComapiClient, in_process
from tests.exports.conftest import BAKERY, Partner
from tests.exports.factories import make_client, make_part, make_software, state_of

LIST = f"/comapi/v1/invoice/{BAKERY}/AP/Transfer"


def refusal(answer: Answer) -> tuple[int, str]:
    """Status and code of a well-formed error."""
    assert answer.headers["Content-Type"] == "application/json"
    assert [list(answer.data), list(answer.data["error"])] == [["error"], ["code", "message"]]
    assert not {"Set-Cookie", "Location"} & set(answer.headers)
    assert answer.headers["Content-Length"] == str(len(answer.body))
    return answer.status, answer.data["error"]["code"]


@pytest.mark.parametrize("path", [LIST, "/comapi/enterprise", f"/comapi/invoice/download/{BAKERY}/AP/Transfer/x.pdf"])
def test_key_absent_or_unknown_is_401(partner: Partner, path: str) -> None:
    software = {"X-SOFTWARE-ID": str(partner.software.pk)}
    wrong = {**software, "X-API-KEY": "jf_wrong"}
    assert [refusal(in_process("GET", path, headers)) for headers in (software, wrong)] == [
        (401, "missing_key"),
        (401, "unknown_key"),
    ]


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
def test_key_revoked_or_expired_is_401(partner: Partner, field: str) -> None:
    ApiKey.objects.filter(pk=partner.a.key.pk).update(**{field: timezone.now()})
    assert refusal(partner.api().call(LIST)) == (401, "unknown_key")


def test_software_absent_unknown_disabled_or_another_s_is_403(partner: Partner) -> None:
    disabled = make_software(slug="ancien", enabled=False)

    def told(software_id: str) -> tuple[int, str]:
        return refusal(ComapiClient(in_process, partner.a.raw_key, software_id).call(LIST))

    assert [told(""), told("no-uuid"), told(str(uuid4())), told(str(disabled.pk))] == [
        (403, "missing_software"),
        (403, "unknown_software"),
        (403, "unknown_software"),
        (403, "unknown_software"),
    ]
    ApiKey.objects.filter(pk=partner.a.key.pk).update(software=make_software(slug="autre-essai"))
    assert told(str(partner.software.pk)) == (403, "wrong_software")


def test_key_without_the_read_scope_is_403(partner: Partner) -> None:
    ApiKey.objects.filter(pk=partner.a.key.pk).update(scopes=["deposit"])
    assert refusal(partner.api().call(LIST)) == (403, "scope_missing")


@pytest.mark.parametrize(
    "path",
    [
        "/comapi",
        "/comapi/",
        "/comapi/v1",
        "/comapi/v2/enterprise",
        "/comapi/v1/enterprises",
        f"/comapi/v1/invoice/{BAKERY}",
        f"/comapi/v1/invoice/{BAKERY}/AP/Transfer/more/and/more",
        f"/comapi/v1/invoice/{BAKERY}/XX/Transfer",
        f"/comapi/v1/invoice/{BAKERY}/AP/Waiting",
        "/comapi/v1/invoice/12345678/AP/Transfer",
        "/comapi/v1/invoice/abc/AP/Transfer",
        "/comapi/v1/invoice/5521\x0000554/AP/Transfer",
        f"/comapi/invoice/download/{BAKERY}/AP/Transfer/x.pdf",
        f"/comapi/invoice/download/{BAKERY}/AP/Transfer/x\x00.pdf",
        f"/comapi/invoice/download/{BAKERY}/AP/Waiting/x.pdf",
    ],
)
def test_address_that_leads_nowhere_is_404(partner: Partner, path: str) -> None:
    assert refusal(partner.api().call(path)) == (404, "not_found")


@pytest.mark.parametrize("status", [s for s in ClientStatus if s != ClientStatus.ACTIVE])
def test_client_file_that_is_not_active_is_404(partner: Partner, status: ClientStatus) -> None:
    make_client(partner.a.firm, siren="732829320", status=status)
    assert refusal(partner.api().call("/comapi/v1/invoice/732829320/AP/Transfer")) == (404, "not_found")


@pytest.mark.parametrize("state", [FirmState.PENDING, FirmState.CLOSED])
def test_invoice_that_is_not_to_transfer_is_404(partner: Partner, state: FirmState) -> None:
    part = make_part(partner.client, state=state)
    path = f"/comapi/invoice/download/{BAKERY}/AP/Transfer/{part.file_name}"
    assert refusal(partner.api().call(path)) == (404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_method_is_405(partner: Partner, method: str) -> None:
    answer = partner.api().call(LIST, method=method)
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_lost_file_is_500_and_moves_nothing(partner: Partner) -> None:
    part = make_part(partner.client)
    with tenant(firm=part.firm_id):
        file = outgoing_file(part)
    assert file
    default_storage.delete(file.stored_as)
    path = f"/comapi/invoice/download/{BAKERY}/AP/Transfer/{part.file_name}"
    assert refusal(partner.api().call(path)) == (500, "server_error")
    assert state_of(part) == FirmState.TO_TRANSFER


def test_http_where_the_site_is_https_is_403_not_a_redirect(partner: Partner) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert refusal(partner.api().call(LIST)) == (403, "https_required")


def test_host_that_is_not_ours_is_400(partner: Partner) -> None:
    assert refusal(partner.api().call(LIST, Host="elsewhere.test")) == (400, "bad_request")


def test_session_cookie_is_ignored_and_none_is_set(partner: Partner) -> None:
    answer = partner.api().call("/comapi/v1/enterprise", Cookie="jefacture_session=abc")
    assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)


def test_wrong_keys_of_one_address_are_slowed_down_and_right_ones_are_not(partner: Partner) -> None:
    wrong = ComapiClient(in_process, "jf_wrong", str(partner.software.pk))
    answers = [wrong.call(LIST) for _ in range(int(WRONG_KEY_RATE.split("/")[0]) + 1)]
    assert [answer.status for answer in answers] == [401] * (len(answers) - 1) + [429]
    assert refusal(answers[-1]) == (429, "too_many_calls")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert partner.api().call(LIST).status == 200


def test_calls_are_served_while_redis_is_away(partner: Partner) -> None:
    nowhere = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    with override_settings(CACHES=nowhere):
        assert partner.api().call(LIST).status == 200
        wrong = ComapiClient(in_process, "jf_wrong", str(partner.software.pk))
        assert refusal(wrong.call(LIST)) == (401, "unknown_key")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_number_of_queries(
    partner: Partner, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_part(partner.client, number=f"F-{number}")
    for number in range(rows - 1):
        make_client(partner.a.firm, siren=f"10000000{number}")
    # Key, software, last call and the list, in a tenant (savepoint, settings, settings, release); the list of files
    # also looks its client up and has a tenant of its own.
    partner.api().enterprises()  # the first call of a minute also writes when it came
    with django_assert_num_queries(8):
        assert len(partner.api().enterprises()) == rows
    with django_assert_num_queries(13):
        assert len(partner.api().files(BAKERY, "AP", "Transfer")) == rows
