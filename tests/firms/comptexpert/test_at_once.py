"""Several people at the same moment, on connections of their own."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from common.models import JournalEntry
from common.permissions import ForbiddenError
from common.tenancy import tenant
from firms.comptexpert.claims import Claims, read_claims
from firms.comptexpert.services import enter
from firms.enums import MembershipStatus, Role
from firms.keys import issue_key, regenerate_key
from firms.models import ApiKey, Firm, Membership
from firms.services import change_role
from tests.factories import AdministratorFactory, FirmFactory
from tests.together import in_the_background, together, wait_until_blocked

SIRETS = ("73282932000074", "51906738300017")

pytestmark = pytest.mark.django_db(transaction=True)


def expert(sub: str, sirets: tuple[str, ...]) -> Claims:
    delegates: list[dict[str, Any]] = [{"sub": name} for name in ("paul", "lea", "zoe")]
    if sub > "m":
        delegates.reverse()
    cabinets = [{"siret": siret, "name": "Cabinet", "delegates": delegates} for siret in sirets]
    return read_claims({"sub": sub, "profile_type": "expert-comptable", "cabinets": cabinets}, issuer="https://ce.test")


def test_enter_new_firms_by_several_experts_at_once_makes_each_thing_once() -> None:
    people = [expert(sub, sirets) for sub in ("eve", "zoe") for sirets in (SIRETS, SIRETS[::-1], SIRETS)]

    answers = together(*(partial(enter, claims) for claims in people))

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (Firm.objects.count(), ApiKey.objects.count(), User.objects.count()) == (2, 2, 4)
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 4


def test_change_role_two_demotions_at_once_leave_an_administrator() -> None:
    firm = FirmFactory.create()
    first, second = AdministratorFactory.create(firm=firm), AdministratorFactory.create(firm=firm)

    answers = together(
        lambda: change_role(first, member=second, role=Role.USER),
        lambda: change_role(second, member=first, role=Role.USER),
    )

    assert [type(answer) for answer in answers if answer is not None] == [ForbiddenError]
    assert Membership.objects.filter(firm=firm, role=Role.ADMINISTRATOR).count() == 1


@pytest.fixture
def two() -> tuple[Membership, Membership]:
    """The administrateurs of one firm; the first is about to lose it in ComptExpert."""
    for sub in ("eve", "ada"):
        enter(expert(sub, SIRETS[:1]))
    eve, ada = (Membership.objects.get(user__subject=sub) for sub in ("eve", "ada"))
    return eve, ada


def test_change_role_waits_for_comptexpert_that_ends_the_actor(two: tuple[Membership, Membership]) -> None:
    eve, ada = two
    with in_the_background() as start:
        with transaction.atomic():
            enter(expert("eve", SIRETS[1:]))
            demotion = start(lambda: change_role(eve, member=ada, role=Role.USER))
            wait_until_blocked(1)
        with pytest.raises(ForbiddenError):
            demotion.result()
    ada.refresh_from_db()
    assert ada.role == Role.ADMINISTRATOR


def test_comptexpert_that_ends_the_last_administrator_waits_for_the_demotion(
    two: tuple[Membership, Membership],
) -> None:
    eve, ada = two
    with in_the_background() as start:
        with transaction.atomic():
            change_role(eve, member=ada, role=Role.USER)
            ending = start(lambda: enter(expert("eve", SIRETS[1:])))
            wait_until_blocked(1)
        ending.result()
    with tenant(firm=ada.firm_id):
        assert JournalEntry.objects.filter(action="firm.left_without_administrator").count() == 1

    enter(expert("ada", SIRETS[:1]))  # her rights are read again

    eve.refresh_from_db()
    ada.refresh_from_db()
    assert (eve.status, ada.role) == (MembershipStatus.DISABLED, Role.ADMINISTRATOR)


def test_regenerate_key_twice_at_once_makes_one_successor() -> None:
    administrator = AdministratorFactory.create()
    key, _raw = issue_key(administrator.firm, name="Clé du cabinet")

    answers = together(*[partial(regenerate_key, administrator, key=key, grace=timedelta(days=7))] * 2)

    assert sorted(type(answer).__name__ for answer in answers) == ["KeyReplacedError", "tuple"]
    assert ApiKey.objects.filter(firm=administrator.firm).count() == 2
    assert ApiKey.objects.filter(expires_at__isnull=True).count() == 1
