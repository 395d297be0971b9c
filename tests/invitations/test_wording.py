"""A firm's own words in its invitations, how they look before they leave, and who sets them."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import escape

from common.models import JournalEntry
from common.tenancy import tenant
from invitations.models import InvitationBatch
from invitations.selectors import settings_of
from invitations.services import invite
from tests.browsing import text_of
from tests.factories import Cabinet, make_client
from tests.invitations.conftest import browser_of, send_waiting_mail, texts_of
from tests.outbox.smtp_server import Recorder

_WORDS = "Bonjour,\nvoyez <b>https://exemple.test</b> & à bientôt."


def url(name: str, cabinet: Cabinet) -> str:
    return reverse(f"invitations:{name}", args=[cabinet.firm.siret])


@pytest.fixture
def browser(cabinet: Cabinet) -> Browser:
    return browser_of(cabinet.administrator.user)


def html_of(recorder: Recorder) -> str:
    part = recorder.messages[-1].get_body(("html",))
    assert part is not None
    return str(part.get_content())


def settings_form(**changes: object) -> dict[str, object]:
    return {"words": _WORDS, "reminder_days": "7", "max_reminders": "2", **changes}


def test_words_are_text_in_both_parts_and_nothing_else(cabinet: Cabinet, browser: Browser, smtp: Recorder) -> None:
    answer = browser.post(url("settings", cabinet), settings_form(words=_WORDS.replace("\n", "\r\n")))
    assert answer["Location"] == url("settings", cabinet)
    invite(cabinet.administrator, client=cabinet.client)
    send_waiting_mail()
    assert _WORDS in texts_of(smtp)[-1].replace("\r\n", "\n")
    assert "Bonjour,<br>voyez &lt;b&gt;https://exemple.test&lt;/b&gt; &amp; à bientôt." in html_of(smtp)
    assert 'href="https://exemple.test' not in html_of(smtp)


def test_clients_of_one_batch_read_their_own_names(cabinet: Cabinet, smtp: Recorder) -> None:
    for name, first_name in (("Dupré & <b>Fils</b>", "Zoé"), ("Martin", "")):
        invite(cabinet.administrator, client=make_client(cabinet.firm, name=name, contact_first_name=first_name))
        send_waiting_mail()
        greeting = f"Bonjour {first_name}," if first_name else "Bonjour,"
        assert greeting in texts_of(smtp)[-1]
        assert f"{cabinet.firm.name} ouvre à {name} un espace" in texts_of(smtp)[-1]
        assert greeting in html_of(smtp)
        assert f"ouvre à {escape(name)} un espace" in html_of(smtp)


def test_preview_is_the_e_mail_in_a_closed_frame(cabinet: Cabinet, browser: Browser) -> None:
    answer = browser.post(url("preview", cabinet), {"words": _WORDS, "client": str(cabinet.client.pk)})
    page = answer.content.decode()
    assert "Bonjour,<br>voyez &lt;b&gt;https://exemple.test&lt;/b&gt;" in page
    assert cabinet.client.name in page
    assert {link for link in page.split('href="')[1:] if not link.startswith('#"')} == set()
    assert answer["Content-Security-Policy"].split("; ")[-2:] == ["sandbox", "frame-ancestors 'self'"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_preview_shows_no_client_of_another_firm(cabinet: Cabinet, other_cabinet: Cabinet, browser: Browser) -> None:
    page = browser.post(url("preview", cabinet), {"client": str(other_cabinet.client.pk)}).content.decode()
    assert (other_cabinet.client.name in page, "Votre client" in page) == (False, True)


def test_settings_are_an_administrator_s_to_change_and_everybody_s_to_read(
    cabinet: Cabinet, other_cabinet: Cabinet, browser: Browser
) -> None:
    browser.post(url("settings", cabinet), settings_form(words="Nos mots."))
    member = browser_of(cabinet.assigned.user)
    assert "Nos mots." in text_of(member.get(url("settings", cabinet)))
    assert member.post(url("settings", cabinet), settings_form(words="Les miens.")).status_code == 403
    with tenant(firm=cabinet.firm.pk):
        found = settings_of(cabinet.firm.pk)
        [entry] = JournalEntry.objects.filter(action="invitation.settings_changed")
    assert (found.words, found.reminder_days, found.max_reminders) == ("Nos mots.", 7, 2)
    assert entry.data == {"words": "Nos mots.", "reminder_days": 7, "max_reminders": 2}
    with tenant(firm=other_cabinet.firm.pk):
        assert settings_of(other_cabinet.firm.pk).words == ""


@pytest.mark.parametrize("change", [{"words": "x" * 1001}, {"reminder_days": "2"}, {"max_reminders": "3"}])
def test_settings_beyond_what_is_offered_are_refused(
    cabinet: Cabinet, browser: Browser, change: dict[str, str]
) -> None:
    assert browser.post(url("settings", cabinet), settings_form(**change)).status_code == 422
    with tenant(firm=cabinet.firm.pk):
        assert settings_of(cabinet.firm.pk).reminder_days == 0


def test_line_break_counts_as_one_character_and_one_too_many_is_told(cabinet: Cabinet, browser: Browser) -> None:
    ids = {"ids": [str(cabinet.client.pk)]}
    told = browser.post(url("start", cabinet), {**ids, "words": "x" * 1001}, follow=True)
    assert "au plus 1000 caractères" in text_of(told)
    browser.post(url("start", cabinet), {**ids, "words": "x" * 499 + "\r\n" + "x" * 500})
    with tenant(firm=cabinet.firm.pk):
        assert len(InvitationBatch.objects.get().words) == 1000
