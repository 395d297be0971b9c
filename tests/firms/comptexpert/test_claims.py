from datetime import datetime
from typing import Any

import pytest

from firms.comptexpert.claims import read_claims
from firms.comptexpert.errors import ComptExpertError, Reason
from firms.comptexpert.refusals import Cause
from firms.comptexpert.rights import Refusal, rights_of
from firms.enums import Profile

ISSUER = "https://comptexpert.test"


def person(**claims: Any) -> dict[str, Any]:
    return {"sub": "x.y", "profile_type": "expert-comptable", "cabinets": [], **claims}


def cabinet(**values: Any) -> dict[str, Any]:
    return {"id": "C-1", "siret": "73282932000074", "name": "Cabinet", "delegations": [], **values}


def test_read_claims_everything_absent_is_blank() -> None:
    claims = read_claims({"sub": "x.y"}, issuer=ISSUER)
    assert (claims.person.subject, claims.person.full_name, claims.cabinets) == ("x.y", "", ())
    assert claims.profile == Profile.COLLABORATOR


def test_read_claims_names_are_settings(settings: Any) -> None:
    settings.COMPTEXPERT_CLAIMS = {**settings.COMPTEXPERT_CLAIMS, "given_name": "prenom", "cabinets": "structures"}
    claims = read_claims({"sub": "x", "prenom": "Zoé", "structures": [cabinet()]}, issuer=ISSUER)
    assert (claims.person.given_name, [one.name for one in claims.cabinets]) == ("Zoé", ["Cabinet"])


def test_read_claims_numbers_and_long_values_are_taken() -> None:
    claims = read_claims(person(given_name="a" * 999, cabinets=[cabinet(siret=73282932000074, id=12)]), issuer=ISSUER)
    assert (len(claims.person.given_name), claims.cabinets[0].siret) == (150, "73282932000074")
    assert claims.cabinets[0].identifier == "12"


def test_read_claims_delegation_and_delegates() -> None:
    delegate = {"sub": "d", "delegated_at": "2026-11-02T10:15:00+01:00"}
    raw = cabinet(delegations=["autre", "jefacture.com"], delegates=[delegate, {"sub": "e", "delegated_at": "hier"}])
    (read,) = read_claims(person(cabinets=[raw]), issuer=ISSUER).cabinets
    assert read.delegated
    assert read.delegates is not None
    assert [(one.person.subject, one.delegated_at) for one in read.delegates] == [
        ("d", datetime.fromisoformat("2026-11-02T10:15:00+01:00")),
        ("e", None),
    ]


@pytest.mark.parametrize(("sent", "read"), [({}, None), ({"delegates": None}, None), ({"delegates": []}, ())])
def test_read_claims_no_list_is_not_an_empty_list(sent: dict[str, Any], read: object) -> None:
    assert read_claims(person(cabinets=[cabinet(**sent)]), issuer=ISSUER).cabinets[0].delegates == read


@pytest.mark.parametrize(("website", "kept"), [("https://a.test", "https://a.test"), ("javascript:alert(1)", "")])
def test_read_claims_website_is_a_web_address(website: str, kept: str) -> None:
    assert read_claims(person(website=website), issuer=ISSUER).person.website == kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"sub": None},
        {"sub": ["x"]},
        {"given_name": {"a": 1}},
        {"cabinets": "x"},
        {"cabinets": ["x"]},
        {"cabinets": [cabinet(address="rue")]},
        {"cabinets": [cabinet(delegations="jefacture.com")]},
        {"cabinets": [cabinet(delegates=[{"email": "sans sujet"}])]},
        {"cabinets": [cabinet(siret=True)]},
    ],
)
def test_read_claims_other_shapes_are_a_named_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ComptExpertError) as caught:
        read_claims(person(**wrong), issuer=ISSUER)
    assert caught.value.reason is Reason.CLAIMS_MALFORMED


def test_rights_of_expert_every_cabinet_with_a_siret_once() -> None:
    cabinets = [
        cabinet(siret="732 829 320 00074"),
        cabinet(),
        cabinet(siret=None, name="Sans"),
        cabinet(siret="1", name="Faux"),
    ]
    rights = rights_of(read_claims(person(cabinets=cabinets), issuer=ISSUER))
    assert [grant.siret for grant in rights.grants] == ["73282932000074"]
    assert rights.refusals == (Refusal("Sans", Cause.NO_SIRET), Refusal("Faux", Cause.WRONG_SIRET))


def test_rights_of_collaborator_only_with_the_delegation() -> None:
    cabinets = [cabinet(name="Sans"), cabinet(delegations=["jefacture.com"])]
    rights = rights_of(read_claims(person(profile_type="collaborateur", cabinets=cabinets), issuer=ISSUER))
    assert [grant.siret for grant in rights.grants] == ["73282932000074"]
    assert rights.refusals == (Refusal("Sans", Cause.NO_DELEGATION),)
