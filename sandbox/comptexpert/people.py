"""The people whom the stand-in knows, with the claims that ComptExpert would send. All are fictitious."""

from typing import Any

Claims = dict[str, Any]

EXPERT = "expert-comptable"
COLLABORATEUR = "collaborateur"
DELEGATION = "jefacture.com"

DURAND_SIRET = "73282932000074"
BERNARD_LYON_SIRET = "84731256800011"
BERNARD_ANNECY_SIRET = "84731256800029"
AUTRE_SIRET = "51906738300017"

# What each person is there to show, in the words of the sign-in page.
SHOWS = {
    "marie.durand": "administrateur de son cabinet, avec deux délégués",
    "paul.martin": "collaborateur avec la délégation «\u00a0jefacture.com\u00a0»",
    "lea.petit": "collaboratrice déléguée qui ne s’est jamais connectée",
    "luc.bernard": "deux cabinets de même SIREN, à choisir en entrant",
    "sans.siret": "son cabinet n’a pas de SIRET dans ComptExpert",
    "sans.droit": "collaborateur sans la délégation",
    "nadia.autre": "son cabinet n’est pas encore connu de jefacture",
}


def _identity(sub: str, given_name: str, family_name: str, *, domain: str, website: str | None = None) -> Claims:
    return {
        "sub": sub,
        "email": f"{sub}@{domain}",
        "given_name": given_name,
        "family_name": family_name,
        "preferred_username": sub,
        "website": website,
    }


def _address(street: str, postal_code: str, city: str) -> Claims:
    return {"street": street, "postal_code": postal_code, "city": city}


def _cabinet(
    identifier: str, name: str, siret: str | None, address: Claims, *, delegations: tuple[str, ...] = (DELEGATION,)
) -> Claims:
    return {"id": identifier, "siret": siret, "name": name, "address": address, "delegations": list(delegations)}


def _durand_cabinet(*, delegations: tuple[str, ...] = (DELEGATION,)) -> Claims:
    address = _address("14 rue de la Banque", "75002", "Paris")
    return _cabinet("C-1001", "Cabinet Durand & Associés", DURAND_SIRET, address, delegations=delegations)


def initial_people() -> dict[str, Claims]:
    """Answer a fresh copy of everybody's claims, by `sub`, without `iss`, which is the provider's to add."""
    marie = _identity(
        "marie.durand", "Marie", "Durand", domain="durand-associes.test", website="https://durand-associes.test"
    )
    paul = _identity("paul.martin", "Paul", "Martin", domain="durand-associes.test")
    lea = _identity("lea.petit", "Léa", "Petit", domain="durand-associes.test")
    delegates = [
        {**paul, "delegated_at": "2026-09-14T10:15:00+02:00"},
        {**lea, "delegated_at": "2026-11-02T16:40:00+01:00"},
    ]
    everybody = [
        {**marie, "profile_type": EXPERT, "cabinets": [{**_durand_cabinet(), "delegates": delegates}]},
        {**paul, "profile_type": COLLABORATEUR, "cabinets": [_durand_cabinet()]},
        {**lea, "profile_type": COLLABORATEUR, "cabinets": [_durand_cabinet()]},
        _luc(),
        _sans_siret(),
        {
            **_identity("sans.droit", "Hugo", "Lambert", domain="durand-associes.test"),
            "profile_type": COLLABORATEUR,
            "cabinets": [_durand_cabinet(delegations=())],
        },
        _nadia(),
    ]
    return {person["sub"]: person for person in everybody}


def _luc() -> Claims:
    lyon = _address("27 cours Lafayette", "69006", "Lyon")
    annecy = _address("8 avenue du Parmelan", "74000", "Annecy")
    return {
        **_identity("luc.bernard", "Luc", "Bernard", domain="bernard-audit.test", website="https://bernard-audit.test"),
        "profile_type": EXPERT,
        "cabinets": [
            {**_cabinet("C-2001", "Bernard Audit Lyon", BERNARD_LYON_SIRET, lyon), "delegates": []},
            {**_cabinet("C-2002", "Bernard Audit Annecy", BERNARD_ANNECY_SIRET, annecy), "delegates": []},
        ],
    }


def _sans_siret() -> Claims:
    address = _address("3 place du Martroi", "45000", "Orléans")
    return {
        **_identity("sans.siret", "Claire", "Fontaine", domain="fontaine-expertise.test"),
        "profile_type": EXPERT,
        "cabinets": [{**_cabinet("C-3001", "Fontaine Expertise", None, address), "delegates": []}],
    }


def _nadia() -> Claims:
    address = _address("52 rue Sainte-Catherine", "33000", "Bordeaux")
    return {
        **_identity("nadia.autre", "Nadia", "Autre", domain="autre-conseil.test"),
        "profile_type": EXPERT,
        "cabinets": [{**_cabinet("C-4001", "Autre Conseil", AUTRE_SIRET, address), "delegates": []}],
    }


def new_person(sub: str) -> Claims:
    """Answer what somebody made up while the provider runs starts from: an expert-comptable without cabinet."""
    given_name, _dot, family_name = sub.partition(".")
    identity = _identity(sub, given_name.title(), family_name.title() or "Sandbox", domain="sandbox.test")
    return {**identity, "profile_type": EXPERT, "cabinets": []}
