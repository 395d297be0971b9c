"""Deposits by API v1: whose, for whom, once for one `Idempotency-Key`, and every refusal a problem in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import Settings

from clients.enums import ClientStatus
from clients.models import Client
from common.tenancy import tenant
from exports.services.partner_deposits import Sent, deposit_by_key
from firms.enums import Scope
from firms.keys import find_key, issue_key
from invoices.enums import Channel
from invoices.models import Deposit, Parcel, PartnerDeposit
from invoices.services.processing import process
from tests.factories import Cabinet, make_active_client, make_cabinet, siren
from tests.invoices.conftest import SUPPLIER, bytes_of, typed
from tests.invoices.parcels import opened, pdf, zipped
from tests.together import together

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Partner:
    cabinet: Cabinet
    client: Client
    raw: str

    def call(self, path: str, *, raw: str | None = None, **headers: str) -> Any:
        return Browser().get(f"/api/v1/{path}", headers={"X-API-KEY": raw or self.raw, **headers})

    def deposit(
        self,
        data: bytes,
        *,
        name: str = "facture.pdf",
        raw: str | None = None,
        headers: Mapping[str, str] | None = None,
        **form: str,
    ) -> Any:
        return Browser().post(
            "/api/v1/deposits",
            {"file": SimpleUploadedFile(name, data), **form},
            headers={"X-API-KEY": raw or self.raw, **(headers or {})},
        )


@pytest.fixture
def partner(db: None) -> Partner:
    return make_partner()


def make_partner(**rules: Any) -> Partner:
    cabinet = make_cabinet()
    _key, raw = issue_key(cabinet.firm, name="Production", **rules)
    return Partner(cabinet, make_active_client(cabinet.firm), raw)


def problem(answer: Any) -> tuple[int, str]:
    """Its status and code, once it is seen to be a problem."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


def deposits_of(client: Client) -> list[tuple[str, str]]:
    with tenant(company=client.company_id):
        return sorted(Deposit.objects.values_list("file_name", "channel"))


def test_me_says_whose_key_it_is_and_what_it_may(partner: Partner) -> None:
    expected = {
        "firm": {"name": partner.cabinet.firm.name, "siret": partner.cabinet.firm.siret},
        "key": "Production",
        "scopes": ["read", "acknowledge", "deposit"],
        "limits": {"calls_per_minute": 6000, "file_bytes": 50 << 20, "archive_bytes": 200 << 20},
    }
    assert partner.call("me").json() == expected
    assert Browser().get("/api/v1/me", headers={"Authorization": f"Bearer {partner.raw}"}).json() == expected
    key = find_key(partner.raw)
    assert key is not None
    assert key.last_used_at is not None


def test_deposit_for_the_client_that_is_named_is_followed_to_its_invoice(partner: Partner) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=partner.client.siren))
    answer = partner.deposit(data, siren=partner.client.siren)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["state"], body["siren"], body["kind"], body["invoice"]) == (
        "received",
        partner.client.siren,
        "file",
        None,
    )
    process(body["id"])
    after = partner.call(f"deposits/{body['id']}").json()
    with tenant(company=partner.client.company_id):
        deposit = Deposit.objects.get()
    assert (after["state"], after["state_label"], after["invoice"], after["direction"]) == (
        "filed",
        "Classé",
        str(deposit.invoice_id),
        "AP",
    )
    assert (deposit.channel, deposit.firm_id) == (Channel.API, partner.cabinet.firm.pk)


@pytest.mark.parametrize("container", ["facturx", "cii", "ubl"])
def test_file_that_names_one_client_needs_no_siren(partner: Partner, container: str) -> None:
    data = bytes_of(typed(seller=partner.client.siren, buyer=SUPPLIER), container=container)
    assert partner.deposit(data).json()["siren"] == partner.client.siren


def test_siren_that_cannot_be_told_is_asked_for_and_nothing_is_kept(partner: Partner) -> None:
    second = make_active_client(partner.cabinet.firm)
    both = bytes_of(typed(seller=partner.client.siren, buyer=second.siren))
    foreign = bytes_of(typed(seller=SUPPLIER, buyer=make_active_client(make_cabinet().firm).siren))
    found = [problem(partner.deposit(data)) for data in (pdf("sans données"), both, foreign, b"rien")]
    needed = (422, "siren_needed")
    assert found == [needed, (422, "siren_ambiguous"), needed, needed]
    assert (deposits_of(partner.client), deposits_of(second)) == ([], [])


def test_what_is_asked_wrongly_is_a_problem(partner: Partner) -> None:
    other = make_partner()
    own = partner.client.siren
    archived = make_active_client(partner.cabinet.firm)
    with tenant(firm=partner.cabinet.firm.pk):
        Client.objects.filter(pk=archived.pk).update(status=ClientStatus.ARCHIVED)
    refused = [
        partner.deposit(pdf("x"), siren="123"),
        partner.deposit(pdf("x"), siren=siren(4242)),
        partner.deposit(pdf("x"), siren=other.client.siren),
        partner.deposit(pdf("x"), siren=archived.siren),
        partner.deposit(b"", siren=own),
        partner.deposit(pdf("x"), siren=own, headers={"Idempotency-Key": "k" * 256}),
        Browser().post("/api/v1/deposits", {"siren": own}, headers={"X-API-KEY": partner.raw}),
        Browser().post(
            "/api/v1/deposits", b"--x", content_type="multipart/form-data", headers={"X-API-KEY": partner.raw}
        ),
        Browser().put("/api/v1/deposits", headers={"X-API-KEY": partner.raw}),
        partner.call("nothing"),
        partner.call("deposits/12"),
        partner.call("me/"),
        Browser().get("/api/"),
    ]
    assert [problem(answer) for answer in refused] == [
        (422, "invalid_siren"),
        (404, "client_not_found"),
        (404, "client_not_found"),
        (404, "client_not_found"),
        (422, "invalid_file"),
        (422, "invalid_idempotency_key"),
        (422, "invalid_request"),
        (400, "bad_request"),
        (405, "bad_request"),
        (404, "not_found"),
        (404, "not_found"),
        (404, "not_found"),
        (404, "not_found"),
    ]


def test_key_that_may_not_is_refused(partner: Partner) -> None:
    firm = partner.cabinet.firm
    _key, reads = issue_key(firm, name="Lecture", scopes=[Scope.READ])
    _key, ended = issue_key(firm, name="Finie", expires_at=timezone.now() - timedelta(days=1))
    _key, elsewhere = issue_key(firm, name="Ailleurs", networks=["192.0.2.0/24"])
    own = partner.client.siren
    refused = [
        partner.deposit(pdf("x"), raw=reads, siren=own),
        partner.call(f"deposits/{uuid4()}", raw=reads),
        partner.deposit(pdf("x"), raw=ended, siren=own),
        partner.deposit(pdf("x"), raw=elsewhere, siren=own),
        partner.deposit(pdf("x"), raw="jf_inconnue", siren=own),
        partner.deposit(pdf("x"), siren=own, headers={"X-SOFTWARE-ID": str(uuid4())}),
        Browser().get("/api/v1/me"),
        Browser().get("/api/v1/me", headers={"Authorization": "Basic abc"}),
    ]
    assert [problem(answer) for answer in refused] == [
        (403, "scope_missing"),
        (403, "scope_missing"),
        (401, "unknown_key"),
        (403, "address_not_allowed"),
        (401, "unknown_key"),
        (403, "unknown_software"),
        (401, "missing_key"),
        (401, "missing_key"),
    ]
    assert deposits_of(partner.client) == []


def test_other_firm_s_deposit_and_a_missing_one_are_the_same(partner: Partner) -> None:
    other = make_partner()
    mine = partner.deposit(pdf("x"), siren=partner.client.siren).json()["id"]
    answers = [other.call(f"deposits/{pk}") for pk in (mine, uuid4())]
    assert [(problem(answer), answer.content) for answer in answers] == [((404, "not_found"), answers[0].content)] * 2
    with tenant(firm=partner.cabinet.firm.pk):
        Client.objects.filter(pk=partner.client.pk).update(status=ClientStatus.ARCHIVED)
    assert problem(partner.call(f"deposits/{mine}")) == (404, "not_found")


def test_too_many_calls_of_one_key_wait_and_without_redis_nobody_does(partner: Partner, settings: Settings) -> None:
    with patch("exports.api.keys.KEY_RATE", "2/m"):
        answers = [partner.call("me") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert problem(answers[2]) == (429, "too_many_calls")
        assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    settings.CACHES = {"default": {"BACKEND": "common.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    assert partner.call("me").status_code == 200


def test_same_key_and_same_body_is_one_deposit_and_another_body_is_refused(partner: Partner) -> None:
    once = {"Idempotency-Key": "envoi-1"}
    own = partner.client.siren
    first = partner.deposit(pdf("x"), siren=own, headers=once)
    again = partner.deposit(pdf("x"), siren=own, headers=once)
    assert (again.status_code, again.json()) == (202, first.json())
    for other in (
        partner.deposit(pdf("y"), siren=own, headers=once),
        partner.deposit(pdf("x"), siren=own, headers=once, name="autre.pdf"),
        partner.deposit(bytes_of(typed(seller=own, buyer=SUPPLIER)), headers=once),
    ):
        assert problem(other) == (422, "idempotency_key_reused")
    assert deposits_of(partner.client) == [("facture.pdf", "api")]
    # Another key's own: one firm's softwares know nothing of each other.
    _key, raw = issue_key(partner.cabinet.firm, name="Autre")
    assert partner.deposit(pdf("z"), raw=raw, siren=own, headers=once).status_code == 202


def test_call_that_failed_may_be_made_again_with_its_key(partner: Partner) -> None:
    once = {"Idempotency-Key": "envoi-1"}
    assert problem(partner.deposit(pdf("x"), headers=once)) == (422, "siren_needed")
    assert partner.deposit(pdf("x"), siren=partner.client.siren, headers=once).status_code == 202


def test_same_bytes_under_other_keys_are_one_deposit(partner: Partner) -> None:
    own = partner.client.siren
    ids = {partner.deposit(pdf("x"), siren=own, headers={"Idempotency-Key": str(n)}).json()["id"] for n in range(2)} | {
        partner.deposit(pdf("x"), siren=own).json()["id"]
    }
    assert len(ids) == 1
    assert deposits_of(partner.client) == [("facture.pdf", "api")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("idempotency_key", ["envoi-1", ""])
def test_four_at_once_are_one_deposit(idempotency_key: str) -> None:
    partner = make_partner()
    key = find_key(partner.raw)
    assert key is not None

    def call() -> UUID:
        sent = Sent(SimpleUploadedFile("f.pdf", pdf("x")), partner.client.siren, idempotency_key)
        return deposit_by_key(key, sent=sent).item.pk

    ids = together(*[call] * 4)

    assert ids == [ids[0]] * 4
    assert deposits_of(partner.client) == [("f.pdf", "api")]
    with tenant(firm=partner.cabinet.firm.pk):
        assert PartnerDeposit.objects.count() == (1 if idempotency_key else 4)


def test_archive_is_followed_with_its_files(partner: Partner) -> None:
    data = zipped([("F-1.pdf", pdf("1")), ("notes.txt", b"Bonjour")])
    sent = partner.deposit(data, siren=partner.client.siren, name="envoi.zip").json()
    assert (sent["kind"], sent["state"]) == ("archive", "received")
    with tenant(company=partner.client.company_id):
        parcel = Parcel.objects.get(pk=sent["id"])
    opened(parcel)
    after = partner.call(f"deposits/{sent['id']}").json()
    assert (after["state"], [each["name"] for each in after["skipped"]]) == ("opened", ["notes.txt"])
    (inside,) = after["deposits"]
    assert partner.call(f"deposits/{inside}").json()["file_name"] == "F-1.pdf"
    assert problem(make_partner().call(f"deposits/{inside}")) == (404, "not_found")


def test_description_and_reading_page_are_there_without_a_key() -> None:
    described = Browser().get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == {"/api/v1/me", "/api/v1/deposits", "/api/v1/deposits/{pk}"}
    page = Browser().get("/api/v1/docs")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert "unsafe" not in page.headers["Content-Security-Policy"]
