"""What a deposit became, and what a person does about it: on its page, and by the services behind it."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from clients.models import Client, CompanyMembership
from common.models import JournalEntry
from common.tenancy import tenant
from invoices.enums import DepositState, Pairing
from invoices.formats.model import Totals
from invoices.models import Deposit, FirmInvoice, Invoice
from invoices.services.processing import process
from tests.browsing import signed_in, text_of
from tests.factories import make_active_client, make_owner, siren
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.making import pdf_with

DEARER = {
    "totals": Totals(without_vat=Decimal(1100), vat=Decimal(220), with_vat=Decimal(1320), amount_due=Decimal(1320))
}


def page(space: Space, known: Deposit, rest: str = "") -> str:
    return f"/entreprises/{space.company.siren}/deposer/{known.pk}/{rest}"


def now(space: Space, known: Deposit) -> Deposit:
    with tenant(company=space.company.pk):
        return Deposit.objects.select_related("invoice", "duplicate_of").get(pk=known.pk)


def purchase(space: Space, **changes: Any) -> Any:
    return dataclasses.replace(typed(seller=SUPPLIER, buyer=space.company.siren), **changes)


def held_duplicate(space: Space) -> tuple[Deposit, Deposit]:
    first = deposit(space, bytes_of(purchase(space), container="cii"), name="premiere.xml")
    return first, deposit(space, bytes_of(purchase(space, **DEARER), container="cii"), name="seconde.xml")


def act(browser: Browser, space: Space, known: Deposit, name: str) -> Deposit:
    """The button pressed, and the worker's work after it, where there is some."""
    answer = browser.post(page(space, known, f"{name}/"))
    assert (answer.status_code, answer["Location"]) == (302, page(space, known))
    process(known.pk)
    return now(space, known)


def last_action(space: Space) -> tuple[str, str]:
    with tenant(company=space.company.pk):
        line = JournalEntry.objects.exclude(action="invoice.filed").latest("id")
    return line.action, line.actor


def steps_of(known: Deposit) -> list[tuple[str, str]]:
    return [(step["state"], step["text"]) for step in known.steps]


def test_each_step_is_in_the_history_of_the_page(space: Space, owner: Browser) -> None:
    filed = deposit(space, bytes_of(purchase(space), container="cii"), name="f.xml")
    assert steps_of(filed) == [("Analysé", "Données lues\u00a0: F-2026-001 du 02/11/2026"), ("Classé", "")]
    shown = text_of(owner.get(page(space, filed)))
    assert "La facture est classée : il reste à la valider" in shown
    assert shown.index("Historique") < shown.index("Données lues : F-2026-001") < shown.index("Classé jefacture,")


@pytest.mark.parametrize(
    ("data", "state", "advice"),
    [
        (b"MZ pas une facture", "Refusé", "Déposez la facture en PDF, Factur-X, UBL, CII ou image."),
        (b"%PDF-1.7\nabime", "Refusé", "Demandez à son émetteur de l'envoyer de nouveau, puis déposez-le."),
        (pdf_with(), "À compléter", "Complétez-le : vous lisez la facture à l'écran"),
    ],
)
def test_page_says_the_state_the_reason_and_what_to_do(
    space: Space, owner: Browser, data: bytes, state: str, advice: str
) -> None:
    settled = deposit(space, data, name="piece.bin")
    shown = text_of(owner.get(page(space, settled)))
    assert [word in shown for word in (state, advice, "Relire", "Télécharger l'original")] == [True] * 4


def test_firm_sees_the_page_of_what_is_in_its_client_s_space(space: Space, administrator: Browser) -> None:
    settled = deposit(space, pdf_with(), name="scan.pdf")
    assert "Compléter" in text_of(administrator.get(page(space, settled)))


def test_page_asks_again_only_while_the_file_is_read(space: Space, owner: Browser) -> None:
    settled = deposit(space, pdf_with(), name="scan.pdf")
    assert b"every 2s" not in owner.get(page(space, settled)).content
    assert owner.get(page(space, settled), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    owner.post(page(space, settled, "relire/"))
    assert b"every 2s" in owner.get(page(space, settled)).content


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_number_of_queries(
    space: Space, owner: Browser, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        deposit(space, bytes_of(purchase(space, number=f"N-{n}"), container="cii"))
    settled = deposit(space, pdf_with(), name="scan.pdf")
    with django_assert_num_queries(14):
        owner.get(page(space, settled))


def test_reading_again_starts_from_the_beginning(space: Space, owner: Browser) -> None:
    refused = deposit(space, b"MZ pas une facture")
    again = act(owner, space, refused, "relire")
    assert (again.state, again.reason_code) == (DepositState.REFUSED, "not_an_invoice")
    assert [state for state, _ in steps_of(again)] == ["Refusé", "Reçu", "Refusé"]
    assert last_action(space) == ("deposit.read_again", space.owner.actor_name)


def test_what_became_an_invoice_is_not_read_again(space: Space, owner: Browser) -> None:
    filed = deposit(space, bytes_of(purchase(space), container="cii"))
    answer = owner.post(page(space, filed, "relire/"), follow=True)
    assert "Ce fichier est maintenant « Classé » : rien n'a été changé." in text_of(answer)
    assert now(space, filed).wake_at is None


def test_held_file_is_refused_by_a_person(space: Space, owner: Browser) -> None:
    _, second = held_duplicate(space)
    owner.post(page(space, second, "refuser/"), {"reason": "Un devis"})
    refused = now(space, second)
    assert (refused.state, refused.reason_code) == (DepositState.REFUSED, "refused_by_a_person")


def test_duplicate_is_compared_with_the_first_term_by_term(space: Space, owner: Browser) -> None:
    first, second = held_duplicate(space)
    assert (second.state, second.reason_code) == (DepositState.HELD, "duplicate")
    assert now(space, second).duplicate_of == first.invoice
    answer = owner.get(page(space, second, "comparaison/"))
    differing = [row.label for row in answer.context["rows"] if row.differs]
    assert differing == ["Total HT", "TVA", "Total TTC", "Net à payer"]
    shown = text_of(answer)
    assert "4 différences : Total HT, TVA, Total TTC, Net à payer." in shown
    assert "Total TTC 1 200,00 € 1 320,00 € Différent" in shown


def test_duplicate_that_a_person_confirms_stays_held_and_waits_for_nobody(space: Space, owner: Browser) -> None:
    _, second = held_duplicate(space)
    confirmed = act(owner, space, second, "doublon")
    assert (confirmed.state, confirmed.reason_code) == (DepositState.HELD, "duplicate_confirmed")
    assert last_action(space) == ("deposit.duplicate_confirmed", space.owner.actor_name)
    listed = text_of(owner.get(f"/entreprises/{space.company.siren}/factures/"))
    assert "Des fichiers attendent votre attention." not in listed
    assert owner.get(page(space, second, "comparaison/")).status_code == 200


def test_invoice_that_is_no_duplicate_is_filed_beside_the_first(space: Space, owner: Browser) -> None:
    first, second = held_duplicate(space)
    filed = act(owner, space, second, "classer")
    assert filed.state == DepositState.FILED
    assert filed.invoice is not None
    assert filed.invoice != first.invoice
    assert (filed.invoice.number, filed.invoice.duplicate_rank) == ("F-2026-001", 1)
    assert last_action(space) == ("deposit.not_duplicate", space.owner.actor_name)
    with tenant(firm=space.cabinet.firm.pk):
        assert FirmInvoice.objects.count() == 2
    third = deposit(space, bytes_of(purchase(space, due_date=date(2027, 1, 1)), container="cii"))
    assert (third.state, now(space, third).duplicate_of) == (DepositState.HELD, first.invoice)


def test_duplicate_joined_to_the_first_leaves_its_data_alone(space: Space, owner: Browser) -> None:
    first, second = held_duplicate(space)
    joined = act(owner, space, second, "joindre")
    assert (joined.state, joined.invoice, joined.pairing) == (DepositState.FILED, first.invoice, Pairing.COPY)
    with tenant(company=space.company.pk):
        assert Invoice.objects.get().total_with_vat == Decimal(1200)


def test_decision_on_what_somebody_else_decided_changes_nothing(space: Space, owner: Browser) -> None:
    _, second = held_duplicate(space)
    act(owner, space, second, "doublon")
    answer = owner.post(page(space, second, "classer/"), follow=True)
    assert "Ce fichier est maintenant « Retenu » : rien n'a été changé." in text_of(answer)
    assert now(space, second).filed_apart is False


@pytest.mark.parametrize(("name", "direction"), [("achat", "AP"), ("vente", "AR")])
def test_company_on_both_sides_is_filed_as_a_person_says(
    space: Space, owner: Browser, name: str, direction: str
) -> None:
    both = typed(seller=space.company.siren, buyer=space.company.siren)
    held = deposit(space, bytes_of(both, container="cii"))
    assert (held.state, held.reason_code) == (DepositState.HELD, "same_parties")
    assert "C'est une vente" in text_of(owner.get(page(space, held)))
    filed = act(owner, space, held, name)
    assert filed.invoice is not None
    assert (filed.state, filed.invoice.direction) == (DepositState.FILED, direction)


# --- Another company's ------------------------------------------------------------------------------------------------


def _held_for(space: Space, buyer: str) -> Deposit:
    return deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=buyer), container="cii"), name="ailleurs.xml")


def test_firm_moves_a_file_to_the_client_that_it_is_for(space: Space, administrator: Browser) -> None:
    other = make_active_client(space.cabinet.firm)
    held = _held_for(space, other.siren)
    assert f"Déposer dans l'espace de {other.name}" in text_of(administrator.get(page(space, held)))

    answer = administrator.post(page(space, held, "deplacer/"), {"to": other.siren})

    left = now(space, held)
    assert (left.state, left.reason_code) == (DepositState.REFUSED, "moved")
    assert other.company is not None
    with tenant(company=other.company.pk):
        arrived = Deposit.objects.get()
    assert (arrived.file_name, arrived.sha256) == (held.file_name, held.sha256)
    assert answer["Location"] == f"/entreprises/{other.siren}/deposer/{arrived.pk}/"
    process(arrived.pk)
    with tenant(company=other.company.pk):
        assert Deposit.objects.get().state == DepositState.FILED


def test_company_person_moves_a_file_to_an_own_space_and_to_no_other(space: Space, owner: Browser) -> None:
    mine, foreign = _own_and_foreign(space)
    held, strange = _held_for(space, mine.siren), _held_for(space, foreign.siren)
    assert f"Déposer dans l'espace de {mine.name}" in text_of(owner.get(page(space, held)))
    assert "Déposer dans l'espace" not in text_of(owner.get(page(space, strange)))
    assert owner.post(page(space, strange, "deplacer/"), {"to": foreign.siren}).status_code == 404
    assert owner.post(page(space, held, "deplacer/"), {"to": mine.siren}).status_code == 302
    assert [now(space, known).reason_code for known in (held, strange)] == ["moved", "other_company"]


def _own_and_foreign(space: Space) -> tuple[Client, Client]:
    mine, foreign = make_active_client(space.cabinet.firm), make_active_client(space.cabinet.firm, siren=siren(77))
    assert mine.company is not None
    with tenant(company=mine.company.pk):
        CompanyMembership.objects.create(company=mine.company, person=space.owner.person)
    return mine, foreign


def test_stranger_finds_no_page(space: Space) -> None:
    held = _held_for(space, siren(43))
    foreign = make_active_client(space.cabinet.firm)
    assert foreign.company is not None
    stranger = signed_in(make_owner(foreign.company).person)
    assert [stranger.get(page(space, held, rest)).status_code for rest in ("", "comparaison/")] == [404, 404]
