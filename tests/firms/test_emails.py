"""« Journal des e-mails »: the firm's messages, what became of them and what can be done about it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from common.models import JournalEntry
from common.tenancy import tenant
from outbox.enums import EmailKind, EmailState
from outbox.models import OutgoingEmail
from outbox.services import queue
from tests.browsing import signed_in, text_of
from tests.factories import Cabinet, make_cabinet

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet() -> Cabinet:
    return make_cabinet()


def make_email(cabinet: Cabinet, subject: str, **fields: Any) -> OutgoingEmail:
    """An invitation's message unless told otherwise, in the state given."""
    with tenant(firm=cabinet.firm.pk):
        kind = fields.pop("kind", EmailKind.INVITATION)
        recipient = fields.pop("recipient", "gerant@entreprise.test")
        email = queue(kind=kind, recipient=recipient, subject=subject, text="Bonjour", about=uuid4())
        OutgoingEmail.objects.filter(pk=email.pk).update(**fields)
        email.refresh_from_db()
    return email


def address(cabinet: Cabinet, query: str = "") -> str:
    return f"/cabinets/{cabinet.firm.siret}/emails/{query}"


def shown(cabinet: Cabinet, query: str = "") -> str:
    answer = signed_in(cabinet.administrator.user).get(address(cabinet, query))
    assert answer.status_code == 200
    return text_of(answer)


def test_list_says_what_became_of_each_message_of_this_firm(cabinet: Cabinet) -> None:
    make_email(cabinet, "Partie", state=EmailState.SENT, wake_at=None, sent_at=timezone.now(), attempts=1)
    make_email(cabinet, "Revenue", state=EmailState.BOUNCED, wake_at=None, last_error="Cette adresse n'existe pas.")
    make_email(make_cabinet(), "Étrangère")

    page = shown(cabinet)

    assert ("Partie" in page, "Revenue" in page, "Étrangère" in page) == (True, True, False)
    assert re.search(r"Envoyé le \d\d/\d\d/\d{4} \d\d:\d\d, 1 essai\.", page)
    assert "Cette adresse n'existe pas. Vérifiez l'adresse dans le dossier du client" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=echeance", ["Échéance"]),
        ("?q=LYON", ["Rapport"]),
        ("?etat=failed", ["Rapport"]),
        ("?type=delivery", ["Facture"]),
        ("?du=2026-01-02&au=2026-01-02", ["Facture"]),
        ("?q=lyon&etat=sent", []),
        ("?etat=inconnu", []),
        ("?du=hier", []),
    ],
)
def test_list_is_narrowed(cabinet: Cabinet, query: str, found: list[str]) -> None:
    long_ago = datetime(2026, 1, 2, 22, 30, tzinfo=UTC)
    make_email(cabinet, "Échéance", state=EmailState.SENT)
    make_email(cabinet, "Rapport", recipient="direction@lyon.test", state=EmailState.FAILED)
    make_email(cabinet, "Facture", kind=EmailKind.DELIVERY, created_at=long_ago)
    page = shown(cabinet, query)
    assert [subject for subject in ("Échéance", "Rapport", "Facture") if f" {subject} " in page] == found


def test_collaborator_and_another_firm_do_not_read_it(cabinet: Cabinet) -> None:
    assert signed_in(cabinet.assigned.user).get(address(cabinet)).status_code == 403
    assert signed_in(make_cabinet().administrator.user).get(address(cabinet)).status_code == 404


@pytest.mark.parametrize(
    ("kind", "state", "act"),
    [
        (EmailKind.INVITATION, EmailState.BOUNCED, "invitations/{about}/renvoyer/"),
        (EmailKind.DELIVERY, EmailState.FAILED, "livraisons/{about}/renvoyer/"),
        (EmailKind.INVITATION, EmailState.RETRYING, "emails/{pk}/reessayer/"),
        (EmailKind.ACCOUNT, EmailState.FAILED, ""),
        (EmailKind.INVITATION, EmailState.SENT, ""),
        (EmailKind.INVITATION, EmailState.CANCELLED, ""),
    ],
)
def test_row_offers_the_act_that_can_mend_it(cabinet: Cabinet, kind: str, state: str, act: str) -> None:
    email = make_email(cabinet, "Objet", kind=kind, state=state)
    page = signed_in(cabinet.administrator.user).get(address(cabinet)).content.decode()
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert ("formaction" in rows) == bool(act)
    assert act.format(about=email.about, pk=email.pk) in rows


def test_message_that_waits_is_tried_at_once_and_the_journal_says_so(cabinet: Cabinet) -> None:
    later = timezone.now() + timedelta(minutes=40)
    email = make_email(cabinet, "Objet", state=EmailState.RETRYING, wake_at=later)
    answer = signed_in(cabinet.administrator.user).post(address(cabinet, f"{email.pk}/reessayer/"), follow=True)
    assert "L'e-mail à gerant@entreprise.test est réessayé." in text_of(answer)
    with tenant(firm=cabinet.firm.pk):
        email.refresh_from_db()
        assert JournalEntry.objects.filter(action="email.hurried", object_id=email.pk).count() == 1
    assert email.wake_at is not None
    assert email.wake_at <= timezone.now()


def test_message_that_left_meanwhile_is_not_sent_again(cabinet: Cabinet) -> None:
    email = make_email(cabinet, "Objet", state=EmailState.SENT, wake_at=None)
    answer = signed_in(cabinet.administrator.user).post(address(cabinet, f"{email.pk}/reessayer/"), follow=True)
    assert "n'attend plus" in text_of(answer)
    with tenant(firm=cabinet.firm.pk):
        email.refresh_from_db()
    assert email.wake_at is None


def test_another_firm_s_message_is_not_found(cabinet: Cabinet) -> None:
    foreign = make_email(make_cabinet(), "Objet", state=EmailState.RETRYING)
    answer = signed_in(cabinet.administrator.user).post(address(cabinet, f"{foreign.pk}/reessayer/"))
    assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries(cabinet: Cabinet, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        make_email(cabinet, f"Objet {number}", state=EmailState.BOUNCED)
    browser = signed_in(cabinet.administrator.user)
    browser.get(address(cabinet))
    with django_assert_num_queries(9):
        browser.get(address(cabinet))
