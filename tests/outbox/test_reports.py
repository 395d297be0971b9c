"""Reports as servers write them, and what must not be taken for one."""

from pathlib import Path

import pytest

from outbox.reports import Report, read_report

_REPORTS = Path(__file__).parent / "reports"


def read(name: str, *, sender: str = "") -> Report | None:
    return read_report((_REPORTS / f"{name}.eml").read_bytes(), sender=sender)


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        (
            "postfix",
            "5.1.1",
            "550 5.1.1 <gerant@entreprise.test>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
        (
            "exchange",
            "5.1.10",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
        ("gmail", "5.2.2", "452-4.2.2 The recipient's inbox is out of storage space."),
        ("expired", "4.4.1", "connect to lent.test[192.0.2.9]:25: Connection timed out"),
        ("qmail", "5.2.1", "550 5.2.1 <gerant@vieux.test>... Mailbox disabled for this recipient"),
        ("exim", "", "550 No such person at this address"),
        ("broken", "5.1.1", "554 delivery error: This user doesn't have an account (#5.1.1)"),
    ],
)
def test_report_says_why_the_message_was_given_up(name: str, status: str, said: str) -> None:
    assert read(name) == Report(status=status, said=said)


@pytest.mark.parametrize("name", ["delayed", "relayed", "exim_warning", "holiday", "person", "receipt"])
@pytest.mark.parametrize("sender", ["", "gerant@entreprise.test", "mailer-daemon@entreprise.test"])
def test_what_is_no_report_is_left_alone(name: str, sender: str) -> None:
    assert read(name, sender=sender) is None


def test_report_in_words_alone_that_a_person_sends_is_left_alone() -> None:
    assert read("qmail", sender="gerant@vieux.test") is None


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\xff\xfe\x00" * 100, b"Content-Type: multipart/report\r\n\r\n--"])
def test_nonsense_is_left_alone(content: bytes) -> None:
    assert read_report(content, sender="") is None


def test_report_before_a_large_copy_of_the_message_is_read() -> None:
    report = (_REPORTS / "postfix.eml").read_bytes()
    assert read_report(report + b"x" * 20_000_000, sender="") == read("postfix")
