"""A posted form that meets the end of ComptExpert's token is given back, to be sent again."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firms.models import Firm, Membership
from tests.firms.comptexpert.test_renewal import PROFILE, USERS, role_address
from tests.firms.conftest import LOGIN, Browser

pytestmark = pytest.mark.django_db


def test_renewal_token_over_posted_form_waits_on_the_page(marie: Browser) -> None:
    address = role_address("paul.martin")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = marie.client.cookies
    csrf = marie.client.get(USERS).context["csrf_token"]
    marie.comptexpert.commit("userinfo_401", once=True)

    form = {"role": "administrator", "note": ["a", "<b>"], "password": "s3cret", "csrfmiddlewaretoken": csrf}
    page = strict.post(address, form)

    assert (page.status_code, Membership.objects.get(user__subject="paul.martin").role) == (401, "user")
    html = page.content.decode()
    assert f'action="{address}"' in html
    assert '<input type="hidden" name="note" value="&lt;b&gt;">' in html
    assert "s3cret" not in html
    silent = marie.leave(f"{LOGIN}?silencieux=1&next=/comptexpert/reconnecte/")
    back = marie.client.get(marie.pass_silently(silent))
    assert marie.client.get(back["Location"]).status_code == 200
    again = strict.post(address, {"role": "administrator", "csrfmiddlewaretoken": page.context["csrf_token"]})
    assert (again.status_code, Membership.objects.get(user__subject="paul.martin").role) == (302, "administrator")


def test_renewal_token_over_posted_file_is_chosen_again_beside_what_was_typed(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_401", once=True)
    form = {"sender_name": "Durand", "logo_file": SimpleUploadedFile("logo.png", b"x")}

    page = marie.client.post(f"{PROFILE}modifier/", form).content.decode()

    assert 'enctype="multipart/form-data"' in page
    assert '<input type="hidden" name="sender_name" value="Durand">' in page
    assert "«\u00a0logo.png\u00a0»" in page
    assert re.findall(r'<input[^>]+type="file"[^>]+name="(\w+)"', page) == ["logo_file"]
    assert Firm.objects.get().sender_name == ""


def test_renewal_comptexpert_away_for_long_posted_form_waits_on_the_page(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_500")
    session = marie.client.session
    session["comptexpert"] |= {"read_at": session["comptexpert"]["read_at"] - 301}
    session.save()

    page = marie.client.post(role_address("paul.martin"), {"role": "administrator"})

    assert page.status_code == 503
    assert '<input type="hidden" name="role" value="administrator">' in page.content.decode()
    assert "ComptExpert ne répond pas" in page.content.decode()
