"""Several people sign in at the same moment, on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from firms.comptexpert.claims import Claims, read_claims
from firms.comptexpert.services import enter
from firms.enums import Role
from firms.models import ApiKey, Firm, Membership
from firms.services import LastAdministratorError, change_role
from tests.factories import AdministratorFactory, FirmFactory

SIRETS = ("73282932000074", "51906738300017")

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Do everything at the same moment; each answer, or the exception in its place."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=10)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def expert(sub: str, sirets: tuple[str, ...]) -> Claims:
    delegates: list[dict[str, Any]] = [{"sub": name} for name in ("paul", "lea", "zoe")]
    if sub > "m":
        delegates.reverse()
    cabinets = [{"siret": siret, "name": "Cabinet", "delegates": delegates} for siret in sirets]
    return read_claims({"sub": sub, "profile_type": "expert-comptable", "cabinets": cabinets}, issuer="https://ce.test")


def test_enter_new_firms_by_several_experts_at_once_makes_each_thing_once() -> None:
    people = [expert(sub, sirets) for sub in ("eve", "zoe") for sirets in (SIRETS, SIRETS[::-1], SIRETS)]

    answers = at_once([lambda claims=claims: enter(claims) for claims in people])  # type: ignore[misc] # bound now

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (Firm.objects.count(), ApiKey.objects.count(), User.objects.count()) == (2, 2, 4)
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 4


def test_change_role_two_demotions_at_once_leave_an_administrator() -> None:
    firm = FirmFactory.create()
    first, second = AdministratorFactory.create(firm=firm), AdministratorFactory.create(firm=firm)

    answers = at_once(
        [
            lambda: change_role(first, member=second, role=Role.USER),
            lambda: change_role(second, member=first, role=Role.USER),
        ]
    )

    assert [type(answer) for answer in answers if answer is not None] == [LastAdministratorError]
    assert Membership.objects.filter(firm=firm, role=Role.ADMINISTRATOR).count() == 1
