"""Validation as an invoice is filed, by the rule that the owner set; and many at once, from the lists."""

from decimal import Decimal

import pytest
from django.test import Client as Browser

from clients.enums import CompanyRole
from clients.models import CompanyMembership
from clients.services import archive_client
from common.tenancy import tenant
from invoices.enums import Direction, FirmState, InvoiceState
from invoices.models import AutomaticRule, FirmInvoice, Invoice, InvoiceComment, InvoiceEvent
from invoices.services import bulk
from invoices.services.decisions import undo, validate
from invoices.views import bulk as bulk_views
from tests.browsing import signed_in, text_of
from tests.factories import make_active_client, make_cabinet, make_owner
from tests.invoices.browsing import filed, firm, now, own, part_of
from tests.invoices.conftest import Space
from tests.world import make_invoice

pytestmark = pytest.mark.django_db


def _rule(space: Space, **fields: object) -> None:
    with tenant(company=space.company.pk):
        AutomaticRule.objects.create(company=space.company, direction=Direction.PURCHASE, **{"enabled": True, **fields})


def _last(space: Space, invoice: Invoice) -> str:
    with tenant(company=space.company.pk):
        event = InvoiceEvent.objects.filter(invoice=invoice).latest("id")
        return " ".join(f"{event.actor}: {event.text}".split())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"known_only": False}, "Facture validée par la règle : achats contrôlés sans erreur."),
        ({"known_only": True}, "Non validée par la règle : le fournisseur n'est pas encore connu."),
        ({"known_only": False, "ceiling": Decimal(1200)}, "sans erreur, 1 200,00 € TTC au plus."),
        ({"known_only": False, "ceiling": Decimal("1199.99")}, "son total dépasse 1 199,99 €."),
        ({"known_only": False, "enabled": False}, "Déposée par l'entreprise : facture.pdf"),
    ],
)
def test_rule_validates_what_it_covers_and_says_why_not(space: Space, rule: dict[str, object], said: str) -> None:
    _rule(space, **rule)
    invoice = filed(space, container="cii")
    assert _last(space, invoice).endswith(said)
    validated = said.startswith("Facture validée") or "au plus" in said
    expected = (
        (InvoiceState.VALIDATED, FirmState.TO_TRANSFER) if validated else (InvoiceState.TO_VALIDATE, FirmState.PENDING)
    )
    assert (now(space, invoice).state, part_of(space, invoice).state) == expected


def test_supplier_is_known_once_a_person_has_validated_it_and_the_rule_is_undone_as_others(space: Space) -> None:
    _rule(space)
    first = filed(space, container="cii", number="A-1")
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=first)
    second = filed(space, container="cii", number="A-2")
    assert now(space, second).state == InvoiceState.VALIDATED
    with tenant(company=space.company.pk):
        undo(space.owner, invoice=second)
    assert part_of(space, second).state == FirmState.PENDING


def test_rules_are_the_owner_s_and_a_bad_ceiling_is_told(space: Space, owner: Browser) -> None:
    address = f"/entreprises/{space.company.siren}/parametres/validation/"
    form = {"AP-enabled": "on", "AP-known_only": "on", "AP-ceiling": "-5"}
    assert owner.post(address, form).status_code == 422
    assert owner.post(address, {**form, "AP-ceiling": "1 500,50"}).status_code == 302
    with tenant(company=space.company.pk):
        assert [(r.direction, r.enabled, r.ceiling) for r in AutomaticRule.objects.filter(enabled=True)] == [
            ("AP", True, Decimal("1500.50"))
        ]
    colleague = make_owner(space.company)
    with tenant(company=space.company.pk):
        CompanyMembership.objects.filter(pk=colleague.pk).update(role=CompanyRole.MEMBER)
    assert signed_in(colleague.person).get(address).status_code == 403


def test_many_are_validated_at_once_and_the_others_counted(space: Space, owner: Browser) -> None:
    invoices = [make_invoice(space.company, client=space.client, number=f"A-{n}") for n in range(5)]
    with tenant(company=space.company.pk):
        Invoice.objects.filter(pk=invoices[0].pk).update(state=InvoiceState.REFUSED)
        Invoice.objects.filter(pk=invoices[1].pk).update(state=InvoiceState.DISPUTED)
    ids = [str(invoice.pk) for invoice in invoices[:4]]
    answer = owner.post(own(space, "valider/?sens=AP"), {"ids": [*ids, ids[0][:-4] + "ffff", "x"]}, follow=True)
    assert answer.redirect_chain == [(own(space, "?sens=AP"), 302)]
    words = "2 factures validées, 4 non validées : 1 en litige, 2 introuvables, 1 refusée."
    assert words in text_of(answer)
    assert "1 facture validée, 4 non validées : 2 déjà validées, 1 en litige, 1 refusée." in text_of(
        owner.post(own(space, "valider/"), {"all": "1"}, follow=True)
    )
    with tenant(company=space.company.pk):
        assert FirmInvoice.objects.filter(state=FirmState.TO_TRANSFER).count() == 3
        events = InvoiceEvent.objects.filter(kind="validated").order_by().values_list("actor", "status").distinct()
        assert list(events) == [(str(space.owner.person), 205)]


def test_firm_validates_for_many_clients_but_no_inactive_nor_foreign_one(space: Space, administrator: Browser) -> None:
    mine = make_invoice(space.company, client=space.client, number="A-1")
    second, left = (make_active_client(space.cabinet.firm) for _ in range(2))
    foreign = make_active_client(make_cabinet().firm)
    for client in (second, left, foreign):
        assert client.company is not None
        make_invoice(client.company, client=client, number="B-1")
    archive_client(space.cabinet.administrator, client=left)
    with tenant(platform="the test names every part"):
        ids = [str(pk) for pk in FirmInvoice.objects.values_list("pk", flat=True)]
    answer = administrator.post(firm(space, "valider/"), {"ids": ids}, follow=True)
    assert "2 factures validées, 2 non validées : 1 dossier inactif, 1 introuvable." in text_of(answer)
    assert now(space, mine).state == InvoiceState.VALIDATED


@pytest.mark.parametrize("side", ["company", "firm"])
def test_validation_that_stops_says_how_many_wait_and_goes_on_by_one_click(
    space: Space, owner: Browser, administrator: Browser, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is decided already never stands in the way of what waits."""
    for name, value in {"MOST": 2, "MOST_COUNTED": 2, "BATCH": 1, "_READ": 5}.items():
        monkeypatch.setattr(bulk, name, value)
    for n in range(7):
        make_invoice(space.company, client=space.client, number=f"A-{n}")
    browser, place = (owner, own) if side == "company" else (administrator, firm)
    monkeypatch.setattr(bulk_views, "MOST_COUNTED", 2)
    told = [text_of(browser.post(place(space, "valider/"), {"all": "1"}, follow=True)) for _ in range(4)]
    waits = ("Plus de 2 factures attendent encore.", "Plus de 2 factures attendent encore.", "1 facture attend encore.")
    assert [waits[n] in told[n] and "Valider la suite" in told[n] for n in range(3)] == [True] * 3
    assert "1 facture validée, 2 non validées : 2 déjà validées." in told[3]
    with tenant(company=space.company.pk):
        assert FirmInvoice.objects.filter(state=FirmState.TO_TRANSFER).count() == 7


@pytest.mark.parametrize("text", ["", " \n", "x" * 2001])
def test_comment_is_text_that_company_and_firm_read(
    space: Space, owner: Browser, administrator: Browser, text: str
) -> None:
    invoice = make_invoice(space.company, client=space.client)
    owner.post(own(space, f"{invoice.pk}/commenter/"), {"text": text})
    owner.post(own(space, f"{invoice.pk}/commenter/"), {"text": "<i>Vu</i>\x00"})
    page = firm(space, f"{part_of(space, invoice).pk}/")
    administrator.post(f"{page}commenter/", {"text": "Merci"})
    assert "&lt;i&gt;Vu&lt;/i&gt;" in administrator.get(page).content.decode()
    with tenant(company=space.company.pk):
        houses = list(InvoiceComment.objects.values_list("text", "house"))
    assert houses == [("<i>Vu</i>", space.company.name), ("Merci", space.cabinet.firm.name)]


def test_invoices_before_and_after_are_those_of_the_list_one_came_from(space: Space, owner: Browser) -> None:
    first, sale, third = (make_invoice(space.company, number=n) for n in ("A-1", "V-1", "A-2"))
    with tenant(company=space.company.pk):
        Invoice.objects.filter(pk=sale.pk).update(direction=Direction.SALE)
    pages = {first.pk: third.pk, third.pk: first.pk}
    for pk, other in pages.items():
        answer = owner.get(own(space, f"{pk}/"), headers={"Referer": f"http://testserver{own(space)}?sens=AP"})
        found = [link for link in (answer.context["previous"], answer.context["next"]) if link]
        assert found == [own(space, f"{other}/?liste=sens%3DAP")]
        again = owner.get(found[0])
        assert {again.context["previous"], again.context["next"]} == {"", own(space, f"{pk}/?liste=sens%3DAP")}
