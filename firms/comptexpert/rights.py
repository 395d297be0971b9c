"""What a person's claims give a right to, before the database is looked at."""

from dataclasses import dataclass

from common.identifiers import IdentifierError, clean_siret
from firms.comptexpert.claims import Cabinet, Claims
from firms.comptexpert.refusals import Cause
from firms.enums import Profile


@dataclass(frozen=True)
class Grant:
    """A cabinet that the person may enter, as far as the claims say; `siret` is clean."""

    siret: str
    cabinet: Cabinet


@dataclass(frozen=True)
class Refusal:
    """A cabinet of the person that cannot be entered, and why."""

    name: str
    cause: Cause


@dataclass(frozen=True)
class Rights:
    profile: Profile
    grants: tuple[Grant, ...]
    refusals: tuple[Refusal, ...]


def rights_of(claims: Claims) -> Rights:
    """An expert-comptable enters each cabinet; a collaborateur those with the delegation. Both need its SIRET."""
    grants: dict[str, Grant] = {}
    refusals: list[Refusal] = []
    for cabinet in claims.cabinets:
        if claims.profile != Profile.EXPERT and not cabinet.delegated:
            refusals.append(Refusal(cabinet.name, Cause.NO_DELEGATION))
            continue
        try:
            siret = clean_siret(cabinet.siret)
        except IdentifierError:
            refusals.append(Refusal(cabinet.name, Cause.WRONG_SIRET if cabinet.siret else Cause.NO_SIRET))
        else:
            grants.setdefault(siret, Grant(siret, cabinet))
    return Rights(claims.profile, tuple(grants.values()), tuple(refusals))
