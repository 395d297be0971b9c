"""What a password may not be: Django's list of leaked ones, and what it misses in French."""

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator as DjangosList
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import rules_for

_FRENCH = [
    "Motdepasse2026!",
    "M0tdep@sse2026",
    "azerty123456",
    "123azertyuiop!",
    "Bienvenue2026!",
    "Comptabilité-2026",
    "jefacture2026!",
    "soleilsoleil",
    "Jetaimejetaime1",
    "chouchou123456",
    "Marseille13000",
]


def refusals(password: str) -> list[str | None]:
    try:
        validate_password(password)
    except ValidationError as error:
        return [each.code for each in error.error_list]
    return []


@pytest.mark.parametrize("password", _FRENCH)
def test_common_password_lengthened_by_digits_is_refused(password: str) -> None:
    assert refusals(password) == ["password_too_common"]


def test_djangos_list_alone_would_let_them_pass() -> None:
    """The reason for ours: of its 19,640 entries only 190 reach the twelve characters that are asked for."""
    django = DjangosList()
    assert (len(django.passwords), sum(len(word) >= 12 for word in django.passwords)) == (19_640, 190)
    assert [word for word in _FRENCH if word.lower() in django.passwords] == []


@pytest.mark.parametrize(
    "password", ["Tilleul-Vapeur-63", "quatre vaches bleues", "Une-Phrase-Longue-7", "soleil-de-minuit"]
)
def test_password_of_several_words_is_taken(password: str) -> None:
    assert refusals(password) == []


def test_rules_of_a_page_are_those_of_the_server() -> None:
    rules = rules_for(User(email="helene@premys.test", first_name="Hélène"))
    assert (rules.length, rules.unlike) == (12, "Hélène\nhelene@premys.test")
