"""Entering: what ComptExpert says of a person becomes the account, the firms and the places in them."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from common.journal import record
from common.tenancy import tenant
from firms.comptexpert.claims import Cabinet, Claims
from firms.comptexpert.errors import ComptExpertError, Reason
from firms.comptexpert.people import find_person, keep_people, update_person
from firms.comptexpert.places import COMPTEXPERT, end_place, hold_place, read_list
from firms.comptexpert.refusals import Cause, MissingRightError, MissingSiretError, RefusedError
from firms.comptexpert.rights import Grant, Refusal, rights_of
from firms.enums import Profile
from firms.keys import issue_key
from firms.models import Firm, Membership

#: Rights are read each minute; that the identity was read as well is written less often.
_READ_PRECISION = timedelta(minutes=5)
_SIRET_CAUSES = frozenset({Cause.NO_SIRET, Cause.WRONG_SIRET})


@dataclass(frozen=True)
class Entry:
    """A person with at least one open place; `refusals` are the cabinets that cannot be entered."""

    user: User
    memberships: tuple[Membership, ...]
    refusals: tuple[Refusal, ...]


def enter(claims: Claims) -> Entry:
    """
    Bring the account, its firms and its places up to date with the claims, in one transaction.

    Raises MissingRightError or MissingSiretError when no place is open; places that ended have ended all the same.
    """
    rights = rights_of(claims)
    grants, refusals = _known_grants(rights.grants, profile=rights.profile)
    refusals = (*rights.refusals, *refusals)
    user = find_person(issuer=claims.issuer, subject=claims.person.subject)
    if user is None and not grants:
        raise _refused(claims, refusals)
    if user is not None and not user.is_active:
        raise ComptExpertError(Reason.ACCOUNT_CLOSED)
    with transaction.atomic():
        user, places = _apply(claims, grants, profile=rights.profile)
    closed = tuple(Refusal(place.firm.name, Cause.DELISTED) for place in places if not place.is_open)
    memberships = tuple(place for place in places if place.is_open)
    if not memberships:
        raise _refused(claims, (*refusals, *closed))
    return Entry(user, memberships, (*refusals, *closed))


def _known_grants(grants: tuple[Grant, ...], *, profile: Profile) -> tuple[dict[str, Cabinet], tuple[Refusal, ...]]:
    """Only an expert-comptable opens a firm: a collaborateur enters those that jefacture knows."""
    cabinets = {grant.siret: grant.cabinet for grant in grants}
    if profile == Profile.EXPERT:
        return cabinets, ()
    known = set(Firm.objects.filter(siret__in=cabinets).values_list("siret", flat=True))
    unknown = tuple(Refusal(cabinets[siret].name, Cause.UNKNOWN_FIRM) for siret in cabinets if siret not in known)
    return {siret: cabinet for siret, cabinet in cabinets.items() if siret in known}, unknown


def _apply(claims: Claims, grants: dict[str, Cabinet], *, profile: Profile) -> tuple[User, list[Membership]]:
    listed = [delegate.person for cabinet in grants.values() for delegate in cabinet.delegates or ()]
    # Everybody first, then the firms in one order: two sign-ins at once wait for each other, never in a circle.
    people = keep_people([*listed, claims.person], issuer=claims.issuer)
    user = people[claims.person.subject]
    update_person(user, claims.person)
    former = Firm.objects.filter(memberships__user=user).values_list("siret", flat=True)
    places = []
    for siret in sorted({*grants, *former}):
        firm, opened = _lock_firm(siret, grants.get(siret))
        with tenant(firm=firm.pk):
            if siret not in grants:
                end_place(user, firm)
                continue
            place = hold_place(user, firm, profile=profile)
            places.append(place)
            if profile == Profile.EXPERT:
                _keep_firm(place, grants[siret], opened=opened)
                if (delegates := grants[siret].delegates) is not None:
                    read_list(user, firm, delegates=delegates, people=people)
    return user, places


def _lock_firm(siret: str, cabinet: Cabinet | None) -> tuple[Firm, bool]:
    """The firm, locked until the end of the transaction, and whether it was opened just now."""
    firm = Firm.objects.select_for_update().filter(siret=siret).first()
    if firm is not None or cabinet is None:
        return firm or Firm.objects.select_for_update().get(siret=siret), False
    try:
        with transaction.atomic():
            return Firm.objects.create(siret=siret, identity_read_at=timezone.now(), **_identity(cabinet, siret)), True
    except IntegrityError:
        # Two expert-comptables opened it at once: the other one did.
        return Firm.objects.select_for_update().get(siret=siret), False


def _keep_firm(expert: Membership, cabinet: Cabinet, *, opened: bool) -> None:
    """Give the firm the identity that ComptExpert says now; a firm just opened gets its first API key."""
    firm = expert.firm
    if opened:
        record(expert, "firm.opened", firm, siret=firm.siret)
        key, _value = issue_key(firm, name="Clé du cabinet")
        record(expert, "api_key.issued", key)
        return
    now = timezone.now()
    changed = {name: value for name, value in _identity(cabinet, firm.siret).items() if getattr(firm, name) != value}
    if not changed and firm.identity_read_at and firm.identity_read_at > now - _READ_PRECISION:
        return
    before = {name: getattr(firm, name) for name in changed}
    for name, value in changed.items():
        setattr(firm, name, value)
    firm.identity_read_at = now
    firm.save(update_fields=[*changed, "identity_read_at"])
    if changed:
        record(COMPTEXPERT, "firm.identity_changed", firm, before=before, after=changed)


def _identity(cabinet: Cabinet, siret: str) -> dict[str, str]:
    return {
        "comptexpert_id": cabinet.identifier,
        "name": cabinet.name or f"Cabinet {siret}",
        "street": cabinet.street,
        "postal_code": cabinet.postal_code,
        "city": cabinet.city,
    }


def _refused(claims: Claims, refusals: tuple[Refusal, ...]) -> RefusedError:
    """Which page tells the person best what is missing."""
    causes = [refusal.cause for refusal in refusals]
    for cause in (Cause.DELISTED, Cause.UNKNOWN_FIRM):
        if cause in causes:
            return MissingRightError(claims, cause=cause)
    missing_siret = [cause for cause in causes if cause in _SIRET_CAUSES]
    if missing_siret:
        return MissingSiretError(claims, cause=missing_siret[0])
    if claims.profile == Profile.EXPERT:
        return MissingSiretError(claims, cause=Cause.NO_CABINET)
    return MissingRightError(claims, cause=Cause.NO_DELEGATION)
