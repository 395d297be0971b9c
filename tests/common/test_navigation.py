from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from common.navigation import COMPANY_RAIL, FIRM_RAIL, Entry, rail_items, url_or_none


def _page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _space(app: str, *routes: str) -> Any:
    named = [path(f"<str:siret>/{route}", _page, name=route.strip("/") or "home") for route in routes]
    return include((named, app))


urlpatterns = [
    path("cabinets/", _space("firms", "", "journal/")),
    path("cabinets/", _space("clients", "list/", "list/import/")),
    path("aide/", _page, name="help"),
]
HERE = override_settings(ROOT_URLCONF=__name__)
SIRET = "73282932000074"


@HERE
def test_rail_leaves_out_pages_that_do_not_exist() -> None:
    items = rail_items(FIRM_RAIL, siret=SIRET)

    assert [item.label for item in items] == ["Accueil", "Clients", "Journal", "Aide"]


@HERE
def test_rail_hides_from_others_what_administrators_read() -> None:
    items = rail_items(FIRM_RAIL, administrator=False, siret=SIRET)

    assert [item.key for item in items] == ["home", "clients", "help"]


@HERE
def test_rail_longest_address_is_current_and_home_only_on_its_own_page() -> None:
    def current(page: str) -> list[str]:
        return [item.key for item in rail_items(FIRM_RAIL, path=page, siret=SIRET) if item.current]

    pages = [f"/cabinets/{SIRET}/{end}" for end in ("", "list/import/", "profil/")]
    assert [current(page) for page in pages] == [["home"], ["clients"], []]


@HERE
def test_rail_key_given_by_the_page_wins() -> None:
    items = rail_items(FIRM_RAIL, path=f"/cabinets/{SIRET}/", current="journal", siret=SIRET)

    assert [item.key for item in items if item.current] == ["journal"]


@HERE
def test_rail_line_parts_groups_that_are_there() -> None:
    items = rail_items(FIRM_RAIL, siret=SIRET, counts={"clients": 1248})

    assert [(item.key, item.opens_group, item.count) for item in items] == [
        ("home", False, None),
        ("clients", False, 1248),
        ("journal", True, None),
        ("help", True, None),
    ]


@HERE
def test_url_or_none_of_an_unknown_page_is_none() -> None:
    assert (url_or_none("firms:nowhere", siret=SIRET), url_or_none("help")) == (None, "/aide/")


def test_keys_are_given_once_per_rail() -> None:
    def keys(rail: tuple[Entry, ...]) -> list[str]:
        return [entry.key for entry in rail]

    for rail in (tuple(FIRM_RAIL), tuple(COMPANY_RAIL)):
        assert len(keys(rail)) == len(set(keys(rail)))


def test_firm_rail_has_the_words_of_the_guide() -> None:
    assert [entry.label for entry in FIRM_RAIL] == [
        "Accueil",
        "Clients",
        "Factures",
        "Invitations",
        "Utilisateurs",
        "Partenaires",
        "Paramètres d'export",
        "Facturation",
        "Journal",
        "Aide",
    ]
