"""The message as it goes over the wire, read again by the standard library."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from outbox.enums import EmailKind
from outbox.messages import build_message
from outbox.models import OutgoingEmail
from outbox.parts import Attachment, Parts

_PK = UUID("00000000-0000-4000-8000-000000000001")
_LONG = "Échéance du dossier « Menuiserie Dupré & Fils » – relance n° 3 avant la clôture de l'exercice " * 3


def email(**fields: object) -> OutgoingEmail:
    values: dict[str, object] = {
        "kind": EmailKind.INVITATION,
        "message_id": "<1.2.3@jefacture.test>",
        "recipient": "gerant@entreprise.test",
        "sender": "jefacture <ne-pas-repondre@jefacture.test>",
        "subject": "Objet",
        "created_at": datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    }
    return OutgoingEmail(id=_PK, **values | fields)


def _delivered(raw: bytes) -> EmailMessage:
    """As a mail program finds it in its folder."""
    return message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=policy.default)


def sent(text: str = "Bonjour", html: str = "", **fields: object) -> EmailMessage:
    raw = build_message(email(**fields), Parts(text=text, html=html))
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = _delivered(raw)
    assert message.defects == []
    return message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subject", "Objet"),
        ("subject", _LONG[:300].strip()),
        ("subject", "a" * 300),
        ("subject", "=?utf-8?q?pas un mot codé?="),
        ("subject", "Facture 🙂 n° 4"),
        ("sender", "Société Générale d'Écritures <ne-pas-repondre@jefacture.test>"),
        ("sender", '"Dupré, Fils" <ne-pas-repondre@jefacture.test>'),
        ("sender", f'"{"é" * 100} via jefacture" <ne-pas-repondre@jefacture.test>'),
        ("recipient", f"{'a' * 64}@{'b' * 60}.test"),
    ],
)
def test_header_reads_as_it_was_written(name: str, value: str) -> None:
    header = {"subject": "Subject", "sender": "From", "recipient": "To"}[name]
    read = str(sent(**{name: value})[header])
    assert read.replace('"', "") == value.replace('"', "")


def test_headers_say_that_a_program_wrote() -> None:
    headers = dict(sent(html="<p>Bonjour</p>").items())
    content_type = headers.pop("Content-Type")
    assert content_type.startswith("multipart/alternative; boundary=")
    assert headers == {
        "From": "jefacture <ne-pas-repondre@jefacture.test>",
        "To": "gerant@entreprise.test",
        "Subject": "Objet",
        "Date": "Tue, 24 Nov 2026 09:00:00 +0100",
        "Message-ID": "<1.2.3@jefacture.test>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "fr",
        "MIME-Version": "1.0",
    }


def test_invoices_are_a_series_that_can_be_sorted_and_a_person_s_mail_is_none() -> None:
    assert sent(kind=EmailKind.DELIVERY)["List-Id"] == "Livraison de factures <factures.jefacture.test>"
    assert [sent(kind=kind)["List-Id"] for kind in (EmailKind.INVITATION, EmailKind.ACCOUNT)] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour Élodie\n\nÀ bientôt\n",
        ".\n..\n.point\nFrom la suite\n-- \nsignature \n\tfin",
        "égal = 100 % =C3=A9\n" + "é" * 500 + "\n" + "x" * 2000,
        "",
        "🙂 œ – « » \u202f!",
    ],
)
def test_both_parts_read_as_they_were_written(text: str) -> None:
    message = sent(text, html=f"<p>{text}</p>")
    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    assert parts["text/plain"].rstrip("\n") == text.rstrip("\n")
    assert parts["text/html"].rstrip("\n") == f"<p>{text}</p>".rstrip("\n")


def test_text_alone_is_one_part() -> None:
    message = sent("Bonjour")
    assert (message.get_content_type(), message.get_content()) == ("text/plain", "Bonjour\n")


def test_attachments_stand_beside_both_parts() -> None:
    stored = [default_storage.save(f"{n}.bin", ContentFile(bytes(range(256)) * n)) for n in (1, 300)]
    names = ["achat n° 1 – Société.pdf", "é" * 120 + ".xml"]
    files = [
        Attachment(stored[0], names[0], "application/pdf"),
        Attachment(stored[1], names[1], "text/xml"),
    ]
    raw = build_message(email(), Parts(text="Bonjour", html="<p>Bonjour</p>", attachments=files))
    assert raw.isascii()
    message = _delivered(raw)
    body = message.get_body(("html",))
    assert body is not None
    assert body.get_content() == "<p>Bonjour</p>\n"
    attached = list(message.iter_attachments())
    assert [part.get_filename() for part in attached] == names
    assert [part.get_content_type() for part in attached] == ["application/pdf", "text/xml"]
    assert [part.get_payload(decode=True) for part in attached] == [bytes(range(256)) * n for n in (1, 300)]


def test_same_row_is_the_same_to_the_byte() -> None:
    parts = Parts(text="Bonjour Élodie", html="<p>Bonjour Élodie</p>")
    assert build_message(email(subject=_LONG[:300]), parts) == build_message(email(subject=_LONG[:300]), parts)


@pytest.mark.parametrize("name", ["subject", "sender", "recipient", "message_id"])
def test_line_break_in_a_header_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        build_message(email(**{name: "a@b.test\r\nBcc: voleur@pirate.test"}), Parts(text="Bonjour"))
