import pytest
from django.db.models import TextChoices
from django.template import Context, Template

from clients.enums import ClientStatus, ImportState, RowAction
from common.states import look_of
from common.templatetags import jf
from exports.enums import DeliveryState
from firms.enums import MembershipStatus
from invitations.enums import InvitationState
from invoices.enums import DepositState, Direction, FirmState, InvoiceState
from outbox.enums import EmailState

QUIET = look_of("un mot que personne ne connaît")


@pytest.mark.parametrize(
    "choices",
    [
        ClientStatus,
        ImportState,
        RowAction,
        DeliveryState,
        MembershipStatus,
        InvitationState,
        DepositState,
        Direction,
        FirmState,
        InvoiceState,
        EmailState,
    ],
)
def test_every_state_of_the_product_has_a_look(choices: type[TextChoices]) -> None:
    assert [label for label in choices.labels if look_of(str(label)) == QUIET] == []


def test_each_look_draws_an_icon_that_exists() -> None:
    words = [
        str(label)
        for choices in (ClientStatus, ImportState, RowAction, DeliveryState, DepositState, FirmState, InvoiceState)
        for label in choices.labels
    ]

    assert [word for word in words if "<svg" not in jf.state(word)] == []


@pytest.mark.parametrize(
    ("word", "tone"),
    [("Actif", "done"), ("actif", "done"), ("À transférer", "wait"), ("E-mail rejeté", "wrong"), ("Archivé", "idle")],
)
def test_a_word_has_its_tone(word: str, tone: str) -> None:
    assert look_of(word).tone == tone


def test_a_given_tone_wins_and_brings_its_icon() -> None:
    look = look_of("SIREN invalide", tone="wrong")

    assert (look.tone, look.icon) == ("wrong", "x-mark")


def test_state_in_a_template_shows_its_word_escaped() -> None:
    shown = Template('{% state word tone="wrong" %}').render(Context({"word": "<b>"}))

    assert (shown.startswith('<span class="state wrong"><svg'), shown.endswith("&lt;b&gt;</span>")) == (True, True)
