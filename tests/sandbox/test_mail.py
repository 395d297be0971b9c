import mailbox
import smtplib
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from tests.sandbox.conftest import MailSink, Run

LINK = "http://localhost:8000/invitation/un-jeton/"


def letter(to: str = "helene@premys.test", *, subject: str = "Votre invitation à jefacture") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "jefacture <ne-pas-repondre@jefacture.test>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{time.monotonic_ns()}@jefacture.test>"
    message.set_content(f"Bonjour,\n\nvotre espace vous attend : {LINK}.\n")
    message.add_alternative(
        f'<html><head><title>x</title></head><body><p>Bonjour Hélène</p><a href="{LINK}">Rejoindre</a></body></html>',
        subtype="html",
    )
    return message


def send(mail: "MailSink", message: EmailMessage, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", mail.smtp_port, timeout=5) as smtp:
        return smtp.send_message(message, to_addrs=recipients or None)


def listed(mail: "MailSink", http: requests.Session, to: str | None = None) -> list[dict[str, Any]]:
    answer = http.get(f"{mail.address}/messages.json", params={"to": to} if to else None)
    answer.raise_for_status()
    return list(answer.json())


def test_message_is_listed_with_everything_a_script_needs(mail: "MailSink", http: requests.Session) -> None:
    message = letter()
    send(mail, message)
    [found] = listed(mail, http, "helene@premys.test")
    assert (found["from"], found["to"]) == ("jefacture <ne-pas-repondre@jefacture.test>", ["helene@premys.test"])
    assert (found["subject"], found["message_id"]) == (message["Subject"], message["Message-ID"])
    assert found["links"] == [LINK]
    assert found["text"] == f"Bonjour,\n\nvotre espace vous attend : {LINK}.\n"
    assert "Bonjour Hélène" in found["html"]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(found["received_at"])).total_seconds()) < 30


def test_messages_are_found_by_envelope_address_newest_first(mail: "MailSink", http: requests.Session) -> None:
    send(mail, letter(subject="un"))
    send(mail, letter("autre@premys.test", subject="deux"))
    send(mail, letter(subject="trois"), "helene@premys.test", "copie@premys.test")
    assert [found["subject"] for found in listed(mail, http)] == ["trois", "deux", "un"]
    assert [found["subject"] for found in listed(mail, http, "HELENE@premys.test")] == ["trois", "un"]
    assert [found["subject"] for found in listed(mail, http, "copie@premys.test")] == ["trois"]
    assert listed(mail, http, "personne@premys.test") == []


def test_refused_address_answers_550_and_the_others_get_the_message(mail: "MailSink", http: requests.Session) -> None:
    refused = send(mail, letter(), "rejet.durable@premys.test", "helene@premys.test")
    assert refused == {"rejet.durable@premys.test": (550, b"5.1.1 Recipient address rejected: user unknown")}
    assert [found["to"] for found in listed(mail, http)] == [["helene@premys.test"]]


def test_refused_address_alone_leaves_no_message(mail: "MailSink", http: requests.Session) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mail, letter("rejet@premys.test"))
    assert listed(mail, http) == []


def test_later_address_is_put_off_once(mail: "MailSink", http: requests.Session) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as put_off:
        send(mail, letter("plustard@premys.test"))
    assert put_off.value.recipients["plustard@premys.test"][0] == 451
    send(mail, letter("plustard@premys.test"))
    assert len(listed(mail, http, "plustard@premys.test")) == 1


def test_attachment_comes_back_byte_for_byte(mail: "MailSink", http: requests.Session) -> None:
    message, content = letter(), bytes(range(256)) * 40
    message.add_attachment(content, maintype="application", subtype="pdf", filename="facture n° 12.pdf")
    send(mail, message)
    [found] = listed(mail, http)
    [attachment] = found["attachments"]
    assert (attachment["name"], attachment["content_type"], attachment["size"]) == (
        "facture n° 12.pdf",
        "application/pdf",
        len(content),
    )
    assert http.get(f"{mail.address}{attachment['url']}").content == content
    assert http.get(f"{mail.address}/messages/{found['id']}/attachments/1").status_code == 404


def test_message_page_fences_the_html_part_in(mail: "MailSink", http: requests.Session) -> None:
    message = letter(subject="<script>alert(1)</script>")
    send(mail, message)
    [found] = listed(mail, http)
    page = http.get(f"{mail.address}/messages/{found['id']}")
    assert "<script" not in page.text
    assert f'<iframe title="Message en HTML" src="/messages/{found["id"]}/html">' in page.text
    assert f'<a href="{LINK}">' in page.text
    part = http.get(f"{mail.address}/messages/{found['id']}/html")
    assert part.headers["Content-Security-Policy"].startswith(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'"
    )
    assert '<head><base target="_blank"><title>' in part.text


def test_raw_message_is_what_was_sent_under_its_envelope(mail: "MailSink", http: requests.Session) -> None:
    send(mail, letter(), "helene@premys.test", "copie@premys.test")
    [found] = listed(mail, http)
    raw = http.get(f"{mail.address}/messages/{found['id']}/raw").text
    assert raw.splitlines()[:3] == [
        "Return-Path: <ne-pas-repondre@jefacture.test>",
        "Delivered-To: helene@premys.test",
        "Delivered-To: copie@premys.test",
    ]


def test_unknown_charset_is_read_as_well_as_can_be(mail: "MailSink", http: requests.Session) -> None:
    raw = (
        "From: a@premys.test\r\nTo: helene@premys.test\r\nSubject: x\r\n"
        "Content-Type: text/plain; charset=inconnu\r\n\r\nBonjour\r\n"
    )
    with smtplib.SMTP("127.0.0.1", mail.smtp_port, timeout=5) as smtp:
        smtp.sendmail("a@premys.test", ["helene@premys.test"], raw)
    assert [found["text"] for found in listed(mail, http)] == ["Bonjour\n"]


def test_state_is_the_maildir_so_a_restart_keeps_the_messages(
    mail: "MailSink", run: "Run", http: requests.Session, free_port: int
) -> None:
    send(mail, letter())
    before = listed(mail, http)
    assert len(mailbox.Maildir(mail.maildir)) == 1
    with run(
        "sandbox.mail", "--smtp-port", str(free_port), "--http-port", "0", "--maildir", str(mail.maildir)
    ) as other:
        assert http.get(f"{other}/messages.json").json() == before


def test_messages_can_be_cleared(mail: "MailSink", http: requests.Session) -> None:
    send(mail, letter())
    http.delete(f"{mail.address}/messages").raise_for_status()
    assert listed(mail, http) == []


def test_list_page_shows_messages_or_says_there_are_none(mail: "MailSink", http: requests.Session) -> None:
    assert "Aucun message pour le moment" in http.get(f"{mail.address}/").text
    send(mail, letter())
    assert "Votre invitation à jefacture</a>" in http.get(f"{mail.address}/").text
    assert http.get(f"{mail.address}/messages/inconnu").status_code == 404
    assert http.get(f"{mail.address}/healthz").text == "ok"
