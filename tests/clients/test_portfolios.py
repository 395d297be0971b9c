"""« Portefeuilles »: who manages them, what their members see, and what the journal has of it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from clients.models import Client, Portfolio, PortfolioClient, PortfolioMember
from clients.selectors import clients_visible_to, portfolios_of
from clients.services import add_member, delete_portfolio, group_clients, rename_portfolio
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from tests.clients.browsing import address, browser_of, text_of
from tests.factories import Cabinet, MembershipFactory, make_cabinet, make_client, make_portfolio
from tests.together import together


def _base(cabinet: Cabinet, path: str = "") -> str:
    return f"/cabinets/{cabinet.firm.siret}/portefeuilles/{path}"


def _seen(member: Membership) -> set[str]:
    with tenant(firm=member.firm_id):
        return set(clients_visible_to(member).values_list("name", flat=True))


def _lines(cabinet: Cabinet) -> list[tuple[str, str, dict[str, object]]]:
    with tenant(firm=cabinet.firm.pk):
        return list(JournalEntry.objects.order_by("id").values_list("action", "object_label", "data"))


def test_a_portfolio_is_made_filled_renamed_and_deleted(cabinet: Cabinet) -> None:
    browser, member = browser_of(cabinet.administrator), cabinet.unassigned
    one = make_client(cabinet.firm, name="Boulangerie Martin")
    made = browser.post(_base(cabinet, "nouveau/"), {"name": "Équipe Lyon"}, follow=True)
    portfolio = made.resolver_match.kwargs["pk"]

    browser.post(_base(cabinet, f"{portfolio}/membres/{member.pk}/"))
    browser.post(_base(cabinet, f"{portfolio}/dossiers/{one.pk}/"))
    seen_by_member = _seen(member)
    page = browser.get(_base(cabinet, f"{portfolio}/"))
    browser.post(_base(cabinet, f"{portfolio}/renommer/"), {"name": "Équipe Sud"})
    browser.post(_base(cabinet, f"{portfolio}/membres/{member.pk}/"), {"retirer": "1"})
    seen_without = _seen(member)
    browser.post(_base(cabinet, f"{portfolio}/membres/{member.pk}/"))
    question = browser.get(_base(cabinet, f"{portfolio}/supprimer/"))
    browser.post(_base(cabinet, f"{portfolio}/supprimer/"))

    assert seen_by_member == {"Boulangerie Martin"}
    assert f"Retirer {member.user}" in text_of(page)
    assert "Retirer Boulangerie Martin" in text_of(page)
    assert seen_without == set()
    assert f"{member.user} ne verra plus" in text_of(question)
    assert _seen(member) == set()
    who = str(member.user)
    assert _lines(cabinet) == [
        ("portfolio.created", "Équipe Lyon", {}),
        ("portfolio.member_added", "Équipe Lyon", {"member": who}),
        ("client.grouped", "Boulangerie Martin", {"portfolio": "Équipe Lyon"}),
        ("portfolio.renamed", "Équipe Sud", {"changes": {"portfolio_name": ["Équipe Lyon", "Équipe Sud"]}}),
        ("portfolio.member_removed", "Équipe Sud", {"member": who}),
        ("portfolio.member_added", "Équipe Sud", {"member": who}),
        ("portfolio.deleted", "Équipe Sud", {"members": [who], "clients": 1}),
    ]


def test_two_portfolios_of_a_firm_do_not_share_a_name(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    make_portfolio(cabinet.firm, "Équipe Lyon")
    other = make_portfolio(cabinet.firm, "Paris")
    browser = browser_of(cabinet.administrator)

    made = browser.post(_base(cabinet, "nouveau/"), {"name": "équipe lyon"})
    renamed = browser.post(_base(cabinet, f"{other.pk}/renommer/"), {"name": "ÉQUIPE LYON"})
    elsewhere = browser_of(other_cabinet.administrator).post(_base(other_cabinet, "nouveau/"), {"name": "Équipe Lyon"})

    assert (made.status_code, renamed.status_code, elsewhere.status_code) == (422, 422, 302)
    assert "Un portefeuille porte déjà ce nom." in text_of(made)
    assert "Un portefeuille porte déjà ce nom." in text_of(renamed)


def test_what_is_searched_for_is_offered_and_nothing_of_another_firm(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    portfolio = make_portfolio(cabinet.firm, "Équipe", members=[cabinet.assigned])
    make_client(cabinet.firm, name="Électricité Dupont")
    make_client(other_cabinet.firm, name="Électricité Durand")
    browser = browser_of(cabinet.administrator)

    found = text_of(browser.get(_base(cabinet, f"{portfolio.pk}/?dossier=electricite")))
    people = text_of(browser.get(_base(cabinet, f"{portfolio.pk}/?personne={cabinet.unassigned.user.last_name}")))
    nobody = text_of(browser.get(_base(cabinet, f"{portfolio.pk}/?personne={other_cabinet.assigned.user.last_name}")))
    foreign = browser.post(_base(cabinet, f"{portfolio.pk}/dossiers/{other_cabinet.client.pk}/"))
    foreign_member = browser.post(_base(cabinet, f"{portfolio.pk}/membres/{other_cabinet.assigned.pk}/"))

    assert "Ajouter Électricité Dupont" in found
    assert "Durand" not in found
    assert f"Ajouter {cabinet.unassigned.user}" in people
    assert "Aucun autre utilisateur ne correspond." in nobody
    assert (foreign.status_code, foreign_member.status_code) == (404, 404)


def test_files_are_added_from_the_list_and_taken_back(cabinet: Cabinet) -> None:
    portfolio = make_portfolio(cabinet.firm, "Équipe", members=[cabinet.unassigned], clients=[cabinet.client])
    names = {make_client(cabinet.firm, name=name).name for name in ("Atelier Bleu", "Atelier Vert")}
    own = make_client(cabinet.firm, name="Atelier Cabinet", is_firm_file=True)
    browser = browser_of(cabinet.administrator)

    def act(query: str = "", **data: str) -> str:
        posted = {"all": "1", "portfolio": str(portfolio.pk), **data}
        return text_of(browser.post(address(cabinet, f"portefeuille/{query}"), posted, follow=True))

    added = act("?q=atelier")
    seen = _seen(cabinet.unassigned)
    again = act("?q=atelier")
    narrowed = text_of(browser.get(address(cabinet, f"?portefeuille={portfolio.pk}")))
    taken = act("?q=bleu", retirer="1")
    nowhere = act(portfolio="")

    assert "2 dossiers ajoutés, 1 refusé : 1 dossier du cabinet." in added.replace("\u00a0", " ")
    assert seen == {*names, cabinet.client.name}
    assert "2 déjà dans ce portefeuille" in again.replace("\u00a0", " ")
    assert own.name not in narrowed
    assert all(name in narrowed for name in names)
    assert "1 dossier retiré." in taken
    assert "Choisissez un portefeuille." in nowhere
    assert _seen(cabinet.unassigned) == {"Atelier Vert", cabinet.client.name}


def test_the_file_says_its_portfolios_and_gives_and_takes_them(cabinet: Cabinet) -> None:
    portfolio = make_portfolio(cabinet.firm, "Équipe Lyon")
    browser, path = browser_of(cabinet.administrator), address(cabinet, f"{cabinet.client.pk}/")
    put = _base(cabinet, f"{portfolio.pk}/dossiers/{cabinet.client.pk}/")

    added = browser.post(put, {"depuis": "dossier"})
    page = text_of(browser.get(path))
    browser.post(put, {"depuis": "dossier", "retirer": "1"})

    assert added.headers["Location"] == path
    assert "Retirer de Équipe Lyon" in page
    assert "Ajouter à Équipe Lyon" in text_of(browser.get(path))


def test_an_utilisateur_knows_only_the_portfolios_of_his_own(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    make_portfolio(cabinet.firm, "Équipe Lyon", members=[cabinet.assigned], clients=[cabinet.client])
    hidden = make_portfolio(cabinet.firm, "Paie Paris", clients=[cabinet.client])
    make_portfolio(other_cabinet.firm, "Autre cabinet", members=[other_cabinet.assigned])
    person = cabinet.assigned.user
    person.columns = {"clients": ["portfolios"]}
    person.save()

    page = text_of(browser_of(cabinet.assigned).get(address(cabinet)))
    asked = text_of(browser_of(cabinet.assigned).get(address(cabinet, f"?portefeuille={hidden.pk}")))
    with tenant(firm=cabinet.firm.pk):
        names = [str(portfolio) for portfolio in portfolios_of(cabinet.assigned)]

    assert names == ["Équipe Lyon"]
    assert page.count("Équipe Lyon") == 2  # the filter, and the file's own cell
    assert "Paie Paris" not in page
    assert cabinet.client.name not in asked


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_much_whatever_they_list(cabinet: Cabinet, rows: int) -> None:
    clients = [make_client(cabinet.firm) for _ in range(rows)]
    members = [MembershipFactory.create(firm=cabinet.firm) for _ in range(rows)]
    portfolios = [make_portfolio(cabinet.firm, f"Équipe {n}", clients=clients, members=members) for n in range(rows)]
    browser = browser_of(cabinet.administrator)
    pages = (_base(cabinet), _base(cabinet, f"{portfolios[0].pk}/"), address(cabinet, f"{clients[0].pk}/"))
    for page in pages:
        browser.get(page)  # the session is as it will be

    counts = []
    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            browser.get(page)
        counts.append(len(asked))

    assert counts == [9, 13, 15]


def test_a_member_of_another_firm_or_who_has_left_is_not_added(cabinet: Cabinet) -> None:
    portfolio = make_portfolio(cabinet.firm, "Équipe")
    left = MembershipFactory.create(firm=cabinet.firm, status="disabled")

    answer = browser_of(cabinet.administrator).post(_base(cabinet, f"{portfolio.pk}/membres/{left.pk}/"), follow=True)

    assert "Cette personne n'a pas accès au cabinet." in text_of(answer)
    with tenant(firm=cabinet.firm.pk):
        assert list(PortfolioMember.objects.filter(portfolio=portfolio)) == []
        assert list(PortfolioClient.objects.filter(portfolio=portfolio)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["group", "join", "rename"])
def test_a_portfolio_that_is_deleted_meanwhile_is_neither_filled_nor_made_again(act: str) -> None:
    cabinet = make_cabinet()
    portfolio = make_portfolio(cabinet.firm, "Équipe", members=[cabinet.assigned], clients=[cabinet.client])
    acts: dict[str, Callable[[], object]] = {
        "group": lambda: group_clients(
            cabinet.administrator, clients=Client.objects.filter(firm=cabinet.firm), portfolio=portfolio
        ),
        "join": lambda: add_member(cabinet.administrator, portfolio=portfolio, member=cabinet.unassigned),
        "rename": lambda: rename_portfolio(cabinet.administrator, portfolio=portfolio, name="Sud"),
    }
    make_client(cabinet.firm)

    deleted, acted = together(lambda: delete_portfolio(cabinet.administrator, portfolio=portfolio), acts[act])

    assert deleted is None
    assert not isinstance(acted, Exception) or isinstance(acted, Http404)
    with pytest.raises(Http404):
        acts[act]()
    with tenant(firm=cabinet.firm.pk):
        assert [model.objects.count() for model in (Portfolio, PortfolioMember, PortfolioClient)] == [0, 0, 0]
