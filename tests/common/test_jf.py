from types import SimpleNamespace

import pytest
from django.template import Context, Template

from common.templatetags import jf
from common.typography import NBSP, NNBSP


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marie Durand", "MD"),
        ("Jean-Pierre de La Tour", "JT"),
        ("Élodie", "ÉL"),
        ("contact@premys.fr", "CO"),
        ("Cabinet Durand & Associés", "CA"),
        ("", ""),
    ],
)
def test_initials_are_two_letters(name: str, letters: str) -> None:
    assert jf.initials(name) == letters


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, f"0{NBSP}client"), (1, f"1{NBSP}client"), (1248, f"1{NNBSP}248{NBSP}clients")],
)
def test_plural_zero_is_singular_in_french(count: int, shown: str) -> None:
    assert jf.plural(count, "client,clients") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("453416687", f"453{NNBSP}416{NNBSP}687"),
        ("45341668", "45341668"),
        ("FR03453416687", "FR03453416687"),
        (None, ""),
    ],
)
def test_siren_other_than_nine_digits_is_left_alone(value: str | None, shown: str) -> None:
    assert jf.show_siren(value) == shown


def test_siret_is_grouped() -> None:
    assert jf.show_siret("73282932000074") == f"732{NNBSP}829{NNBSP}320{NNBSP}00074"


def test_icon_is_decorative_and_sized() -> None:
    drawn = jf.icon("users", 20, "spin")

    assert [part in drawn for part in ('aria-hidden="true"', 'width="20"', 'class="i spin"')] == [True, True, True]


def test_bind_table_keeps_the_page_of_an_outer_render() -> None:
    table = SimpleNamespace(context="the page")
    free = SimpleNamespace()

    Template("{% bind_table table %}{% bind_table free %}").render(Context({"table": table, "free": free}))

    assert (table.context, free.context["table"]) == ("the page", table)
