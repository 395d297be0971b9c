"""The previews show every e-mail there is, and what each e-mail must hold."""

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from jefacture.previews.kinds import SAMPLES, Kind, account_prefixes, kinds, template_names

KINDS = list(kinds().values())


@pytest.fixture
def _open(settings: Settings) -> None:
    settings.DEVELOPMENT_PAGES = True


def test_every_template_has_a_sample() -> None:
    assert template_names() == sorted(SAMPLES)
    assert len(KINDS) == len(SAMPLES) + len(account_prefixes())


@pytest.mark.parametrize("path", ["", "invitation/", "invitation/clair/"])
def test_previews_do_not_exist_unless_asked_for(path: str) -> None:
    assert Client().get(f"/dev/emails/{path}").status_code == 404


@pytest.mark.usefixtures("_open")
def test_list_leads_to_every_email() -> None:
    page = Client().get("/dev/emails/").content.decode()
    assert set(re.findall(r"/dev/emails/([\w-]+)/", page)) == {kind.key for kind in KINDS}


@pytest.mark.usefixtures("_open")
def test_preview_shows_both_parts_fenced_in() -> None:
    page = Client().get("/dev/emails/invitation/").content.decode()
    assert page.count("<iframe") == 4
    assert "Pourquoi je reçois ce message" in page
    dark = Client().get("/dev/emails/invitation/sombre/")
    assert "@media all" in dark.content.decode()
    assert "sandbox" in dark["Content-Security-Policy"]
    assert Client().get("/dev/emails/rien/").status_code == 404


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_email_says_who_writes_why_and_what_in_both_parts(kind: Kind) -> None:
    subject, parts = kind.render()
    html = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", parts.html)))
    text = re.sub(r"\s+", " ", parts.text)
    assert subject
    for part in (html, text):
        assert re.search(r"Pourquoi je reçois ce message \? \S+", part)
        assert "Envoyé par jefacture" in part
        assert "Nous ne demandons jamais un mot de passe par e-mail." in part


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_email_is_plain_enough_for_any_program(kind: Kind) -> None:
    html = kind.render()[1].html
    assert html.count("<h1") == 1
    assert '<html lang="fr"' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    for fetched in ("<img", "<script", "<link", "url(", "src="):
        assert fetched not in html
    assert len(html.encode()) < 100_000  # more is cut off by some
    assert all('role="presentation"' in table for table in re.findall(r"<table[^>]*>", html))
