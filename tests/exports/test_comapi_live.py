"""The move from Transfer to Archived over real HTTP: a separate granian, as in production."""

import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from invoices.enums import FirmState
from invoices.models import FirmInvoice
from tests.exports.comapi_client import ComapiClient, over_http
from tests.exports.conftest import BAKERY, Partner, make_partner
from tests.exports.factories import make_part, state_of

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

#: Far more than the kernel's buffers on both sides take.
LARGE = b"%PDF-1.7\n" + secrets.token_bytes(24_000_000)
_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = ["granian", "jefacture.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", *argv, "--workers", "1", "--blocking-threads", "4", "--no-ws"],
        cwd=_ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE},
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "granian ended"
        try:
            requests.get(f"{address}/comapi/", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("granian does not answer")


@pytest.fixture
def live(server: str) -> tuple[Partner, ComapiClient, FirmInvoice]:
    partner = make_partner()
    part = make_part(partner.client, content=LARGE)
    return partner, ComapiClient(over_http, partner.a.raw_key, str(partner.software.pk), base=server), part


def settled(part: FirmInvoice) -> str:
    """The state once the server has had time to notice what its client did."""
    for _ in range(20):
        if state_of(part) == FirmState.TRANSFERRED:
            break
        time.sleep(0.1)
    return state_of(part)


def test_whole_download_moves(live: tuple[Partner, ComapiClient, FirmInvoice]) -> None:
    _partner, api, part = live
    assert api.enterprises() == [{"name": "Boulangerie Petit", "siren": BAKERY}]
    [row] = api.files(BAKERY, "AP", "Transfer")
    assert row["downloadurl"].startswith(f"{api.base}/comapi/invoice/download/")

    assert api.download(row["downloadurl"]) == LARGE

    assert settled(part) == FirmState.TRANSFERRED
    assert api.files(BAKERY, "AP", "Transfer") == []
    [moved] = api.files(BAKERY, "AP", "Archived")
    assert [len(api.download(url)) for url in (row["downloadurl"], moved["downloadurl"])] == [row["size"]] * 2


def test_many_downloads_in_a_row_all_move(live: tuple[Partner, ComapiClient, FirmInvoice]) -> None:
    # More than the pool of database connections holds: none may stay behind after a body.
    partner, api, part = live
    parts = [part, *(make_part(partner.client, number=f"F-{n}") for n in range(2, 16))]
    for row in api.files(BAKERY, "AP", "Transfer"):
        api.download(row["downloadurl"])
    assert [settled(one) for one in parts] == [FirmState.TRANSFERRED] * len(parts)


def test_head_moves_nothing(live: tuple[Partner, ComapiClient, FirmInvoice]) -> None:
    _partner, api, part = live
    [row] = api.files(BAKERY, "AP", "Transfer")
    answer = api.call(row["downloadurl"], method="HEAD")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, str(len(LARGE)), b"")
    assert settled(part) == FirmState.TO_TRANSFER


def test_range_moves_nothing(live: tuple[Partner, ComapiClient, FirmInvoice]) -> None:
    _partner, api, part = live
    [row] = api.files(BAKERY, "AP", "Transfer")
    answer = api.call(row["downloadurl"], Range="bytes=0-")
    assert (answer.status, len(answer.body)) == (206, len(LARGE))
    assert settled(part) == FirmState.TO_TRANSFER


def test_broken_connection_moves_nothing_and_the_next_try_does(
    live: tuple[Partner, ComapiClient, FirmInvoice],
) -> None:
    _partner, api, part = live
    [row] = api.files(BAKERY, "AP", "Transfer")

    _read_a_little_and_break(row["downloadurl"], api)

    assert settled(part) == FirmState.TO_TRANSFER
    assert api.download(row["downloadurl"]) == LARGE
    assert settled(part) == FirmState.TRANSFERRED


def _read_a_little_and_break(url: str, api: ComapiClient) -> None:
    address, path = url.removeprefix("http://").split("/", 1)
    host, port = address.split(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close by a reset
        connection.connect((host, int(port)))
        lines = (f"GET /{path} HTTP/1.1", f"Host: {address}", f"X-API-KEY: {api.api_key}")
        connection.sendall("\r\n".join((*lines, f"X-SOFTWARE-ID: {api.software_id}", "", "")).encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "path", ["/comapi", "/comapi/v1/enterprise/", "//comapi/v1/none", "/comapi/v1/enterprise?x=%00"]
)
def test_errors_are_json_over_http(server: str, path: str) -> None:
    answer = requests.get(server + path, allow_redirects=False, timeout=10)
    assert (answer.headers["Content-Type"], list(answer.json())) == ("application/json", ["error"])
    assert answer.status_code in (400, 401, 404)
