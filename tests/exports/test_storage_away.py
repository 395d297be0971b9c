"""A storage that does not answer: each API says in its own way that it may be asked again, and nothing has changed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from common.tenancy import tenant
from invoices.enums import FirmState
from invoices.models import Deposit, PartnerDeposit
from jefacture.settings.storage import storage_of
from tests.exports.conftest import BAKERY, Partner
from tests.exports.factories import make_part, state_of
from tests.services import free_port


def take_away(settings: Any) -> None:
    keys = "region_name=eu-west-3&access_key=essai&secret_key=essai"
    nobody = storage_of(f"s3://factures?endpoint_url=http://127.0.0.1:{free_port()}&{keys}")
    settings.STORAGES = {**settings.STORAGES, "default": nobody}


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_download_is_503_and_moves_nothing(partner: Partner, settings: Any, accept: str) -> None:
    part = make_part(partner.client)
    take_away(settings)
    path = f"/comapi/invoice/download/{BAKERY}/AP/Transfer/{part.file_name}"
    answer = partner.api().call(path, Accept=accept)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert answer.data["error"]["code"] == "storage_away"
    assert state_of(part) == FirmState.TO_TRANSFER


def test_deposit_is_503_and_keeps_nothing(partner: Partner, settings: Any) -> None:
    take_away(settings)
    answer = Browser().post(
        "/api/v1/deposits",
        {"file": SimpleUploadedFile("facture.pdf", b"%PDF-1.7"), "siren": BAKERY},
        headers={"X-API-KEY": partner.a.raw_key, "Idempotency-Key": "envoi-1"},
    )
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "storage_away"
    with tenant(firm=partner.client.firm_id, company=partner.client.company_id):
        assert [Deposit.objects.count(), PartnerDeposit.objects.count()] == [0, 0]
