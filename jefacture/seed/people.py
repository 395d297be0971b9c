"""The two firms that the demonstration starts with, as ComptExpert describes their expert-comptables."""

from typing import Any

_DURAND_DELEGATES = [
    ("paul.martin", "Paul", "Martin", "2026-11-02T10:15:00+01:00"),
    ("lea.petit", "Léa", "Petit", "2026-11-16T14:40:00+01:00"),
]

MARIE: dict[str, Any] = {
    "sub": "marie.durand",
    "email": "marie.durand@durand-associes.test",
    "given_name": "Marie",
    "family_name": "Durand",
    "preferred_username": "marie.durand",
    "profile_type": "expert-comptable",
    "cabinets": [
        {
            "id": "C-1001",
            "siret": "73282932000074",
            "name": "Cabinet Durand & Associés",
            "address": {"street": "18 rue de la Paix", "postal_code": "75002", "city": "Paris"},
            "delegations": ["jefacture.com"],
            "delegates": [
                {
                    "sub": sub,
                    "email": f"{sub}@durand-associes.test",
                    "given_name": given,
                    "family_name": family,
                    "preferred_username": sub,
                    "delegated_at": at,
                }
                for sub, given, family, at in _DURAND_DELEGATES
            ],
        }
    ],
}
# Annecy, the second office, opens when Luc Bernard first signs in.
LUC: dict[str, Any] = {
    "sub": "luc.bernard",
    "email": "luc.bernard@bernard-audit.test",
    "given_name": "Luc",
    "family_name": "Bernard",
    "preferred_username": "luc.bernard",
    "profile_type": "expert-comptable",
    "cabinets": [
        {
            "id": "C-2001",
            "siret": "84731256800011",
            "name": "Bernard Audit Lyon",
            "address": {"street": "41 quai Jules-Courmont", "postal_code": "69002", "city": "Lyon"},
            "delegations": ["jefacture.com"],
            "delegates": [],
        }
    ],
}
