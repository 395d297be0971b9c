"""API keys on the firm's profile: made, changed, regenerated, revoked, and what the journal keeps of it."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from common.models import JournalEntry
from common.tenancy import tenant
from common.typography import datetime_fr
from firms.enums import Scope
from firms.keys import find_key, issue_key, note_use
from firms.models import ApiKey, Firm, PartnerSoftware
from tests.browsing import signed_in, text_of
from tests.factories import Cabinet, make_cabinet

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet() -> Cabinet:
    return make_cabinet()


@pytest.fixture
def browser(cabinet: Cabinet) -> Browser:
    return signed_in(cabinet.administrator.user)


@pytest.fixture
def software() -> PartnerSoftware:
    return PartnerSoftware.objects.create(slug="essai", name="Logiciel d'essai")


def address(firm: Firm, page: str = "") -> str:
    return f"/cabinets/{firm.siret}/profil/{page}"


def end_of(days: int) -> tuple[str, datetime]:
    """A day as the form takes it, and its end in Paris."""
    day = timezone.localdate() + timedelta(days=days)
    return day.isoformat(), timezone.make_aware(datetime.combine(day, time.max))


def journal_of(firm: Firm) -> list[tuple[str, dict[str, Any]]]:
    with tenant(firm=firm.pk):
        lines = JournalEntry.objects.filter(action__startswith="api_key.").order_by("id")
        return list(lines.values_list("action", "data"))


def test_key_is_made_with_its_rules(cabinet: Cabinet, browser: Browser, software: PartnerSoftware) -> None:
    day, end = end_of(10)
    page = text_of(
        browser.post(
            address(cabinet.firm, "cles/nouvelle/"),
            {
                "name": "ACD",
                "scopes": ["read"],
                "software": str(software.pk),
                "networks": "203.0.113.7\n2001:DB8::/32, 198.51.100.0/24",
                "expires_on": day,
            },
            follow=True,
        )
    )
    key = ApiKey.objects.get()
    assert (key.firm, key.name, key.scopes, key.software) == (cabinet.firm, "ACD", ["read"], software)
    assert (key.networks, key.expires_at) == (["203.0.113.7", "2001:db8::/32", "198.51.100.0/24"], end)
    told = {
        "key_name": "ACD",
        "scopes": "Lire",
        "software": "Logiciel d'essai",
        "networks": "203.0.113.7, 2001:db8::/32, 198.51.100.0/24",
        "expires_at": datetime_fr(end),
    }
    assert journal_of(cabinet.firm) == [("api_key.issued", told)]
    for words in (*list(told.values())[1:4], f"Fonctionne jusqu'au {datetime_fr(end)}", "Aucun appel reçu"):
        assert text_of_words(words) in page


def text_of_words(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def test_key_without_rules_is_for_all_from_anywhere_without_end(cabinet: Cabinet, browser: Browser) -> None:
    browser.post(address(cabinet.firm, "cles/nouvelle/"), {"name": "Clé", "scopes": ["read", "acknowledge"]})
    key = ApiKey.objects.get()
    assert (key.software, key.networks, key.expires_at, key.scopes) == (None, [], None, ["read", "acknowledge"])
    page = text_of(browser.get(address(cabinet.firm)))
    for words in ("Tous les logiciels partenaires", "De partout", "Sans limite", "Lire, Acquitter"):
        assert words in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "jf_" + "a" * 43, "Ce nom contient une clé"),
        ("scopes", [], "obligatoire"),
        ("scopes", ["reign"], "reign"),
        ("networks", "203.0.113.300", "n'est ni une adresse IP ni une plage"),
        ("networks", "203.0.113.7/24", "écrivez 203.0.113.0/24"),
        ("networks", "fe80::1%" + "z" * 60, "n'est ni une adresse IP ni une plage"),
        ("networks", " ".join(f"10.0.0.{n}" for n in range(51)), "50 adresses ou plages au plus"),
        ("expires_on", "2020-01-01", "Ce jour est passé"),
        ("expires_on", "9999-12-31", "Ce jour est trop lointain"),
        ("software", "00000000-0000-0000-0000-000000000000", "choix"),
    ],
)
def test_rule_that_cannot_be_is_told_beside_its_field(
    cabinet: Cabinet, browser: Browser, field: str, value: object, words: str
) -> None:
    values = {"name": "ACD", "scopes": ["read"], field: value}
    answer = browser.post(address(cabinet.firm, "cles/nouvelle/"), values)
    assert (answer.status_code, words in text_of(answer), ApiKey.objects.count()) == (422, True, 0)


def test_key_is_changed_and_the_journal_has_before_and_after(
    cabinet: Cabinet, browser: Browser, software: PartnerSoftware
) -> None:
    key, raw = issue_key(cabinet.firm, name="Clé", scopes=[Scope.READ], networks=["192.0.2.1"], software=software)
    PartnerSoftware.objects.update(enabled=False)
    path = address(cabinet.firm, f"cles/{key.pk}/")
    page = browser.get(path)
    assert page.context["form"].initial["networks"] == "192.0.2.1"
    same = {"name": "Clé", "scopes": ["read"], "software": str(software.pk), "networks": "192.0.2.1"}
    assert browser.post(path, same).status_code == 302
    assert journal_of(cabinet.firm) == []
    browser.post(path, {**same, "scopes": ["read", "deposit"], "networks": "192.0.2.0/28"})
    changes = {"scopes": ("Lire", "Lire, Déposer"), "networks": ("192.0.2.1", "192.0.2.0/28")}
    before, after = ({name: pair[n] for name, pair in changes.items()} for n in (0, 1))
    assert journal_of(cabinet.firm) == [("api_key.changed", {"before": before, "after": after})]
    found = find_key(raw)
    assert found
    assert (found.pk, found.scopes, found.networks) == (key.pk, ["read", "deposit"], ["192.0.2.0/28"])


def test_regenerated_key_has_the_rules_and_the_life_of_the_old_one(
    cabinet: Cabinet, browser: Browser, software: PartnerSoftware
) -> None:
    now = timezone.now()
    key, _raw = issue_key(
        cabinet.firm,
        name="ACD",
        scopes=[Scope.READ],
        software=software,
        networks=["192.0.2.1"],
        expires_at=now + timedelta(days=3),
    )
    ApiKey.objects.update(created_at=now - timedelta(days=362))
    browser.post(address(cabinet.firm, f"cles/{key.pk}/regenerer/"), {"grace": "7"})
    old, new = ApiKey.objects.order_by("created_at")
    assert (new.name, new.scopes, new.software, new.networks) == ("ACD", ["read"], software, ["192.0.2.1"])
    assert new.expires_at is not None
    assert old.replaced_at is not None
    assert abs(new.expires_at - now - timedelta(days=365)) < timedelta(minutes=1)
    assert old.expires_at == now + timedelta(days=3)  # the grace never makes it longer
    for act in ("", "regenerer/"):  # a replaced key stays what it was
        values = {"name": "Autre", "scopes": ["read"], "grace": "0"}
        told = text_of(browser.post(address(cabinet.firm, f"cles/{key.pk}/{act}"), values, follow=True))
        assert "Cette clé est déjà remplacée." in told
    assert ApiKey.objects.count() == 2


def test_revoked_key_opens_nothing_and_is_gone(cabinet: Cabinet, browser: Browser) -> None:
    key, raw = issue_key(cabinet.firm, name="ACD")
    kept, kept_raw = issue_key(cabinet.firm, name="EBP")
    path = address(cabinet.firm, f"cles/{key.pk}/revoquer/")
    assert "La clé « ACD » est révoquée" in text_of(browser.post(path, follow=True))
    assert (find_key(raw), find_key(kept_raw)) == (None, kept)
    assert journal_of(cabinet.firm) == [("api_key.revoked", {})]
    page = text_of(browser.get(address(cabinet.firm)))
    assert ("ACD" in page.replace("« ACD »", ""), "EBP" in page) == (False, True)
    assert [browser.post(path).status_code, browser.get(address(cabinet.firm, f"cles/{key.pk}/")).status_code] == [
        404
    ] * 2


def test_replaced_key_can_be_revoked_before_its_grace_is_over(cabinet: Cabinet, browser: Browser) -> None:
    key, raw = issue_key(cabinet.firm, name="ACD")
    browser.post(address(cabinet.firm, f"cles/{key.pk}/regenerer/"), {"grace": "30"})
    assert find_key(raw) == key
    browser.post(address(cabinet.firm, f"cles/{key.pk}/revoquer/"))
    assert find_key(raw) is None


def test_expired_key_stays_listed_and_a_replaced_one_goes(cabinet: Cabinet, browser: Browser) -> None:
    past = timezone.now() - timedelta(hours=1)
    issue_key(cabinet.firm, name="Clé de 2025", expires_at=past)
    replaced, _raw = issue_key(cabinet.firm, name="Clé d'avant", expires_at=past)
    ApiKey.objects.filter(pk=replaced.pk).update(replaced_at=past)
    page = text_of(browser.get(address(cabinet.firm)))
    assert "Clé de 2025 Expirée" in page
    assert f"Ne fonctionne plus depuis le {text_of_words(datetime_fr(past))}" in page
    assert "Clé d'avant" not in page


def test_last_use_is_written_at_most_once_a_minute_and_shown(cabinet: Cabinet, browser: Browser) -> None:
    key, _raw = issue_key(cabinet.firm, name="ACD")
    moments = []
    for seconds in (0, 59, 61):
        if seconds:
            ApiKey.objects.update(last_used_at=timezone.now() - timedelta(seconds=seconds))
        key.refresh_from_db()
        before = key.last_used_at
        note_use(key)
        key.refresh_from_db()
        moments.append(key.last_used_at != before)
    assert moments == [True, False, True]
    assert text_of_words(f"Dernier appel {datetime_fr(key.last_used_at)}") in text_of(
        browser.get(address(cabinet.firm))
    )


def test_refused_address_is_shown_with_its_key(cabinet: Cabinet, browser: Browser) -> None:
    now = timezone.now()
    key, _raw = issue_key(cabinet.firm, name="ACD", networks=["192.0.2.1"])
    ApiKey.objects.filter(pk=key.pk).update(refused_at=now, refused_from="203.0.113.9")
    words = text_of_words(f"Un appel depuis 203.0.113.9 a été refusé le {datetime_fr(now)}")
    assert words in text_of(browser.get(address(cabinet.firm)))


@pytest.mark.parametrize("act", ["", "revoquer/"])
def test_key_of_another_firm_or_by_a_collaborator_is_out_of_reach(cabinet: Cabinet, act: str) -> None:
    other = make_cabinet()
    key, raw = issue_key(cabinet.firm, name="ACD")
    values = {"name": "Volée", "scopes": ["read"]}
    for member, firm, status in (
        (cabinet.assigned, cabinet.firm, 403),
        (other.administrator, cabinet.firm, 404),
        (other.administrator, other.firm, 404),
    ):
        answer = signed_in(member.user).post(address(firm, f"cles/{key.pk}/{act}"), values)
        assert answer.status_code == status
    found = find_key(raw)
    assert found
    assert found.name == "ACD"
    assert "ACD" not in text_of(signed_in(other.administrator.user).get(address(other.firm)))
