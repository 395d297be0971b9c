import time
from typing import TYPE_CHECKING

import pytest
import requests
from lxml import etree

if TYPE_CHECKING:
    from tests.sandbox.conftest import Run

NS = {"g": "http://jedeclare.com/gestion"}
ACCOUNT = "JD104512"


def get(jedeclare: str, http: requests.Session, path: str, user: str, password: str = "jedeclare") -> requests.Response:
    headers = {"Accept": "application/xml"}
    return http.get(f"{jedeclare}{path}", auth=(f"{user}@jedeclare.test", password), headers=headers)


@pytest.fixture(scope="module")
def clients(jedeclare: str, http: requests.Session) -> list[etree._Element]:
    answer = get(jedeclare, http, f"/compte/{ACCOUNT}/dossierClient", "cabinet")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = etree.fromstring(answer.content)
    assert root.tag == "{http://jedeclare.com/gestion}dossierClient"
    assert root.findtext("g:exploitationDonnees", namespaces=NS) == "true"
    return root.findall("g:client", NS)


def texts(clients: list[etree._Element], path: str) -> list[str | None]:
    return [client.findtext(path, namespaces=NS) for client in clients]


def luhn(digits: str) -> int:
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits))) % 10


def test_account_list_comes_before_the_files(jedeclare: str, http: requests.Session) -> None:
    root = etree.fromstring(get(jedeclare, http, "/compte", "cabinet").content)
    assert [(account.findtext("g:id", namespaces=NS), account.findtext("g:rs", namespaces=NS)) for account in root] == [
        (ACCOUNT, "Cabinet Durand & Associés")
    ]


def test_there_are_250_files_with_a_few_duplicates(clients: list[etree._Element]) -> None:
    sirens = texts(clients, "g:siretPrincipal/g:siren")
    assert (len(sirens), len(set(sirens))) == (250, 247)
    assert len(set(texts(clients, "g:id"))) == 250


def test_every_number_passes_luhn(clients: list[etree._Element]) -> None:
    sirens, nics = texts(clients, "g:siretPrincipal/g:siren"), texts(clients, "g:siretPrincipal/g:nic")
    assert {luhn(siren or "") for siren in sirens} == {0}
    assert {luhn(f"{siren}{nic}") for siren, nic in zip(sirens, nics, strict=True) if nic} == {0}


def test_some_files_have_no_nic_or_no_address(clients: list[etree._Element]) -> None:
    assert texts(clients, "g:siretPrincipal/g:nic").count(None) == 15
    assert texts(clients, "g:responsable/g:mel").count(None) == 27
    assert texts(clients, "g:responsable/g:adresse/g:ville").count(None) == 0


def test_files_are_the_same_at_every_call(jedeclare: str, http: requests.Session) -> None:
    path = f"/compte/{ACCOUNT}/dossierClient"
    assert len({get(jedeclare, http, path, "cabinet").content for _ in range(2)}) == 1


@pytest.mark.parametrize("path", ["/compte", f"/compte/{ACCOUNT}/dossierClient"])
@pytest.mark.parametrize(
    ("credentials", "status"),
    [
        (("cabinet", "faux"), 401),
        (("inconnu", "jedeclare"), 401),
        (("sansdroit", "jedeclare"), 403),
        (("panne", "jedeclare"), 503),
        (("panne", "faux"), 401),
        (("lent", "jedeclare"), 200),
    ],
)
def test_each_user_has_its_answer(
    jedeclare: str, http: requests.Session, path: str, credentials: tuple[str, str], status: int
) -> None:
    assert get(jedeclare, http, path, *credentials).status_code == status


def test_no_credentials_are_asked_for(jedeclare: str, http: requests.Session) -> None:
    answer = http.get(f"{jedeclare}/compte")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_unknown_account_is_not_found(jedeclare: str, http: requests.Session) -> None:
    assert get(jedeclare, http, "/compte/JD999999/dossierClient", "cabinet").status_code == 404


def test_only_xml_is_offered(jedeclare: str, http: requests.Session) -> None:
    auth = ("cabinet@jedeclare.test", "jedeclare")
    assert http.get(f"{jedeclare}/compte", auth=auth, headers={"Accept": "application/json"}).status_code == 406


def test_slow_user_takes_five_seconds_unless_told_otherwise(run: "Run", http: requests.Session) -> None:
    with run("sandbox.jedeclare", "--port", "0") as address:
        started = time.monotonic()
        assert get(address, http, "/compte", "lent").status_code == 200
        assert 5 <= time.monotonic() - started < 8


def test_service_stops_at_once_while_a_slow_answer_is_under_way(run: "Run", http: requests.Session) -> None:
    started = time.monotonic()
    auth = ("lent@jedeclare.test", "jedeclare")
    with run("sandbox.jedeclare", "--port", "0", "--slow-seconds", "30") as address:
        with pytest.raises(requests.Timeout):
            http.get(f"{address}/compte", auth=auth, timeout=0.5)
    assert time.monotonic() - started < 5


def test_home_page_names_the_users(jedeclare: str, http: requests.Session) -> None:
    assert http.get(f"{jedeclare}/").text.count("@jedeclare.test</code>") == 4
    assert http.get(f"{jedeclare}/healthz").text == "ok"
