"""What every answer carries: the content policy, no caching of private pages, https where the site is https."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import CompanyUserFactory, make_company, make_owner

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.django_db


def policy(client: Client, path: str = "/") -> dict[str, list[str]]:
    header = client.get(path)["Content-Security-Policy"]
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


def page_without_tokens(client: Client, siren: str) -> str:
    page = client.get(f"/entreprises/{siren}/factures/").content.decode()
    return re.sub(r"[0-9A-F]{10}\b|[A-Za-z0-9]{64}|" + siren, "", page)


def test_content_policy_lets_nothing_run_inline(client: Client) -> None:
    found = policy(client)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == found["connect-src"] == ["'self'"]
    assert found["frame-ancestors"] == found["base-uri"] == found["object-src"] == ["'none'"]


@pytest.mark.parametrize("path", ["/", "/connexion/", "/cgu/cabinet/", "/inconnue/", "/invitation/jeton-inconnu/"])
def test_page_has_no_inline_script_or_style(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []


def test_signed_in_page_is_kept_by_nobody(client: Client) -> None:
    assert "no-store" not in client.get("/").get("Cache-Control", "")
    company = make_company()
    client.force_login(make_owner(company).person, backend="accounts.backends.CompanyBackend")
    for path in ("/", f"/entreprises/{company.siren}/factures/"):
        assert client.get(path)["Cache-Control"] == "no-store, private"


def test_other_headers_shut_what_they_can(client: Client) -> None:
    response = client.get("/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_error_page_tells_a_reference_and_no_detail(client: Client) -> None:
    response = client.get("/cabinets/73282932000074/nulle-part/")
    page = response.content.decode()
    assert response.status_code == 404
    assert re.search(r"[0-9A-F]{10}", page) is not None
    assert "Traceback" not in page


def test_form_without_its_token_is_told_so_in_french() -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/connexion/", {"login": "a@b.test", "password": "x"})
    assert response.status_code == 403
    assert "Cette page était ouverte depuis trop longtemps" in response.content.decode()


def test_company_user_is_not_told_of_another_company(client: Client) -> None:
    client.force_login(CompanyUserFactory.create(), backend="accounts.backends.CompanyBackend")
    existing, absent = make_company().siren, "999999999"
    pages = [page_without_tokens(client, s) for s in (existing, absent)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(("site", "secure"), [("https://jefacture.test", True), ("http://localhost:8000", False)])
def test_https_follows_the_scheme_of_the_site(site: str, secure: bool) -> None:  # noqa: FBT001 - parametrised
    code = (
        "import json; from jefacture.settings import test as s;"
        "names = ('SECURE_SSL_REDIRECT', 'SESSION_COOKIE_SECURE', 'CSRF_COOKIE_SECURE', 'SECURE_HSTS_SECONDS');"
        "print(json.dumps([bool(getattr(s, name)) for name in names]))"
    )
    environment = os.environ | {"SITE_URL": site}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, capture_output=True)
    assert json.loads(done.stdout) == [secure] * 4
