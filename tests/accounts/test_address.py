"""Another address for a company account: both are told, and nothing changes before the new one has answered."""

import re

from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import Mail, is_signed_in, prove, sign_in, totp
from tests.browsing import text_of
from tests.factories import PASSWORD, CompanyUserFactory

_NEW = "direction@premys.test"
_ADDRESS = "/compte/adresse/"


def _ask(browser: Client, email: str = _NEW) -> str:
    """What the page says after the new address was asked for."""
    prove(browser)
    return text_of(browser.post(_ADDRESS, {"email": email, "action_add": ""}, follow=True))


def _link(mail: Mail, address: str = _NEW) -> str:
    found = re.search(r"http://localhost:8000(/compte/adresse/\S+)", mail(address)[-1][1])
    assert found
    return found[1]


def test_address_is_asked_for_only_after_the_password(browser: Client, owner: User, mail: Mail) -> None:
    answer = browser.post(_ADDRESS, {"email": _NEW, "action_add": ""})
    assert answer["Location"] == "/compte/confirmer/?next=%2Fcompte%2Fadresse%2F"
    assert (mail(_NEW), mail(str(owner.email))) == ([], [])
    # Once that is done, what was asked is done as well.
    browser.post(answer["Location"], {"password": PASSWORD})
    assert [subject for subject, _ in mail(_NEW)] == ["Confirmez votre nouvelle adresse pour jefacture"]


def test_new_address_takes_effect_by_its_link_and_both_are_told(browser: Client, owner: User, mail: Mail) -> None:
    assert f"{_NEW} attend d'être confirmée" in _ask(browser)
    [(subject, told)] = mail("helene@premys.test")
    assert subject == "Changement d'adresse demandé pour votre compte jefacture"
    assert (_NEW in told, "choisissez un nouveau mot de passe" in told, "assistance@" in told) == (True, True, True)
    owner.refresh_from_db()
    assert owner.email == "helene@premys.test"

    link, elsewhere = _link(mail), Client()
    assert "Confirmer cette adresse" in text_of(elsewhere.get(link))
    owner.refresh_from_db()
    assert owner.email == "helene@premys.test"  # reading the page changes nothing

    assert elsewhere.post(link)["Location"] == "/connexion/"
    owner.refresh_from_db()
    assert owner.email == _NEW
    assert [subject for subject, _ in mail("helene@premys.test")][1:] == [
        "L'adresse de votre compte jefacture a changé"
    ]
    assert [is_signed_in(sign_in(owner)), is_signed_in(sign_in(User(email="helene@premys.test")))] == [True, False]
    assert "Ce lien ne sert plus" in text_of(elsewhere.get(link))


def test_link_says_why_a_stranger_got_it(browser: Client, mail: Mail) -> None:
    _ask(browser)
    assert "Quelqu'un veut faire de cette adresse celle de son compte entreprise." in mail(_NEW)[0][1]


def test_address_that_waits_opens_nothing(browser: Client, owner: User, mail: Mail) -> None:
    """Neither the password nor a reset is asked for by an address that nobody has proven."""
    _ask(browser)
    before = len(mail(_NEW))
    assert not is_signed_in(sign_in(User(email=_NEW)))
    Client().post("/mot-de-passe/oublie/", {"email": _NEW})
    assert len(mail(_NEW)) == before


def test_change_is_given_up(browser: Client, owner: User, mail: Mail) -> None:
    _ask(browser)
    link = _link(mail)
    browser.post(_ADDRESS, {"email": _NEW, "action_remove": ""})
    assert "Ce lien ne sert plus" in text_of(Client().get(link))
    assert Client().post(link).status_code == 404
    owner.refresh_from_db()
    assert owner.email == "helene@premys.test"


def test_taken_address_reads_the_same_and_its_holder_is_told(browser: Client, owner: User, mail: Mail) -> None:
    CompanyUserFactory.create(email="voisin@autre.test")
    taken, free = _ask(browser, "voisin@autre.test"), _ask(browser, "libre@autre.test")
    assert taken.replace("voisin@", "libre@") == free
    [(subject, told)] = mail("voisin@autre.test")
    assert subject == "Cette adresse a déjà un compte jefacture"
    assert re.findall(r"http\S+", told) == []


def test_address_that_was_taken_meanwhile_stays_its_holders(browser: Client, owner: User, mail: Mail) -> None:
    _ask(browser)
    link, holder = _link(mail), CompanyUserFactory.create(email=_NEW)
    Client().post(link)
    owner.refresh_from_db()
    holder.refresh_from_db()
    assert (owner.email, holder.email) == ("helene@premys.test", _NEW)
    assert EmailAddress.objects.get(email=_NEW).verified is False


def test_address_is_changed_with_a_second_factor_too(browser: Client, owner: User, mail: Mail) -> None:
    """By default allauth would refuse."""
    prove(browser)
    secret = browser.get("/compte/application/").context["form"].secret

    browser.post("/compte/application/", {"code": totp(secret)})
    _ask(browser)
    Client().post(_link(mail))
    owner.refresh_from_db()
    assert owner.email == _NEW
