"""A confidential client file is nowhere to be seen by an utilisateur who is not named on it, whoever created it."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, PortfolioMember
from common.models import JournalEntry
from common.tenancy import tenant
from invoices.models import FirmInvoice
from tests.browsing import signed_in
from tests.clients.browsing import text_of
from tests.test_access_matrix import ROWS
from tests.world import World, make_world

_NAME = "Confidences et Cie"
#: Every page of the firm that is about no row of its own: lists, their figures, exports, what the top bar asks for.
_LISTS = [name for name, row in ROWS.items() if row.method == "GET" and row.arguments == "siret"]


@pytest.fixture
def world(db: None) -> World:
    """The utilisateur who is not assigned made the file and has it in a portfolio; both would show an ordinary one."""
    world = make_world()
    with tenant(firm=world.cabinet.firm.pk):
        portfolio = PortfolioMember.objects.get().portfolio
        PortfolioMember.objects.create(
            firm=world.cabinet.firm, portfolio=portfolio, membership=world.cabinet.unassigned
        )
        Client.objects.filter(pk=world.client.pk).update(
            name=_NAME, search=_NAME.lower(), created_by=world.cabinet.unassigned, confidential=True
        )
    return world


def _shows(world: World, answer: Any) -> bool:
    text = text_of(answer) if answer["Content-Type"].startswith("text/html") else _words_of(answer)
    return _NAME in text or world.client.siren in re.sub(r"\s", "", text)


def _words_of(workbook: Any) -> str:
    with ZipFile(BytesIO(workbook.getvalue())) as parts:
        return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def _lists_that_show(world: World, browser: Browser) -> set[str]:
    answers = {name: browser.get(reverse(name, args=[world.cabinet.firm.siret])) for name in _LISTS}
    return {name for name, answer in answers.items() if _shows(world, answer)}


def test_no_list_shows_it_but_to_those_who_see_it(world: World) -> None:
    named, other = (signed_in(member.user) for member in (world.cabinet.assigned, world.cabinet.unassigned))

    assert _lists_that_show(world, other) == set()
    assert _lists_that_show(world, named) == {
        "clients:list",
        "clients:export",
        "clients:import_prefilled",
        "invoices:deposit_for",
        "invoices:figures",
        "invoices:firm_list",
        "invoices:firm_list_export",
        "invitations:list",
    }


def test_its_pages_and_parts_are_not_found(world: World) -> None:
    named, other = (signed_in(member.user) for member in (world.cabinet.assigned, world.cabinet.unassigned))
    siret = world.cabinet.firm.siret
    with tenant(firm=world.cabinet.firm.pk):
        part = FirmInvoice.objects.get()
    names = ("clients:detail", "clients:sight", "clients:edit", "invitations:of_client", "invoices:of_client")
    addresses = [reverse(name, args=[siret, world.client.pk]) for name in (*names, "exports:client_connection")]
    addresses += [reverse("invoices:firm_detail", args=[siret, part.pk])]
    addresses += [reverse(name, args=[world.client.siren]) for name in ("invoices:company_list", "invoices:deposit")]

    assert [other.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert [named.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_its_figures_are_not_counted(world: World) -> None:
    other = signed_in(world.cabinet.unassigned.user)
    siret = world.cabinet.firm.siret
    pages = [reverse(name, args=[siret]) for name in ("clients:figures", "invoices:figures")]

    for page in pages:
        assert set(re.findall(r"<b>([^<]*)</b>", other.get(page).content.decode())) == {"0"}


def test_every_part_of_it_that_an_administrateur_opens_is_a_look(world: World) -> None:
    """The first of them leaves the line, whichever it is."""
    siret, client = world.cabinet.firm.siret, world.client
    with tenant(firm=world.cabinet.firm.pk):
        part = FirmInvoice.objects.get()
    addresses = [
        reverse(name, args=[siret, client.pk])
        for name in ("clients:detail", "invitations:of_client", "invoices:of_client", "exports:client_connection")
    ]
    addresses += [
        reverse("invoices:firm_detail", args=[siret, part.pk]),
        reverse("invoices:company_list", args=[client.siren]),
    ]

    for number, address in enumerate(addresses, start=1):
        signed_in(world.cabinet.administrator.user).get(address)
        assert _looks(world) == [(world.cabinet.administrator.user_id, client.pk)] * number, address


def _looks(world: World) -> list[tuple[object, object]]:
    with tenant(firm=world.cabinet.firm.pk):
        lines = JournalEntry.objects.filter(action="client.looked_at").order_by("id")
        return list(lines.values_list("person_id", "object_id"))
