"""E-mails to a company's own addresses: whose are read, what is found in them, and nothing twice."""

from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.enums import CompanyRole
from clients.models import CompanyMembership
from common.tenancy import tenant
from invoices.enums import Channel, Direction, ParcelState
from invoices.models import Deposit, KnownSender, Mailbox, Parcel
from invoices.parcels.headers import read_headers
from invoices.selectors.mailboxes import mailbox_at
from invoices.services.mail_intake import take_message
from invoices.services.mailboxes import mailboxes_of
from invoices.services.processing import process
from tests.browsing import signed_in
from tests.factories import CompanyUserFactory, make_company, make_owner
from tests.invoices.conftest import Space
from tests.invoices.parcels import attach, message, names_of, opened, pdf, report, zipped

pytestmark = pytest.mark.django_db
KNOWN = "factures@fournisseur.test"


@pytest.fixture
def boxes(space: Space) -> dict[str, Mailbox]:
    """The company's two addresses; it knows one supplier."""
    with tenant(company=space.company.pk):
        KnownSender.objects.create(company=space.company, address=KNOWN, added_by=space.owner)
        return {box.direction: box for box in mailboxes_of(space.company)}


def take(mailbox: Mailbox, mail: EmailMessage | bytes, *, envelope: str = "bounce@fournisseur.test") -> Parcel | None:
    content = mail if isinstance(mail, bytes) else mail.as_bytes()
    return take_message(mailbox, content=content, envelope_sender=envelope)


def taken(mailbox: Mailbox, mail: EmailMessage | bytes) -> Parcel:
    parcel = take(mailbox, mail)
    assert parcel is not None
    return opened(parcel)


def test_sender_that_no_parser_reads_to_its_end_is_as_good_as_absent() -> None:
    for written in (b"(" * 5000, b"<" * 5000, b"a(" * 5000):
        headers = read_headers(b"From: " + written + b"\r\n\r\n", envelope_sender="Un@Fournisseur.test")
        assert headers.sender == "un@fournisseur.test"


def test_company_has_one_address_for_purchases_and_one_for_sales_that_nobody_guesses(
    space: Space, boxes: dict[str, Mailbox]
) -> None:
    with tenant(company=space.company.pk):
        again = mailboxes_of(space.company)
    assert [box.pk for box in again] == [boxes["AP"].pk, boxes["AR"].pk]
    assert [box.address.partition("-")[0] for box in again] == ["achats", "ventes"]
    for box in again:
        assert len(box.local_part.partition("-")[2]) == 20
        found = mailbox_at(box.address.upper())
        assert found is not None
        assert found.pk == box.pk
    assert mailbox_at(again[0].address.replace("@", "@autre.")) is None


def test_address_of_a_space_that_nobody_enters_any_more_takes_nothing(space: Space, boxes: dict[str, Mailbox]) -> None:
    with tenant(company=space.company.pk):
        CompanyMembership.objects.update(ended_at=space.owner.created_at)
    assert mailbox_at(boxes["AP"].address) is None


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
    "mail",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"From: =?utf-8?b?//" + b"\xff" * 300 + b"\r\nContent-Type: multipart/mixed\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 120,
        b"Content-Type: message/rfc822\r\n\r\n" * 60 + b"x",
        b"Subject: a\x00b\r\nFrom: x\x00y@z.test\r\n\r\nx",
    ],
)
def test_message_that_is_none_breaks_nothing_and_is_kept(space: Space, boxes: dict[str, Mailbox], mail: bytes) -> None:
    parcel = take_message(boxes["AP"], content=mail, envelope_sender=KNOWN)
    assert parcel is not None
    if parcel.state == ParcelState.RECEIVED:
        assert opened(parcel).state == ParcelState.OPENED
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


def _held(box: Mailbox, sender: str, name: str) -> Parcel:
    mail = message(sender=sender, message_id=f"<{name}@x.test>")
    attach(mail, pdf(name), name=name)
    parcel = take(box, mail)
    assert parcel is not None
    assert (parcel.state, parcel.wake_at) == (ParcelState.HELD, None)
    return parcel


def test_unknown_sender_waits_for_an_owner_who_accepts_and_adds_or_refuses(
    space: Space, boxes: dict[str, Mailbox], owner: Browser
) -> None:
    first, second = _held(boxes["AP"], "neuf@x.test", "un.pdf"), _held(boxes["AP"], "neuf@x.test", "deux.pdf")
    unwanted, alone = _held(boxes["AP"], "spam@y.test", "spam.pdf"), _held(boxes["AR"], "seul@z.test", "seul.pdf")
    page = reverse("invoices:mailboxes", args=[space.company.siren])
    body = owner.get(page).content.decode()
    assert [body.count(f"De {sender}") for sender in ("neuf@x.test", "spam@y.test", "seul@z.test")] == [2, 1, 1]

    def act(name: str, one: Parcel, **data: str) -> None:
        assert owner.post(reverse(f"invoices:{name}", args=[space.company.siren, one.pk]), data).url == page  # type: ignore[attr-defined] # a redirect

    act("message_accept", first, expediteur="1")
    act("message_refuse", unwanted)
    act("message_accept", alone)
    act("message_refuse", alone)  # too late: it says so and changes nothing

    states = {one.pk: opened(one).state for one in (first, second, unwanted, alone)}
    assert states == {
        first.pk: ParcelState.OPENED,
        second.pk: ParcelState.OPENED,
        unwanted.pk: ParcelState.REFUSED,
        alone.pk: ParcelState.OPENED,
    }
    assert names_of(space.company) == ["deux.pdf", "seul.pdf", "un.pdf"]
    with tenant(company=space.company.pk):
        assert set(KnownSender.objects.values_list("address", flat=True)) == {KNOWN, "neuf@x.test"}
    original = owner.get(reverse("invoices:parcel_original", args=[space.company.siren, unwanted.pk]))
    assert b"spam.pdf" in original.getvalue()


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


def test_owner_renews_an_address_and_manages_the_senders(
    space: Space, boxes: dict[str, Mailbox], owner: Browser
) -> None:
    siren = space.company.siren
    owner.post(reverse("invoices:mailbox_renew", args=[siren, boxes["AP"].pk]))
    assert mailbox_at(boxes["AP"].address) is None
    with tenant(company=space.company.pk):
        new = {box.direction: box for box in mailboxes_of(space.company)}
    assert new["AR"].pk == boxes["AR"].pk
    assert new["AP"].pk != boxes["AP"].pk

    add = reverse("invoices:sender_add", args=[siren])
    assert owner.post(add, {"address": "pas une adresse"}).status_code == 422
    for _ in range(2):
        assert owner.post(add, {"address": "Compta@X.test"}).status_code == 302
    with tenant(company=space.company.pk):
        sender = KnownSender.objects.get(address="compta@x.test")
    owner.post(reverse("invoices:sender_remove", args=[siren, sender.pk]))
    with tenant(company=space.company.pk):
        assert list(KnownSender.objects.values_list("address", flat=True)) == [KNOWN]


def test_member_sees_addresses_and_messages_and_manages_none(space: Space, boxes: dict[str, Mailbox]) -> None:
    waits = _held(boxes["AP"], "neuf@x.test", "un.pdf")
    person = CompanyUserFactory.create()
    with tenant(company=space.company.pk):
        CompanyMembership.objects.create(company=space.company, person=person, role=CompanyRole.MEMBER)
    member = signed_in(person)
    body = member.get(reverse("invoices:mailboxes", args=[space.company.siren])).content.decode()
    assert ("neuf@x.test" in body, "Renouveler" in body, "Accepter" in body) == (True, False, False)
    refused = member.post(reverse("invoices:message_accept", args=[space.company.siren, waits.pk]))
    assert refused.status_code == 403


def test_firm_sees_the_addresses_and_nothing_of_who_writes(
    space: Space, boxes: dict[str, Mailbox], administrator: Browser
) -> None:
    _held(boxes["AP"], "neuf@x.test", "un.pdf")
    body = administrator.get(reverse("invoices:mailboxes", args=[space.company.siren])).content.decode()
    assert (boxes["AP"].address in body, "neuf@x.test" in body, KNOWN in body) == (True, False, False)


def test_another_company_s_message_is_not_there(space: Space, boxes: dict[str, Mailbox], owner: Browser) -> None:
    other = make_company()
    make_owner(other)
    with tenant(company=other.pk):
        box = mailboxes_of(other)[0]
    foreign = _held(box, "neuf@x.test", "un.pdf")
    for name in ("message_accept", "message_refuse", "mailbox_renew"):
        pk = box.pk if name == "mailbox_renew" else foreign.pk
        assert owner.post(reverse(f"invoices:{name}", args=[space.company.siren, pk])).status_code == 404
