"""The storage as a bucket: the same product on a real S3 server, one that is away, and one whose bucket is missing."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from common import vault
from common.chains import seal_all
from common.tenancy import tenant
from exports.services.firm_export import run_export, start_export
from firms.keys import issue_key
from invoices.models import Deposit, InvoiceFile
from invoices.services.decisions import validate
from jefacture.embedded.processes import spawn, wait_until
from jefacture.settings.storage import storage_of
from tests.browsing import signed_in
from tests.exports.comapi_client import ComapiClient, in_process
from tests.exports.factories import make_software
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.verifying import verify
from tests.services import free_port

BUCKET = "jefacture-essai"
_KEYS = {"region_name": "eu-west-3", "access_key": "essai", "secret_key": "essai"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server of its own process, with one bucket."""
    port = free_port()
    log = tmp_path_factory.mktemp("s3") / "s3.log"
    argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = spawn(argv, env={"PATH": os.environ["PATH"]}, log=log, cwd=Path.cwd())
    address = f"http://127.0.0.1:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, region_name="eu-west-3", aws_access_key_id="essai", aws_secret_access_key="essai"
    )
    assert wait_until(lambda: _answers(client), seconds=30), log.read_text()
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    yield address
    process.terminate()
    process.wait(timeout=10)


def _bucket() -> Any:
    return default_storage.bucket  # type: ignore[attr-defined] # ours, see common/storages


def _answers(client: Any) -> bool:
    try:
        client.list_buckets()
    except Exception:  # noqa: BLE001 - it is not there yet
        return False
    return True


def at(endpoint: str, settings: Any, *, bucket: str = BUCKET, **more: str) -> None:
    options = {**_KEYS, **more}
    address = f"s3://{bucket}?endpoint_url={endpoint}" + "".join(f"&{name}={value}" for name, value in options.items())
    settings.STORAGES = {**settings.STORAGES, "default": storage_of(address)}


@pytest.fixture
def bucket(server: str, settings: Any) -> Iterator[None]:
    at(server, settings, sse="AES256")
    yield
    _bucket().objects.all().delete()


@pytest.mark.usefixtures("bucket")
def test_bytes_are_kept_read_listed_and_forgotten(db: None) -> None:
    big = os.urandom(1 << 20) * 17  # more than one part
    kept = vault.keep((big[:1000], big[1000:]), folder="factures")
    other = vault.keep_bytes(b"abc", folder="depots").name
    head = _bucket().Object(kept.name)
    assert (kept.size, head.content_length, head.server_side_encryption) == (len(big), len(big), "AES256")

    assert b"".join(vault.chunks_of(kept.name)) == big
    with vault.opened(other, first=1) as file:
        assert file.read() == b"bc"
    with vault.as_local_file(other) as path:
        assert path.read_bytes() == b"abc"
    assert [(each.name, each.size) for each in vault.listed()] == [(other, 3), (kept.name, len(big))]
    assert [each.name for each in vault.listed(after=other)] == [kept.name]

    vault.forget(other)
    vault.forget_folder("factures")
    vault.forget_folder("nulle-part")
    assert list(vault.listed()) == []
    with pytest.raises(vault.MissingError):
        vault.opened(other)


@pytest.mark.usefixtures("bucket")
def test_invoice_comes_in_is_fetched_leaves_in_an_archive_and_is_verified(transactional_db: None, space: Space) -> None:
    filed = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="ubl"), name="f.xml")
    assert filed.invoice is not None
    seal_all()
    assert verify() == []
    with tenant(company=space.company.pk):
        outgoing = InvoiceFile.objects.get(invoice=filed.invoice, kind="facturx")
    page = signed_in(space.owner.person).get(
        reverse("invoices:company_file", args=[space.company.siren, filed.invoice_id, "facturx"])
    )
    assert len(b"".join(page.streaming_content)) == outgoing.size  # type: ignore[attr-defined] # it is streamed

    with tenant(company=space.company.pk):
        validate(space.owner, invoice=filed.invoice)
    _key, raw = issue_key(space.cabinet.firm, name="Essai")
    api = ComapiClient(in_process, raw, str(make_software().pk))
    (listed,) = api.files(space.company.siren, "AP", "Transfer")
    pdf = api.download(listed["downloadurl"])
    assert hashlib.sha256(pdf).hexdigest() == outgoing.sha256
    assert api.call(listed["downloadurl"], Range="bytes=5-8").body == pdf[5:9]

    export = start_export(space.cabinet.administrator)
    run_export(export.pk)
    assert [each.name.split("/")[0] for each in vault.listed()].count("exports") == 3
    assert verify() == []

    _bucket().Object(outgoing.stored_as).put(Body=b"faux")
    _bucket().Object(filed.stored_as).delete()
    assert sorted((each["problem"], each["object"]) for each in verify()) == [
        ("altered", outgoing.stored_as),
        ("missing", filed.stored_as),
    ]


@pytest.mark.parametrize("where", ["no_server", "no_bucket"])
def test_storage_that_is_away_is_told_and_nothing_is_half_written(
    server: str, settings: Any, space: Space, where: str
) -> None:
    if where == "no_server":
        at(f"http://127.0.0.1:{free_port()}", settings)
    else:
        at(server, settings, bucket="jamais-vu")
    browser = signed_in(space.owner.person)
    url = reverse("invoices:deposit", args=[space.company.siren])
    answers = [
        browser.post(url, {"file": SimpleUploadedFile("f.pdf", b"%PDF-1.7")}, headers={"Accept": kind})
        for kind in ("text/html", "application/json")
    ]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "Le stockage des fichiers ne répond pas pour le moment." in answers[0].content.decode()
    assert "Rien n'a été enregistré à moitié" in answers[1].json()["errors"][0]
    with tenant(company=space.company.pk):
        assert not Deposit.objects.exists()
    assert verify() == [{"problem": "storage_away"}]
    assert Browser().get("/readyz").json()["checks"]["storage"] is False


def test_address_with_an_option_that_no_bucket_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no such option: endpoint"):
        storage_of("s3://bucket?endpoint=http://x")
