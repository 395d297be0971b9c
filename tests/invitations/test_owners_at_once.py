"""Two acts on the people of one company space at the same moment, on real transactions."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from accounts.models import TermsAcceptance, User
from clients.enums import CompanyRole
from clients.models import CompanyMembership
from common.tenancy import tenant
from tests.browsing import signed_in
from tests.factories import make_company, make_owner
from tests.invitations.test_colleagues import FORM, act, invite, now
from tests.outbox.smtp_server import Recorder
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def post(member: CompanyMembership, path: str, **form: str) -> Callable[[], int]:
    return lambda: signed_in(member.person).post(path, form).status_code


@pytest.mark.parametrize("_round", range(3))
def test_two_owners_who_leave_at_once_leave_one_behind(_round: int) -> None:
    company = make_company()
    owners = make_owner(company), make_owner(company)
    assert together(*(post(owner, act(owner, "retirer")) for owner in owners)) == [302, 302]
    assert sorted(now(owner)[1] for owner in owners) == [False, True]


@pytest.mark.parametrize("_round", range(3))
def test_two_owners_who_demote_each_other_at_once_leave_one_owner(_round: int) -> None:
    first, second = (make_owner(company) for company in [make_company()] * 2)
    codes = together(
        post(first, act(second, "role"), role="member"),
        post(second, act(first, "role"), role="member"),
    )
    assert sorted(codes) == [302, 403]
    assert sorted(now(owner)[0] for owner in (first, second)) == [CompanyRole.MEMBER, CompanyRole.OWNER]


def test_link_posted_twice_at_once_lets_one_person_in(smtp: Recorder) -> None:
    owner = make_owner(make_company())
    path = invite(owner, smtp)
    codes = together(*(lambda: Browser().post(path, FORM).status_code for _ in range(2)))
    assert codes.count(302) == 1
    assert {*codes} - {302} <= {200, 409, 410}
    assert User.objects.company_users().count() == 2
    assert TermsAcceptance.objects.count() == 1
    with tenant(company=owner.company_id):
        assert CompanyMembership.objects.count() == 2
