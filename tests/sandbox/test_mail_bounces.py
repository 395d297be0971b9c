"""« Faire rebondir »: a real report goes to the message's return address over SMTP."""

import smtplib
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests

from tests.outbox.smtp_server import smtp_server
from tests.sandbox.conftest import Run

_RETURN = "rebond-abc@retours.jefacture.test"


@pytest.mark.parametrize(("kind", "fields"), [("full", ("failed", "5.2.2")), ("delayed", ("delayed", "4.4.1"))])
def test_bounce_reports_to_the_return_address(
    run: Run, http: requests.Session, tmp_path: Path, kind: str, fields: tuple[str, str]
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with smtp_server() as returns:
        options = ["--smtp-port", str(port), "--http-port", "0", "--maildir", str(tmp_path / "mail")]
        with run("sandbox.mail", *options, "--returns-port", returns.url.rpartition(":")[2]) as page:
            letter = EmailMessage()
            letter["Subject"], letter["To"] = "Votre invitation", "helene@premys.test"
            letter.set_content("Bonjour")
            with smtplib.SMTP("127.0.0.1", port, local_hostname="test") as connection:
                connection.sendmail(_RETURN, ["helene@premys.test"], letter.as_bytes())
            [message] = http.get(f"{page}/messages.json").json()
            assert "Faire rebondir" in http.get(f"{page}/messages/{message['id']}").text
            answer = http.post(f"{page}/messages/{message['id']}/rebond", data={"kind": kind})
            assert f"« Votre invitation » est revenu à {_RETURN}." in answer.text.replace("\u00a0", " ")
    [report] = returns.messages
    assert (returns.senders, report["To"]) == (["<>"], _RETURN)
    [part] = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    told = part.get_payload()[1]  # type: ignore[index] # groups of fields
    assert told["Final-Recipient"] == "rfc822; helene@premys.test"  # type: ignore[index]
    assert (told["Action"], told["Status"]) == fields  # type: ignore[index]
