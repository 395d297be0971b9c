"""What ComptExpert says of a person, as typed values. Claim names are settings: no public description exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from firms.comptexpert.errors import ComptExpertError, Reason
from firms.enums import Profile


@dataclass(frozen=True)
class Person:
    """Somebody's identity. `subject` is ComptExpert's own name of the person, the only one that identifies."""

    subject: str
    email: str
    given_name: str
    family_name: str
    preferred_username: str
    website: str

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Delegate:
    person: Person
    delegated_at: datetime | None


@dataclass(frozen=True)
class Cabinet:
    """`siret` as received, empty where none was; `delegates` is None where no list was sent (a collaborateur)."""

    identifier: str
    siret: str
    name: str
    street: str
    postal_code: str
    city: str
    delegated: bool
    delegates: tuple[Delegate, ...] | None


@dataclass(frozen=True)
class Claims:
    issuer: str
    person: Person
    profile_name: str
    cabinets: tuple[Cabinet, ...]

    @property
    def profile(self) -> Profile:
        expert = self.profile_name == settings.COMPTEXPERT_EXPERT_VALUE
        return Profile.EXPERT if expert else Profile.COLLABORATOR


def read_claims(raw: Mapping[str, Any], *, issuer: str) -> Claims:
    """Raises ComptExpertError when the claims have another shape than a person with cabinets."""
    return Claims(
        issuer=issuer,
        person=_person(raw),
        profile_name=_text(raw, _name("profile_type")),
        cabinets=tuple(_cabinet(cabinet) for cabinet in _objects(raw, _name("cabinets"))),
    )


def _name(claim: str) -> str:
    name: str = settings.COMPTEXPERT_CLAIMS[claim]
    return name


def _person(raw: Mapping[str, Any]) -> Person:
    subject = _text(raw, "sub", longest=255)
    if not subject:
        raise _malformed("sub")
    website = _text(raw, _name("website"), longest=300)
    return Person(
        subject=subject,
        email=_text(raw, _name("email"), longest=254),
        given_name=_text(raw, _name("given_name"), longest=150),
        family_name=_text(raw, _name("family_name"), longest=150),
        preferred_username=_text(raw, _name("preferred_username"), longest=150),
        # It is shown as a link: anything but a web address (javascript:…) is left out.
        website=website if website.startswith(("https://", "http://")) else "",
    )


def _cabinet(raw: Mapping[str, Any]) -> Cabinet:
    address = raw.get("address") or {}
    if not isinstance(address, Mapping):
        raise _malformed("address")
    delegations = raw.get(_name("delegations")) or []
    if not isinstance(delegations, list):
        raise _malformed("delegations")
    listed = _name("delegates") in raw and raw[_name("delegates")] is not None
    return Cabinet(
        identifier=_text(raw, "id", longest=100),
        siret=_text(raw, "siret", longest=40),
        name=_text(raw, "name", longest=200),
        street=_text(address, "street", longest=200),
        postal_code=_text(address, "postal_code", longest=12),
        city=_text(address, "city", longest=100),
        delegated=settings.COMPTEXPERT_DELEGATION in delegations,
        delegates=tuple(_delegate(each) for each in _objects(raw, _name("delegates"))) if listed else None,
    )


def _delegate(raw: Mapping[str, Any]) -> Delegate:
    return Delegate(person=_person(raw), delegated_at=_moment(raw.get("delegated_at")))


def _moment(value: object) -> datetime | None:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return timezone.make_aware(moment) if moment is not None and timezone.is_naive(moment) else moment


def _objects(raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = raw.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise _malformed(name)
    return found


def _text(raw: Mapping[str, Any], name: str, *, longest: int = 255) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    # A SIRET or an identifier may come as a number.
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _malformed(name)
    # NUL cannot be stored.
    return str(value).replace("\x00", "").strip()[:longest]


def _malformed(name: str) -> ComptExpertError:
    return ComptExpertError(Reason.CLAIMS_MALFORMED, name)
