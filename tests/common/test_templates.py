"""What every template keeps to: nothing inline that the content security policy refuses, French spaces, one button."""

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from lxml import html

ROOT = Path(__file__).parent.parent.parent / "templates"
PAGES = sorted(path for path in ROOT.rglob("*.html") if "email" not in path.parent.name)
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[a-zA-Z/!][^<>]*>", re.DOTALL)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_page_has_no_inline_style_script_or_handler(page: Path) -> None:
    found = re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", page.read_text())

    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_page_text_keeps_french_spaces_together(page: Path) -> None:
    text = _TAGS.sub("", re.sub(r"{% comment %}.*?{% endcomment %}", "", page.read_text(), flags=re.DOTALL))

    assert re.findall(r".{0,20}(?:[^\s] [;:!?](?=\s|$)|« | »).{0,20}", text, flags=re.MULTILINE) == []


class Sample(forms.Form):
    name = forms.CharField(label="Raison sociale", help_text="Telle que sur le Kbis.")
    secret = forms.CharField(label="Mot de passe", widget=forms.PasswordInput)
    note = forms.CharField(label="Mot", required=False)
    side = forms.ChoiceField(label="Qui paie", choices=[("c", "Cabinet")], widget=forms.RadioSelect)
    terms = forms.BooleanField(label="J'accepte")


def _parsed(text: str) -> Any:
    return html.fromstring(text)


def _render(form: forms.Form) -> Any:
    return _parsed(f"<div>{form}</div>")


def test_form_untouched_has_no_summary_and_says_what_is_optional() -> None:
    page = _render(Sample())

    assert (page.xpath("//*[@data-error-summary]"), page.xpath('//span[@class="opt"]/../text()[1]')) == ([], ["Mot "])


class Spaced(forms.Form):
    name = forms.CharField(
        label="Nom : le vrai", help_text="Complet ; sans titre.", error_messages={"required": "Quoi ?"}
    )


def test_words_of_forms_and_notes_get_their_french_spaces() -> None:
    page = _render(Spaced({})).text_content() + _note("Perdu : rien ?")

    assert [
        words in page for words in ("Nom\u00a0: le", "Complet\u202f;", "Quoi\u202f?", "Perdu\u00a0: rien\u202f?")
    ] == ([True] * 4)
    assert re.findall(r"\S [:;?]", page) == []


def _note(text: str) -> str:
    return str(_parsed(render_to_string("components/note.html", {"tone": "info", "text": text})).text_content())


def test_form_with_errors_sums_them_up_with_links_to_fields_that_exist() -> None:
    page = _render(Sample({"note": "x"}))
    targets = [link.get("href")[1:] for link in page.xpath("//*[@data-error-summary]//a")]

    assert targets == ["id_name", "id_secret", "id_side_0", "id_terms"]
    assert [len(page.xpath(f'//*[@id="{target}"]')) for target in targets] == [1, 1, 1, 1]


def test_field_is_tied_to_its_help_and_its_error() -> None:
    page = _render(Sample({}))
    field = page.xpath('//input[@name="name"]')[0]

    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "id_name_helptext id_name_error")
    assert [page.xpath(f'count(//*[@id="{name}"])') for name in field.get("aria-describedby").split()] == [1.0, 1.0]


def test_password_can_be_shown() -> None:
    assert [button.get("aria-label") for button in _render(Sample()).xpath("//button")] == ["Afficher le mot de passe"]


def test_error_page_needs_no_request() -> None:
    page = _parsed(render_to_string("500.html", {"reference": "7F3A21C09B"}))

    assert [str(heading.text).strip() for heading in page.xpath("//h1")] == ["Une erreur est survenue"]
    assert page.xpath('//p[contains(@class, "reference")]/span/text()') == ["7F3A21C09B"]


def test_email_has_one_button_and_says_why_it_came() -> None:
    context = {"button_url": "https://jefacture.test/x/", "button_label": "Créer mon accès", "why": "Parce que."}
    page = _parsed(render_to_string("email/base.html", context))

    assert [link.text for link in page.xpath('//td[@class="button"]/a')] == ["Créer mon accès"]
    assert [part.text for part in page.xpath("//b") if part.tail == " Parce que."] == [
        "Pourquoi je reçois ce message\u202f?"
    ]
    assert page.xpath("//img | //script | //link") == []


def test_progress_card_asks_again_only_while_it_runs() -> None:
    card = "components/progress_card.html"
    running = {"title": "Import", "done": 3120, "total": 4960, "poll_url": "/avancement/"}
    shown = [_parsed(render_to_string(card, running | extra)) for extra in ({}, {"finished": True})]

    assert [page.get("hx-get") for page in shown] == ["/avancement/", None]
    assert [page.xpath("//progress/@value") for page in shown] == [["3120"], []]
