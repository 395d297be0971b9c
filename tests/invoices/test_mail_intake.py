"""E-mails to a company's own addresses: whose are read, what is found in them, and nothing twice."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from common.tenancy import tenant
from invoices.enums import Channel, Direction, ParcelState
from invoices.models import Deposit, Mailbox, Parcel
from invoices.parcels.headers import read_headers
from invoices.services.processing import process
from tests.invoices.conftest import KNOWN, Space
from tests.invoices.parcels import attach, message, names_of, opened, pdf, report, take, taken, zipped

pytestmark = pytest.mark.django_db


def test_sender_that_no_parser_reads_to_its_end_is_as_good_as_absent() -> None:
    for written in (b"(" * 5000, b"<" * 5000, b"a(" * 5000):
        headers = read_headers(b"From: " + written + b"\r\n\r\n", envelope_sender="Un@Fournisseur.test")
        assert headers.sender == "un@fournisseur.test"


def test_any_part_whose_bytes_are_a_file_is_taken_whatever_it_says_of_itself(
    space: Space, boxes: dict[str, Mailbox]
) -> None:
    inner = message(sender="autre@fournisseur.test", message_id="<deux@fournisseur.test>")
    attach(inner, pdf("transférée"), name="transférée.pdf")
    mail = message(sender=KNOWN)
    mail.add_alternative("<html><body>Bonjour</body></html>", subtype="html")
    attach(mail, pdf("octets"), name="facture.doc")
    attach(mail, pdf("sans nom"), name=None)
    attach(mail, b'<?xml version="1.0"?><Facture/>', name="facture.txt", kind="text/plain")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n photo", maintype="image", subtype="png", disposition="inline", cid="<logo>")
    attach(mail, b"Conditions de vente", name="conditions.rtf", kind="text/rtf")
    mail.add_attachment(inner)
    attach(mail, inner.as_bytes().replace("transférée".encode(), b"x"), name="message.eml")
    attach(mail, zipped([("dans-le-zip.pdf", pdf("zip"))]), name="archive.pdf")

    parcel = taken(boxes["AP"], mail)

    assert parcel.state == ParcelState.OPENED
    assert report(parcel) == [
        ("facture.doc", "taken"),
        ("pdf-2.pdf", "taken"),
        ("facture.txt", "taken"),
        ("image-4.jpg", "taken"),
        ("conditions.rtf", "skipped"),
        ("transférée.pdf", "taken"),
        ("transférée.pdf", "same"),
        ("archive.pdf", "taken"),
    ]
    with tenant(company=space.company.pk):
        archive = Parcel.objects.get(name="archive.pdf")
    opened(archive)
    assert names_of(space.company) == sorted(
        ["facture.doc", "pdf-2.pdf", "facture.txt", "image-4.jpg", "transférée.pdf", "dans-le-zip.pdf"]
    )
    with tenant(company=space.company.pk):
        kept = Deposit.objects.values_list("channel", "batch", "direction_hint", "deposited_by")
        expected: tuple[Any, ...] = (Channel.EMAIL, parcel.batch, Direction.PURCHASE, None)
        assert set(kept) == {expected}


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("base64", "JVBERi0xLjcKYWJjZGVmZ2hp*amts\r\nbW5vcA"),  # a stray character, no padding
        ("BASE64 ", "JVBE\r\n Ri0x\r\nLjcKYWJj"),
        ("7bit", "JVBERi0xLjcKYWJj"),  # it forgot to say so
        ("x-unknown", "%PDF-1.7\r\nabc"),
        ("quoted-printable", "%PDF-1.7=\r\n=0Aabc=ZZ="),
        ("8bit", "%PDF-1.7\r\n\xe9\xe8"),
    ],
)
def test_damaged_encoding_is_read_as_far_as_it_goes(boxes: dict[str, Mailbox], encoding: str, body: str) -> None:
    head = f"From: {KNOWN}\r\nMIME-Version: 1.0\r\nContent-Type: application/pdf\r\n"
    mail = f"{head}Content-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n".encode("latin-1")
    parcel = taken(boxes["AP"], mail)
    assert report(parcel) == [("pdf-1.pdf", "taken")]


@pytest.mark.parametrize(
    ("mail", "state"),
    [
        (b"", ParcelState.OPENED),
        (b"\r\n\r\n", ParcelState.OPENED),
        (b"no header at all", ParcelState.OPENED),
        (
            b"From: =?utf-8?b?//" + b"\xff" * 300 + b"\r\nContent-Type: multipart/mixed\r\n\r\nx",
            ParcelState.OPENED,
        ),
        (
            b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
            + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 120,
            ParcelState.OPENED,
        ),
        (b"Content-Type: message/rfc822\r\n\r\n" * 60 + b"x", ParcelState.OPENED),
        (b"Subject: a\x00b\r\nFrom: x\x00y@z.test\r\n\r\nx", ParcelState.HELD),  # it names a sender, who is unknown
    ],
)
def test_message_that_is_none_breaks_nothing_and_is_kept(
    space: Space, boxes: dict[str, Mailbox], mail: bytes, state: str
) -> None:
    parcel = take(boxes["AP"], mail, envelope=KNOWN)
    assert parcel is not None
    assert opened(parcel).state == state
    assert names_of(space.company) == []


def test_message_without_a_file_says_so(boxes: dict[str, Mailbox]) -> None:
    parcel = taken(boxes["AP"], message(sender=KNOWN))
    assert (parcel.contents, parcel.reason) == (
        [],
        "Ce message ne contient aucun fichier de facture (PDF, XML, image ou ZIP).",
    )


def test_same_message_twice_makes_nothing_twice(space: Space, boxes: dict[str, Mailbox]) -> None:
    for message_id in ("<un@fournisseur.test>", ""):
        mail = message(sender=KNOWN, message_id=message_id)
        attach(mail, pdf("un"), name="un.pdf")
        again = b"Received: from ailleurs by ici\r\n" + mail.as_bytes()  # on another way
        first = take(boxes["AP"], mail)
        assert first is not None
        assert take(boxes["AP"], again) is None
        mail.set_boundary("une-autre-frontiere")  # written anew
        assert take(boxes["AP"], mail) is None
        opened(first)
    assert names_of(space.company) == ["un.pdf"]


def test_program_that_gives_every_message_one_id_loses_nothing(space: Space, boxes: dict[str, Mailbox]) -> None:
    for name in ("un.pdf", "deux.pdf"):
        mail = message(sender=KNOWN)
        attach(mail, pdf(name), name=name)
        taken(boxes["AR"], mail)
    assert names_of(space.company) == ["deux.pdf", "un.pdf"]


def test_member_s_message_is_his_or_her_deposit(space: Space, boxes: dict[str, Mailbox]) -> None:
    assert space.owner.person.email
    mail = message(sender=space.owner.person.email.upper())
    attach(mail, pdf("un"), name="un.pdf")
    taken(boxes["AR"], mail)
    with tenant(company=space.company.pk):
        one = Deposit.objects.get()
    assert (one.deposited_by_id, one.direction_hint) == (space.owner.person_id, Direction.SALE)


def test_pdf_without_data_is_proposed_for_the_side_of_its_address(
    space: Space, boxes: dict[str, Mailbox], owner: Browser
) -> None:
    mail = message(sender=KNOWN)
    attach(mail, b"\x89PNG\r\n\x1a\n photo", name="photo.png")
    taken(boxes["AR"], mail)
    with tenant(company=space.company.pk):
        pk = Deposit.objects.get().pk
    process(pk)
    page = owner.get(reverse("invoices:deposit_complete", args=[space.company.siren, pk]))
    assert page.context["form"]["direction"].initial == Direction.SALE
    assert page.context["form"].fields["direction"].disabled is False


@pytest.mark.parametrize("field", ["Auto-Submitted: auto-replied", "no sender"])
def test_answer_of_a_machine_waits_too(boxes: dict[str, Mailbox], field: str) -> None:
    mail = message(sender=KNOWN)
    if field != "no sender":
        mail["Auto-Submitted"] = "auto-replied"
    parcel = take(boxes["AP"], mail, envelope="" if field == "no sender" else KNOWN)
    assert parcel is not None
    assert (parcel.state, parcel.reason_code) == (ParcelState.HELD, "automatic")


def test_invoices_that_a_program_sends_by_itself_are_no_answer() -> None:
    mail = message(sender=KNOWN)
    mail["Auto-Submitted"] = "auto-generated"
    assert not read_headers(mail.as_bytes(), envelope_sender=KNOWN).automatic
