"""Who invites: the name, the logo and the contact that the firm chose, in the message and behind its link."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from clients.enums import ClientStatus
from clients.models import Client
from firms.models import Firm, Membership
from firms.profile import save_contact, set_logo
from tests.browsing import text_of
from tests.factories import Cabinet, make_client, make_company, make_owner
from tests.invitations.conftest import Link, send_waiting_mail, texts_of
from tests.outbox.smtp_server import Recorder

Send = Callable[[Membership, Client], Link]


@pytest.fixture
def firm(cabinet: Cabinet, other_cabinet: Cabinet) -> Firm:
    """Two firms with a profile of their own; the first one's."""
    for each, name in ((cabinet, "Durand Conseil"), (other_cabinet, "Bernard")):
        email = f"bonjour@{name.split()[0].lower()}.test"
        save_contact(each.administrator, sender_name=name, contact_email=email, contact_phone="01 23 45 67 89")
        set_logo(each.administrator, picture=b"a picture")
    return cabinet.administrator.firm


def test_message_leaves_in_the_firm_s_name_and_is_answered_to_it(
    firm: Firm, cabinet: Cabinet, send_invitation: Send, smtp: Recorder
) -> None:
    send_invitation(cabinet.administrator, cabinet.client)
    [message] = smtp.messages
    assert message["From"] == "Durand Conseil via jefacture <ne-pas-repondre@jefacture.test>"
    assert message["Reply-To"] == "bonjour@durand.test"
    assert message["Subject"] == "Durand Conseil vous invite sur jefacture"
    [text] = texts_of(smtp)
    assert "Joignez Durand Conseil : bonjour@durand.test · 01 23 45 67 89" in " ".join(text.split())
    assert firm.name not in text


def test_page_behind_the_link_shows_the_firm(firm: Firm, cabinet: Cabinet, send_invitation: Send) -> None:
    link = send_invitation(cabinet.administrator, cabinet.client)
    answer = Browser().get(link.path)
    page = answer.content.decode()
    assert f'src="/logos/{firm.logo}/"' in page
    assert page.count('src="/logos/') == 1
    assert "Durand Conseil vous ouvre un espace" in text_of(answer)
    assert "Durand Conseil : bonjour@durand.test · 01 23 45 67 89" in text_of(answer)


def test_firm_that_said_nothing_is_named_by_its_identity(
    cabinet: Cabinet, send_invitation: Send, smtp: Recorder
) -> None:
    link = send_invitation(cabinet.administrator, cabinet.client)
    answer = Browser().get(link.path)
    assert ("/logos/" in answer.content.decode(), "mailto:" in answer.content.decode()) == (False, False)
    assert "Cabinet Durand & Associés vous ouvre un espace" in text_of(answer)
    [message] = smtp.messages
    assert message["From"] == "Cabinet Durand & Associés via jefacture <ne-pas-repondre@jefacture.test>"
    assert (message["Reply-To"], "Joignez" in texts_of(smtp)[0]) == (None, False)


def test_owner_who_is_asked_reads_the_firm_s_contact_and_answers_to_it(
    firm: Firm, cabinet: Cabinet, other_cabinet: Cabinet, send_invitation: Send, smtp: Recorder
) -> None:
    company = make_company()
    make_owner(company, email="patronne@entreprise.test")
    make_client(other_cabinet.firm, company=company, status=ClientStatus.ACTIVE)
    asked = make_client(cabinet.firm, siren=company.siren, contact_email="compta@entreprise.test")
    link = send_invitation(cabinet.administrator, asked)
    assert Browser().post(link.path, link.form).status_code == 302
    send_waiting_mail()
    [message] = [message for message in smtp.messages if message["To"] == "patronne@entreprise.test"]
    assert (firm.name in message["Subject"], message["Reply-To"]) == (True, "bonjour@durand.test")
    assert f"Joignez {firm.name} : bonjour@durand.test · 01 23 45 67 89" in " ".join(texts_of(smtp)[-1].split())
