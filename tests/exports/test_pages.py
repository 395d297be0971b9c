"""« Paramètres d'export » and « Connexion à l'outil de production » by role and firm."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from clients.models import Client
from common.models import JournalEntry
from common.tenancy import tenant
from exports.enums import DeliveryState
from exports.models import ClientExport, Delivery, ExportConfiguration
from tests.browsing import text_of
from tests.exports.conftest import browser_of, page
from tests.exports.factories import make_part
from tests.factories import Cabinet, make_active_client

pytestmark = pytest.mark.django_db


def settings_page(cabinet: Cabinet, rest: str = "") -> str:
    return page(cabinet, f"parametres-export/{rest}")


def make_configuration(cabinet: Cabinet, name: str = "ACD", **fields: Any) -> ExportConfiguration:
    with tenant(firm=cabinet.firm.pk):
        return ExportConfiguration.objects.create(firm=cabinet.firm, name=name, recipient="prod@cabinet.test", **fields)


def configuration_of(cabinet: Cabinet) -> ExportConfiguration:
    with tenant(firm=cabinet.firm.pk):
        return ExportConfiguration.objects.get()


def connections(cabinet: Cabinet) -> list[tuple[Any, ...]]:
    with tenant(firm=cabinet.firm.pk):
        return list(ClientExport.objects.values_list("client", "configuration__name", "purchases_to", "sales_to"))


# --- Paramètres d'export ------------------------------------------------------------------------------------------


def test_settings_shows_the_stable_sender_and_own_configurations_only(cabinet: Cabinet, other: Cabinet) -> None:
    make_configuration(cabinet, name="Lien du cabinet A")
    make_configuration(other, name="Lien du cabinet B")
    text = text_of(browser_of(cabinet.administrator).get(settings_page(cabinet)))
    found = [
        words in text
        for words in ("toujours envoyée par ne-pas-repondre@jefacture.test", "Lien du cabinet A", "Lien du cabinet B")
    ]
    assert found == [True, True, False]


def test_configuration_new_creates_it_and_writes_the_journal(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.administrator)
    form = text_of(browser.get(settings_page(cabinet, "nouvelle/")))
    labels = ("Nouvelle configuration du logiciel de comptabilité", "Nom du lien", "E-mail destinataire")
    assert [label in form for label in labels] == [True] * 3

    values = {"name": "ACD", "recipient": "Prod@Cabinet.test", "with_original": "on"}
    answer = browser.post(settings_page(cabinet, "nouvelle/"), values)

    assert (answer.status_code, answer["Location"]) == (302, settings_page(cabinet))
    made = configuration_of(cabinet)
    assert (made.name, made.recipient, made.with_original, made.enabled) == ("ACD", "prod@cabinet.test", True, True)
    with tenant(firm=cabinet.firm.pk):
        [entry] = JournalEntry.objects.filter(object_id=made.pk).values_list("action", "actor")
    assert entry == ("export.configuration_created", str(cabinet.administrator.user))


def test_configuration_name_taken_in_the_firm_is_told_beside_its_field(cabinet: Cabinet, other: Cabinet) -> None:
    make_configuration(cabinet, name="ACD")
    values = {"name": "ACD", "recipient": "prod@cabinet.test"}
    answer = browser_of(cabinet.administrator).post(settings_page(cabinet, "nouvelle/"), values)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"name": ["Une configuration s'appelle déjà «\u00a0ACD\u00a0»."]}
    assert browser_of(other.administrator).post(settings_page(other, "nouvelle/"), values).status_code == 302


def test_configuration_edit_changes_it(cabinet: Cabinet) -> None:
    made = make_configuration(cabinet)
    values = {"name": "EBP", "recipient": "ebp@cabinet.test"}
    browser_of(cabinet.administrator).post(settings_page(cabinet, f"{made.pk}/"), values)
    assert (configuration_of(cabinet).name, configuration_of(cabinet).recipient) == ("EBP", "ebp@cabinet.test")


def test_configuration_whose_address_is_corrected_sends_what_waited(cabinet: Cabinet) -> None:
    made = make_configuration(cabinet, paused_addresses=["prod@cabinet.test"])
    make_delivery(make_part(make_active_client(cabinet.firm)), made, DeliveryState.SUSPENDED)
    values = {"name": "ACD", "recipient": "New@cabinet.test"}
    browser_of(cabinet.administrator).post(settings_page(cabinet, f"{made.pk}/"), values)
    assert (configuration_of(cabinet).recipient, configuration_of(cabinet).paused_addresses) == ("new@cabinet.test", [])
    with tenant(firm=cabinet.firm.pk):
        waiting = Delivery.objects.get()
    assert (waiting.recipient, waiting.state) == ("new@cabinet.test", DeliveryState.QUEUED)


def test_configuration_switch_turns_off_and_on(cabinet: Cabinet) -> None:
    made = make_configuration(cabinet)
    browser = browser_of(cabinet.administrator)
    for value, enabled in (("0", False), ("1", True)):
        browser.post(settings_page(cabinet, f"{made.pk}/activation/"), {"activer": value})
        assert configuration_of(cabinet).enabled is enabled


def test_paused_address_is_shown_and_resumed(cabinet: Cabinet) -> None:
    made = make_configuration(cabinet, paused_addresses=["prod@cabinet.test"])
    client = make_active_client(cabinet.firm)
    make_delivery(make_part(client), made, DeliveryState.SUSPENDED)
    browser = browser_of(cabinet.administrator)
    assert "L'adresse prod@cabinet.test rejette les e-mails." in text_of(browser.get(settings_page(cabinet)))

    browser.post(settings_page(cabinet, f"{made.pk}/reprise/"), {"adresse": "prod@cabinet.test"})

    assert configuration_of(cabinet).paused_addresses == []
    with tenant(firm=cabinet.firm.pk):
        assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_delivery_is_sent_again_on_purpose_to_the_address_of_today(cabinet: Cabinet, other: Cabinet) -> None:
    made = make_configuration(cabinet)
    first = make_delivery(make_part(make_active_client(cabinet.firm)), made, DeliveryState.FAILED)
    with tenant(firm=cabinet.firm.pk):
        ExportConfiguration.objects.update(recipient="new@cabinet.test")
    address = settings_page(cabinet, f"livraisons/{first.pk}/renvoyer/")

    codes = [
        browser_of(member).post(at).status_code
        for member, at in (
            (cabinet.administrator, address),
            (cabinet.assigned, address),
            (other.administrator, settings_page(other, f"livraisons/{first.pk}/renvoyer/")),
        )
    ]

    assert codes == [302, 403, 404]
    with tenant(firm=cabinet.firm.pk):
        rows = Delivery.objects.order_by("round").values_list("round", "recipient", "state")
        assert list(rows) == [(1, "prod@cabinet.test", "failed"), (2, "new@cabinet.test", "queued")]


@pytest.mark.parametrize(
    ("state", "paused", "sentence"),
    [
        (DeliveryState.SUSPENDED, [], "n'est pas finie"),
        (DeliveryState.FAILED, ["prod@cabinet.test"], "rejette les e-mails"),
    ],
)
def test_delivery_that_cannot_be_sent_again_says_why(
    cabinet: Cabinet, state: DeliveryState, paused: list[str], sentence: str
) -> None:
    made = make_configuration(cabinet, paused_addresses=paused)
    delivery = make_delivery(make_part(make_active_client(cabinet.firm)), made, state)
    address = settings_page(cabinet, f"livraisons/{delivery.pk}/renvoyer/")
    answer = browser_of(cabinet.administrator).post(address, follow=True)
    assert [sentence in str(message) for message in answer.context["messages"]] == [True]


def make_delivery(part: Any, configuration: ExportConfiguration, state: DeliveryState) -> Delivery:
    with tenant(firm=part.firm_id):
        return Delivery.objects.create(
            firm_id=part.firm_id,
            company_id=part.company_id,
            invoice_id=part.invoice_id,
            configuration=configuration,
            recipient=configuration.recipient,
            state=state,
        )


@pytest.mark.parametrize("rest", ["nouvelle/", "{pk}/", "{pk}/activation/", "{pk}/reprise/"])
def test_only_administrateurs_of_the_firm_change_settings(cabinet: Cabinet, other: Cabinet, rest: str) -> None:
    address = settings_page(cabinet, rest.format(pk=make_configuration(cabinet).pk))
    codes = [
        browser_of(member).post(address, {"name": "X", "recipient": "x@cabinet.test"}).status_code
        for member in (cabinet.assigned, cabinet.unassigned, other.administrator)
    ]
    assert codes == [403, 403, 404]
    assert configuration_of(cabinet).name == "ACD"


@pytest.mark.parametrize("rest", ["{pk}/", "{pk}/activation/", "{pk}/reprise/"])
def test_configuration_of_another_firm_is_404_by_one_s_own_door(cabinet: Cabinet, other: Cabinet, rest: str) -> None:
    browser = browser_of(cabinet.administrator)
    foreign, missing = make_configuration(other).pk, uuid4()
    codes = [browser.post(settings_page(cabinet, rest.format(pk=pk))).status_code for pk in (foreign, missing)]
    assert codes == [404, 404]


def test_utilisateur_sees_configurations_but_neither_buttons_nor_deliveries(cabinet: Cabinet) -> None:
    made = make_configuration(cabinet)
    make_delivery(make_part(make_active_client(cabinet.firm), number="F-SECRET"), made, DeliveryState.SENT)
    seen = [text_of(browser_of(m).get(settings_page(cabinet))) for m in (cabinet.administrator, cabinet.assigned)]
    words = ("ACD", "Nouvelle configuration", "Désactiver", "F-SECRET")
    assert [[word in text for word in words] for text in seen] == [[True] * 4, [True, False, False, False]]


@pytest.mark.parametrize("rows", [1, 3])
def test_settings_cost_the_same_number_of_queries(
    cabinet: Cabinet, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = make_active_client(cabinet.firm)
    for number in range(rows):
        made = make_configuration(cabinet, name=f"Lien {number}")
        make_delivery(make_part(client, number=f"F-{number}"), made, DeliveryState.SENT)
    browser = browser_of(cabinet.administrator)
    browser.get(settings_page(cabinet))  # notes the entry into the firm
    with django_assert_num_queries(9):
        answer = browser.get(settings_page(cabinet))
    assert len(answer.context["configurations"]) == rows


# --- Connexion à l'outil de production ----------------------------------------------------------------------------


def connection_page(cabinet: Cabinet, client: Client) -> str:
    return page(cabinet, f"clients/{client.pk}/connexion/")


def test_connection_is_made_changed_and_ended_from_the_client_file(cabinet: Cabinet) -> None:
    acd, ebp = make_configuration(cabinet, name="ACD"), make_configuration(cabinet, name="EBP")
    browser, address = browser_of(cabinet.assigned), connection_page(cabinet, cabinet.client)
    assert "Connexion à l'outil de production" in text_of(browser.get(address))

    answer = browser.post(address, {"connexion-configuration": acd.pk, "connexion-sales_to": "v@outil.test"})
    assert (answer.status_code, answer["Location"]) == (302, page(cabinet, f"clients/{cabinet.client.pk}/"))
    assert connections(cabinet) == [(cabinet.client.pk, "ACD", "", "v@outil.test")]

    answer = browser.post(address, {"connexion-configuration": ebp.pk}, headers={"HX-Request": "true"})
    assert (answer.status_code, "La connexion est enregistrée." in text_of(answer)) == (200, True)
    assert connections(cabinet) == [(cabinet.client.pk, "EBP", "", "")]

    browser.post(address, {"connexion-configuration": ""})
    assert connections(cabinet) == []


def test_connection_refuses_another_firm_s_configuration_and_a_wrong_address(cabinet: Cabinet, other: Cabinet) -> None:
    own, foreign = make_configuration(cabinet), make_configuration(other)
    browser, address = browser_of(cabinet.administrator), connection_page(cabinet, cabinet.client)
    browser.post(address, {"connexion-configuration": foreign.pk})
    browser.post(address, {"connexion-configuration": own.pk, "connexion-purchases_to": "no address"})
    assert connections(cabinet) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_connection_is_for_those_who_see_the_client_file(cabinet: Cabinet, other: Cabinet, method: str) -> None:
    people = (cabinet.administrator, cabinet.assigned, cabinet.unassigned, other.administrator)
    address = connection_page(cabinet, cabinet.client)
    codes = [getattr(browser_of(member), method)(address).status_code for member in people]
    good = 200 if method == "get" else 302
    assert codes == [good, good, 404, 404]
