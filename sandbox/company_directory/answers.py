"""Companies as the real service tells of them: its field names, its capitals, its masks."""

from math import ceil
from typing import Any, Final

from sandbox.company_directory.companies import Company

MASK: Final = "[NON-DIFFUSIBLE]"
_UPDATED: Final = "2026-11-16T08:34:38"


def page_of(found: list[tuple[Company, int]], *, page: int, per_page: int) -> dict[str, Any]:
    """One page of the answer; each company comes with the office that was asked for."""
    shown = found[(page - 1) * per_page : page * per_page]
    return {
        "results": [_company(company, office) for company, office in shown],
        "total_results": len(found),
        "page": page,
        "per_page": per_page,
        "total_pages": ceil(len(found) / per_page),
    }


def _company(company: Company, office: int) -> dict[str, Any]:
    name = MASK if company.is_hidden else company.name
    return {
        "siren": company.siren,
        "nom_complet": name,
        "nom_raison_sociale": None if company.is_hidden else name,
        "sigle": None,
        "nombre_etablissements": 1,
        "nombre_etablissements_ouverts": 0 if company.closed_on else 1,
        "siege": _head_office(company),
        "activite_principale": "69.20Z",
        "categorie_entreprise": "PME",
        "caractere_employeur": None,
        "annee_categorie_entreprise": "2024",
        "date_creation": "2009-01-01",
        "date_fermeture": company.closed_on,
        "date_mise_a_jour": _UPDATED,
        "date_mise_a_jour_insee": _UPDATED,
        "date_mise_a_jour_rne": None,
        "dirigeants": [],
        "etat_administratif": "C" if company.closed_on else "A",
        "nature_juridique": "1000" if company.is_hidden else "5710",
        "section_activite_principale": "M",
        "tranche_effectif_salarie": "NN",
        "annee_tranche_effectif_salarie": None,
        "statut_diffusion": "P" if company.is_hidden else "O",
        "matching_etablissements": [_office(company, office)],
        "finances": None,
        "complements": {"est_association": False, "est_entrepreneur_individuel": company.is_hidden},
    }


def _head_office(company: Company) -> dict[str, Any]:
    number, _space, street = company.street.partition(" ")
    kind, _space, name = street.partition(" ")
    voie = {"numero_voie": number, "type_voie": kind, "libelle_voie": name, "geo_adresse": company.street.title()}
    return {
        **_office(company, 1),
        **{key: MASK if company.is_hidden else value for key, value in voie.items()},
        "activite_principale_registre_metier": None,
        "cedex": None,
        "code_pays_etranger": None,
        "complement_adresse": None,
        "coordonnees": MASK if company.is_hidden else "43.570079,7.005921",
        "date_mise_a_jour": None,
        "date_mise_a_jour_insee": _UPDATED,
        "departement": company.postal_code[:2],
        "distribution_speciale": None,
        "indice_repetition": None,
        "libelle_cedex": None,
        "libelle_commune_etranger": None,
        "libelle_pays_etranger": None,
    }


def _office(company: Company, office: int) -> dict[str, Any]:
    """Other offices stand in the same town, at another address."""
    street = company.street if office == 1 else f"{office * 10} ZONE ARTISANALE"
    shown = {
        "adresse": f"{street} {company.postal_code} {company.town}",
        "code_postal": company.postal_code,
        "latitude": "43.570079",
        "longitude": "7.005921",
    }
    return {
        **{key: MASK if company.is_hidden else value for key, value in shown.items()},
        "activite_principale": "69.20Z",
        "ancien_siege": False,
        "annee_tranche_effectif_salarie": None,
        "caractere_employeur": "N",
        "commune": "06030",
        "date_creation": "2009-01-01",
        "date_debut_activite": "2009-01-01",
        "date_fermeture": company.closed_on,
        "epci": "200039915",
        "est_siege": office == 1,
        "etat_administratif": "F" if company.closed_on else "A",
        "geo_id": "06030_0515_00015",
        "libelle_commune": company.town,
        "liste_enseignes": None,
        "liste_finess": None,
        "liste_id_bio": None,
        "liste_idcc": None,
        "liste_id_organisme_formation": None,
        "liste_rge": None,
        "liste_uai": None,
        "nom_commercial": None,
        "region": "93",
        "siret": company.siret_of(office),
        "statut_diffusion_etablissement": "P" if company.is_hidden else "O",
        "tranche_effectif_salarie": "NN",
    }
