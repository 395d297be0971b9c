"""The page that files are deposited on: one by one from its script, or all at once without it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from common.tenancy import tenant
from invoices.enums import Channel, DepositState
from invoices.models import Deposit
from invoices.services.processing import process
from tests.browsing import signed_in, text_of
from tests.factories import make_active_client, make_cabinet, make_owner
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.parcels import opened, pdf, send_archive, zipped

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def page(space: Space, rest: str = "") -> str:
    return f"/entreprises/{space.company.siren}/deposer/{rest}"


def file(name: str = "f.xml", data: bytes = b"<a/>") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def deposits(space: Space) -> list[Deposit]:
    with tenant(company=space.company.pk):
        return list(Deposit.objects.order_by("created_at"))


def test_file_posted_by_the_script_is_answered_in_json(space: Space, owner: Browser) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii")
    answer = owner.post(page(space), {"file": file("été.xml", data)}, headers=JSON)
    assert (answer.status_code, answer.json()["label"]) == (202, "Reçu")
    [kept] = deposits(space)
    assert (kept.file_name, kept.size, kept.channel) == ("été.xml", len(data), Channel.WEB_COMPANY)
    assert (kept.state, kept.deposited_by_id, kept.firm_id) == (DepositState.RECEIVED, space.owner.person_id, None)

    process(kept.pk)
    again = owner.post(page(space), {"file": file("autre.xml", data)}, headers=JSON)

    invoice = deposits(space)[0].invoice_id
    assert (again.status_code, again.json()["label"]) == (202, "Déjà déposé")
    assert again.json()["url"] == f"/entreprises/{space.company.siren}/factures/{invoice}/"


def test_file_that_cannot_be_taken_is_refused_in_json(space: Space, owner: Browser) -> None:
    empty = owner.post(page(space), {"file": file("vide.pdf", b"")}, headers=JSON)
    nothing = owner.post(page(space), headers=JSON)
    assert (empty.status_code, nothing.status_code) == (422, 422)
    assert "vide.pdf" in empty.json()["errors"][0]
    assert nothing.json() == {"errors": ["Choisissez au moins un fichier."]}
    assert deposits(space) == []


def test_files_posted_without_the_script_are_all_taken_but_the_bad_ones(space: Space, owner: Browser) -> None:
    files = [file("a.xml", b"<a/>"), file("vide.xml", b""), file("<b>.xml", b"<b/>")]
    answer = owner.post(page(space), {"file": files}, follow=True)
    assert answer.redirect_chain == [(page(space), 302)]
    assert [kept.file_name for kept in deposits(space)] == ["a.xml", "<b>.xml"]
    text = text_of(answer)
    assert [words in text for words in ("vide.xml", "Ce fichier est vide.", "<b>.xml")] == [True] * 3
    assert "<b>.xml" not in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00b.xml", "a\nb.xml", "C:\\x\\facture.xml", "é" * 300 + ".xml"]
)
def test_name_of_any_kind_is_kept_as_a_name(space: Space, owner: Browser, name: str) -> None:
    assert owner.post(page(space), {"file": file(name)}, headers=JSON).status_code == 202
    [kept] = deposits(space)
    assert [sign in kept.file_name for sign in "/\\\0\n"] == [False] * 4
    assert 0 < len(kept.file_name) <= 255
    answer = owner.get(page(space, f"{kept.pk}/original/"))
    assert (answer.status_code, answer.getvalue()) == (200, b"<a/>")


def test_original_is_downloaded_as_mere_bytes(space: Space, owner: Browser) -> None:
    kept = deposit(space, b"<html><script>alert(1)</script></html>", name="page.html")
    answer = owner.get(page(space, f"{kept.pk}/original/"))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"].split("; ")


def test_page_asks_again_only_while_something_is_read(space: Space, owner: Browser) -> None:
    owner.post(page(space), {"file": file()}, headers=JSON)
    reading = owner.get(page(space, "derniers/")).content.decode()
    process(deposits(space)[0].pk)
    settled = owner.get(page(space, "derniers/")).content.decode()
    assert ["every 1s" in page for page in (reading, settled)] == [True, False]
    assert "n’est pas une facture" in settled


def test_deposits_are_the_own_company_s(space: Space, owner: Browser) -> None:
    other = make_active_client(make_cabinet().firm)
    assert other.company is not None
    stranger = signed_in(make_owner(other.company).person)
    kept = deposit(space, b"<a/>", name="secret.xml")
    codes = [
        stranger.get(page(space)).status_code,
        stranger.get(page(space, f"{kept.pk}/original/")).status_code,
        stranger.get(f"/entreprises/{other.company.siren}/deposer/{kept.pk}/original/").status_code,
        stranger.post(page(space), {"file": file()}, headers=JSON).status_code,
    ]
    assert codes == [404] * 4
    assert "secret.xml" not in text_of(stranger.get(f"/entreprises/{other.company.siren}/deposer/"))
    assert "secret.xml" in text_of(owner.get(page(space)))


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_number_of_queries(
    space: Space, owner: Browser, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(rows):
        invoice = typed(seller=SUPPLIER, buyer=space.company.siren, number=f"F-{n}")
        deposit(space, bytes_of(invoice, container="cii"), name=f"{n}.xml")
    owner.get(page(space))
    with django_assert_num_queries(16):
        answer = owner.get(page(space))
    assert len(answer.context["deposits"]) == rows


def test_list_of_deposits_asks_again_until_what_arrived_together_is_opened(space: Space) -> None:
    page, address = signed_in(space.owner.person), f"/entreprises/{space.company.siren}/deposer/derniers/"
    parcel = send_archive(space, zipped([("F-1.pdf", pdf("un"))]))
    assert "every 1s" in page.get(address).content.decode()
    opened(parcel)
    assert "every 1s" in page.get(address).content.decode()  # what came out of it is to be read
    with tenant(company=space.company.pk):
        waiting = list(Deposit.objects.values_list("pk", flat=True))
    for each in waiting:
        process(each)
    assert "every 1s" not in page.get(address).content.decode()
