"""A company's own addresses for invoices, who may write there, and what its people see and decide of it."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.enums import CompanyRole
from clients.models import CompanyMembership
from common.tenancy import tenant
from invoices.enums import ParcelState
from invoices.models import KnownSender, Mailbox, Parcel
from invoices.selectors.mailboxes import mailbox_at
from invoices.services.mailboxes import mailboxes_of
from tests.browsing import signed_in
from tests.factories import CompanyUserFactory, make_company, make_owner
from tests.invoices.conftest import KNOWN, Space
from tests.invoices.parcels import held, names_of, opened

pytestmark = pytest.mark.django_db


def test_company_has_one_address_for_purchases_and_one_for_sales_that_nobody_guesses(
    space: Space, boxes: dict[str, Mailbox]
) -> None:
    with tenant(company=space.company.pk):
        again = mailboxes_of(space.company)
    assert [box.pk for box in again] == [boxes["AP"].pk, boxes["AR"].pk]
    assert [box.address.partition("-")[0] for box in again] == ["achats", "ventes"]
    for box in again:
        assert len(box.local_part.partition("-")[2]) == 20
        found = mailbox_at(box.address.upper())
        assert found is not None
        assert found.pk == box.pk
    assert mailbox_at(again[0].address.replace("@", "@autre.")) is None


def test_address_of_a_space_that_nobody_enters_any_more_takes_nothing(space: Space, boxes: dict[str, Mailbox]) -> None:
    with tenant(company=space.company.pk):
        CompanyMembership.objects.update(ended_at=space.owner.created_at)
    assert mailbox_at(boxes["AP"].address) is None


def test_unknown_sender_waits_for_an_owner_who_accepts_and_adds_or_refuses(
    space: Space, boxes: dict[str, Mailbox], owner: Browser
) -> None:
    first, second = held(boxes["AP"], "neuf@x.test", "un.pdf"), held(boxes["AP"], "neuf@x.test", "deux.pdf")
    unwanted, alone = held(boxes["AP"], "spam@y.test", "spam.pdf"), held(boxes["AR"], "seul@z.test", "seul.pdf")
    page = reverse("invoices:mailboxes", args=[space.company.siren])
    body = owner.get(page).content.decode()
    assert [body.count(f"De {sender}") for sender in ("neuf@x.test", "spam@y.test", "seul@z.test")] == [2, 1, 1]

    def act(name: str, one: Parcel, **data: str) -> None:
        assert owner.post(reverse(f"invoices:{name}", args=[space.company.siren, one.pk]), data).url == page  # type: ignore[attr-defined] # a redirect

    act("message_accept", first, expediteur="1")
    act("message_refuse", unwanted)
    act("message_accept", alone)
    act("message_refuse", alone)  # too late: it says so and changes nothing

    states = {one.pk: opened(one).state for one in (first, second, unwanted, alone)}
    assert states == {
        first.pk: ParcelState.OPENED,
        second.pk: ParcelState.OPENED,
        unwanted.pk: ParcelState.REFUSED,
        alone.pk: ParcelState.OPENED,
    }
    assert names_of(space.company) == ["deux.pdf", "seul.pdf", "un.pdf"]
    with tenant(company=space.company.pk):
        assert set(KnownSender.objects.values_list("address", flat=True)) == {KNOWN, "neuf@x.test"}
    original = owner.get(reverse("invoices:parcel_original", args=[space.company.siren, unwanted.pk]))
    assert b"spam.pdf" in original.getvalue()


def test_owner_renews_an_address_and_manages_the_senders(
    space: Space, boxes: dict[str, Mailbox], owner: Browser
) -> None:
    siren = space.company.siren
    owner.post(reverse("invoices:mailbox_renew", args=[siren, boxes["AP"].pk]))
    assert mailbox_at(boxes["AP"].address) is None
    with tenant(company=space.company.pk):
        new = {box.direction: box for box in mailboxes_of(space.company)}
    assert new["AR"].pk == boxes["AR"].pk
    assert new["AP"].pk != boxes["AP"].pk

    add = reverse("invoices:sender_add", args=[siren])
    assert owner.post(add, {"address": "pas une adresse"}).status_code == 422
    for _ in range(2):
        assert owner.post(add, {"address": "Compta@X.test"}).status_code == 302
    with tenant(company=space.company.pk):
        sender = KnownSender.objects.get(address="compta@x.test")
    owner.post(reverse("invoices:sender_remove", args=[siren, sender.pk]))
    with tenant(company=space.company.pk):
        assert list(KnownSender.objects.values_list("address", flat=True)) == [KNOWN]


def test_member_sees_addresses_and_messages_and_manages_none(space: Space, boxes: dict[str, Mailbox]) -> None:
    waits = held(boxes["AP"], "neuf@x.test", "un.pdf")
    person = CompanyUserFactory.create()
    with tenant(company=space.company.pk):
        CompanyMembership.objects.create(company=space.company, person=person, role=CompanyRole.MEMBER)
    member = signed_in(person)
    body = member.get(reverse("invoices:mailboxes", args=[space.company.siren])).content.decode()
    assert ("neuf@x.test" in body, "Renouveler" in body, "Accepter" in body) == (True, False, False)
    refused = member.post(reverse("invoices:message_accept", args=[space.company.siren, waits.pk]))
    assert refused.status_code == 403


def test_firm_sees_the_addresses_and_nothing_of_who_writes(
    space: Space, boxes: dict[str, Mailbox], administrator: Browser
) -> None:
    held(boxes["AP"], "neuf@x.test", "un.pdf")
    body = administrator.get(reverse("invoices:mailboxes", args=[space.company.siren])).content.decode()
    assert (boxes["AP"].address in body, "neuf@x.test" in body, KNOWN in body) == (True, False, False)


def test_another_company_s_message_is_not_there(space: Space, boxes: dict[str, Mailbox], owner: Browser) -> None:
    other = make_company()
    make_owner(other)
    with tenant(company=other.pk):
        box = mailboxes_of(other)[0]
    foreign = held(box, "neuf@x.test", "un.pdf")
    for name in ("message_accept", "message_refuse", "mailbox_renew"):
        pk = box.pk if name == "mailbox_renew" else foreign.pk
        assert owner.post(reverse(f"invoices:{name}", args=[space.company.siren, pk])).status_code == 404
