"""What claims do to accounts, firms and places, rule by rule; the trip itself is in test_signin."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from common.models import JournalEntry
from common.tenancy import tenant
from firms.comptexpert.claims import Claims, read_claims
from firms.comptexpert.errors import ComptExpertError, Reason
from firms.comptexpert.refusals import Cause, MissingRightError, MissingSiretError
from firms.comptexpert.services import Entry, enter
from firms.enums import MembershipStatus, Profile, Role
from firms.models import ApiKey, Firm, ListedDelegate, Membership
from firms.services import LastAdministratorError, change_role

ISSUER = "https://comptexpert.test"
SIRET, OTHER = "73282932000074", "51906738300017"
EXPERT, COLLABORATOR = "expert-comptable", "collaborateur"

pytestmark = pytest.mark.django_db


def claims(sub: str, *cabinets: dict[str, Any], profile: str = EXPERT, **identity: Any) -> Claims:
    raw = {"sub": sub, "given_name": sub.title(), "profile_type": profile, "cabinets": list(cabinets), **identity}
    return read_claims(raw, issuer=ISSUER)


def cabinet(siret: str | None = SIRET, *, delegates: list[str] | None = None, **values: Any) -> dict[str, Any]:
    listed = {} if delegates is None else {"delegates": [{"sub": sub, "given_name": sub.title()} for sub in delegates]}
    return {"siret": siret, "name": "Cabinet", "delegations": ["jefacture.com"], **listed, **values}


def expert(sub: str = "eve", *, delegates: list[str] | None = None, siret: str = SIRET) -> Entry:
    return enter(claims(sub, cabinet(siret, delegates=delegates)))


def collaborator(sub: str = "cleo", *, delegations: tuple[str, ...] = ("jefacture.com",), siret: str = SIRET) -> Entry:
    return enter(claims(sub, cabinet(siret, delegations=list(delegations)), profile=COLLABORATOR))


def place(sub: str, siret: str = SIRET) -> Membership:
    return Membership.objects.get(user__subject=sub, firm__siret=siret)


def journal(siret: str = SIRET) -> list[tuple[str, str]]:
    with tenant(firm=Firm.objects.get(siret=siret).pk):
        return list(JournalEntry.objects.order_by("id").values_list("action", "object_label"))


# --- Firms -------------------------------------------------------------------------------------------------------


def test_enter_expert_of_known_firm_makes_no_second_key() -> None:
    expert("eve")
    expert("ada")
    assert (Firm.objects.count(), ApiKey.objects.count()) == (1, 1)
    assert [place(sub).role for sub in ("eve", "ada")] == [Role.ADMINISTRATOR, Role.ADMINISTRATOR]


def test_enter_expert_updates_the_identity_and_the_journal() -> None:
    expert()
    enter(claims("eve", cabinet(name="Cabinet Neuf", address={"street": "1 rue", "postal_code": "75001", "city": "P"})))

    firm = Firm.objects.get()
    assert (firm.name, firm.street, firm.postal_code, firm.city) == ("Cabinet Neuf", "1 rue", "75001", "P")
    assert journal()[-1] == ("firm.identity_changed", "Cabinet Neuf")


def test_enter_collaborator_changes_no_firm() -> None:
    expert(delegates=["cleo"])
    enter(claims("cleo", cabinet(name="Autre nom"), profile=COLLABORATOR))
    assert Firm.objects.get().name == "Cabinet"


def test_enter_again_writes_nothing(django_assert_num_queries: Any) -> None:
    expert(delegates=["cleo", "dan"])
    lines = len(journal())
    with django_assert_num_queries(14):
        expert(delegates=["cleo", "dan"])
    assert len(journal()) == lines


def test_enter_expert_dates_the_identity_to_five_minutes() -> None:
    expert()
    opened = Firm.objects.get().identity_read_at
    assert opened is not None
    assert timezone.now() - opened < timedelta(minutes=1)
    for minutes, moves in ((4, False), (6, True)):
        earlier = timezone.now() - timedelta(minutes=minutes)
        Firm.objects.update(identity_read_at=earlier)
        expert()
        assert (Firm.objects.get().identity_read_at != earlier) == moves


def test_enter_updates_the_person() -> None:
    expert()
    enter(claims("eve", cabinet(), given_name="Ève", email="eve@cabinet.test"))
    user = User.objects.get(subject="eve")
    assert (user.first_name, user.contact_email, user.email) == ("Ève", "eve@cabinet.test", None)


def test_enter_closed_account_is_refused() -> None:
    expert()
    User.objects.update(is_active=False)
    with pytest.raises(ComptExpertError) as caught:
        expert()
    assert caught.value.reason is Reason.ACCOUNT_CLOSED


# --- Refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "error", "cause"),
    [
        (claims("x"), MissingSiretError, Cause.NO_CABINET),
        (claims("x", cabinet(None)), MissingSiretError, Cause.NO_SIRET),
        (claims("x", cabinet("123")), MissingSiretError, Cause.WRONG_SIRET),
        (claims("x", profile=COLLABORATOR), MissingRightError, Cause.NO_DELEGATION),
        (claims("x", profile=""), MissingRightError, Cause.NO_DELEGATION),
        (claims("x", cabinet(delegations=[]), profile=COLLABORATOR), MissingRightError, Cause.NO_DELEGATION),
        (claims("x", cabinet(None), profile=COLLABORATOR), MissingSiretError, Cause.NO_SIRET),
        (claims("x", cabinet(OTHER), profile=COLLABORATOR), MissingRightError, Cause.UNKNOWN_FIRM),
    ],
)
def test_enter_without_right_writes_nothing(sent: Claims, error: type[MissingRightError], cause: Cause) -> None:
    expert("eve")
    with pytest.raises(error) as caught:
        enter(sent)
    assert caught.value.cause is cause
    assert (User.objects.count(), Firm.objects.count()) == (1, 1)


# --- Places ------------------------------------------------------------------------------------------------------


def test_enter_delegate_not_yet_listed_comes_in() -> None:
    expert(delegates=[])
    collaborator()
    assert (place("cleo").status, place("cleo").role) == (MembershipStatus.ACTIVE, Role.USER)


def test_enter_own_claims_gone_ends_the_place_until_they_are_back() -> None:
    expert(delegates=["cleo"])
    collaborator()
    with pytest.raises(MissingRightError):
        collaborator(delegations=())
    assert place("cleo").status == MembershipStatus.DISABLED
    expert(delegates=["cleo"])  # the list alone does not open it again
    assert place("cleo").status == MembershipStatus.DISABLED
    collaborator()
    assert place("cleo").status == MembershipStatus.ACTIVE
    assert [line for line in journal() if line[1].startswith("Cleo")] == [
        ("membership.delegated", "Cleo (Utilisateur)"),
        ("membership.opened", "Cleo (Utilisateur)"),
        ("membership.ended", "Cleo (Utilisateur)"),
        ("membership.reopened", "Cleo (Utilisateur)"),
    ]


def test_enter_no_list_holds_the_delegate_ends_the_place_until_one_does() -> None:
    expert(delegates=["cleo"])
    collaborator()
    expert(delegates=[])
    with pytest.raises(MissingRightError) as caught:
        collaborator()  # own claims alone do not open it again
    assert caught.value.cause is Cause.DELISTED
    expert(delegates=["cleo"])
    assert place("cleo").status == MembershipStatus.ACTIVE


def test_enter_another_expert_still_lists_the_delegate() -> None:
    expert("eve", delegates=["cleo"])
    expert("ada", delegates=["cleo"])
    collaborator()
    expert("eve", delegates=[])
    assert place("cleo").status == MembershipStatus.ACTIVE
    expert("ada", delegates=[])
    assert place("cleo").status == MembershipStatus.DISABLED


def test_enter_expert_without_a_list_leaves_the_delegates_alone() -> None:
    expert(delegates=["cleo"])
    expert(delegates=None)
    assert (place("cleo").status, ListedDelegate.objects.count()) == (MembershipStatus.CREATED, 1)


def test_enter_expert_who_left_lists_nobody() -> None:
    expert("eve", delegates=["cleo"])
    expert("ada", delegates=[])
    collaborator()
    with pytest.raises(MissingSiretError):
        enter(claims("eve"))
    assert [place(sub).status for sub in ("eve", "cleo")] == [MembershipStatus.DISABLED, MembershipStatus.DISABLED]


def test_enter_one_firm_of_two_gone_keeps_the_other() -> None:
    enter(claims("eve", cabinet(SIRET), cabinet(OTHER)))
    entry = enter(claims("eve", cabinet(OTHER), cabinet(None, name="Sans")))
    assert [one.firm.siret for one in entry.memberships] == [OTHER]
    assert [refusal.name for refusal in entry.refusals] == ["Sans"]
    assert place("eve").status == MembershipStatus.DISABLED


def test_enter_delegated_date_follows_the_list() -> None:
    listed = {"sub": "cleo", "delegated_at": "2026-11-02T10:15:00+01:00"}
    enter(claims("eve", {**cabinet(), "delegates": [listed]}))
    delegated_at = place("cleo").delegated_at
    assert delegated_at is not None
    assert delegated_at.isoformat() == "2026-11-02T09:15:00+00:00"


# --- Roles -------------------------------------------------------------------------------------------------------


def test_enter_role_chosen_by_an_administrator_stays() -> None:
    expert("eve", delegates=["cleo"])
    collaborator()
    change_role(place("eve"), member=place("cleo"), role=Role.ADMINISTRATOR)
    change_role(place("cleo"), member=place("eve"), role=Role.USER)

    collaborator()
    expert("eve", delegates=["cleo"])

    assert [place(sub).role for sub in ("cleo", "eve")] == [Role.ADMINISTRATOR, Role.USER]


def test_enter_collaborator_become_expert_is_administrator() -> None:
    expert("eve", delegates=["cleo"])
    collaborator()
    expert("cleo")
    assert (place("cleo").role, place("cleo").profile) == (Role.ADMINISTRATOR, Profile.EXPERT)


def test_enter_expert_become_collaborator_is_user_unless_the_last_administrator() -> None:
    expert("eve")
    expert("ada")
    collaborator("eve")
    collaborator("ada")
    assert [(place(sub).role, place(sub).profile) for sub in ("eve", "ada")] == [
        (Role.USER, Profile.COLLABORATOR),
        (Role.ADMINISTRATOR, Profile.COLLABORATOR),
    ]


def test_enter_last_administrator_gone_the_next_expert_takes_over() -> None:
    expert("eve", delegates=["cleo"])
    expert("ada")
    collaborator()
    change_role(place("eve"), member=place("ada"), role=Role.USER)
    with pytest.raises(MissingSiretError):
        enter(claims("eve"))  # ComptExpert's word closes the last one's access all the same
    assert journal()[-3:] == [
        ("membership.ended", "Eve (Administrateur)"),
        ("firm.left_without_administrator", "Cabinet"),
        ("membership.ended", "Cleo (Utilisateur)"),  # whom nobody lists any more
    ]

    expert("ada", delegates=["cleo"])
    collaborator()

    assert [(place(sub).role, place(sub).role_chosen) for sub in ("ada", "cleo")] == [
        (Role.ADMINISTRATOR, False),
        (Role.USER, False),
    ]


def test_enter_administrator_who_never_signed_in_does_not_count_as_another() -> None:
    expert("eve")
    expert("ada", delegates=["cleo"])
    change_role(place("eve"), member=place("ada"), role=Role.USER)
    change_role(place("eve"), member=place("cleo"), role=Role.ADMINISTRATOR)
    collaborator("eve")
    assert (place("cleo").status, place("eve").role) == (MembershipStatus.CREATED, Role.ADMINISTRATOR)


def test_change_role_last_administrator_is_protected() -> None:
    expert("eve", delegates=["cleo"])
    with pytest.raises(LastAdministratorError):
        change_role(place("eve"), member=place("eve"), role=Role.USER)
    assert place("eve").role == Role.ADMINISTRATOR
