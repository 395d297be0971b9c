"""The client files of the test account: always the same ones, all fictitious, every number with its check digit."""

import unicodedata
from dataclasses import dataclass, replace

from sandbox.luhn import make_nic, make_siren

FILES = 250
# The last three files repeat the SIREN of an earlier one, as happens when a cabinet opens a second file by mistake.
DUPLICATES_OF = (11, 57, 142)

TRADES = (
    "Boulangerie", "Menuiserie", "Garage", "Pharmacie", "Plomberie", "Électricité", "Transports", "Cabinet dentaire",
    "Librairie", "Maçonnerie", "Fromagerie", "Imprimerie", "Optique", "Fleurs", "Carrelage", "Restaurant",
    "Agence immobilière", "Auto-école", "Boucherie", "Charpente", "Couverture", "Domaine", "Ébénisterie",
    "Entreprise de peinture", "Fonderie", "Hôtel", "Jardinerie", "Laboratoire", "Maraîchage", "Métallerie", "Opticien",
    "Pressing", "Salon de coiffure", "Serrurerie", "Taxi",
)  # fmt: skip
FAMILIES = (
    "Lemaire", "Fournier", "Girard", "Bonnet", "Dupuis", "Lacroix", "Marchand", "Renard", "Gauthier", "Perrin",
    "Chevalier", "Robin", "Morin", "Blanchard", "Guérin", "Masson", "Noël", "Dufour", "Meunier", "Brun", "Rolland",
    "Colin", "Vidal", "Leclercq", "Aubert", "Caron", "Picard", "Roger", "Schmitt", "Collet", "Leroux", "Renaud",
    "Vasseur", "Le Gall", "Prévost", "Charpentier", "Berger", "Fabre", "Poirier", "Hamel", "Jacquet", "Bourgeois",
    "Maillard", "Breton", "Adam", "Pichon", "Delorme", "Tessier", "Besson", "Huet", "Cordier", "Mallet", "Weber",
    "Pasquier", "Joly", "Barbier", "Carlier", "Delmas", "Gaillard", "Lebrun", "Pons",
)  # fmt: skip
GIVEN_NAMES = (
    "Hélène", "Thomas", "Sophie", "Mathieu", "Camille", "Nicolas", "Isabelle", "Julien", "Nathalie", "Antoine",
    "Émilie", "Olivier", "Chloé", "Vincent", "Anne-Laure", "Stéphane", "Karim", "Inès", "Benoît", "Aurélie", "Yann",
    "Françoise", "Damien",
)  # fmt: skip
FORMS = ("SARL", "SAS", "EURL", "", "SASU", "SARL", "SAS", "")
STREETS = (
    "rue de la République", "avenue Jean-Jaurès", "rue des Tanneurs", "place du Marché", "boulevard Gambetta",
    "rue Victor-Hugo", "chemin des Vignes", "rue du Faubourg", "allée des Platanes", "rue des Écoles",
    "impasse du Moulin",
)  # fmt: skip
TOWNS = (
    ("69003", "Lyon"), ("44000", "Nantes"), ("35000", "Rennes"), ("31000", "Toulouse"), ("67000", "Strasbourg"),
    ("59000", "Lille"), ("37000", "Tours"), ("38000", "Grenoble"), ("21000", "Dijon"), ("63000", "Clermont-Ferrand"),
    ("01000", "Bourg-en-Bresse"), ("06000", "Nice"), ("29200", "Brest"), ("87000", "Limoges"), ("64000", "Pau"),
    ("76000", "Rouen"), ("20200", "Bastia"),
)  # fmt: skip


@dataclass(frozen=True)
class ClientFile:
    """One « dossier client » as jedeclare knows it."""

    id: str
    siren: str
    nic: str | None
    rs: str
    nom: str
    mel: str | None
    rue: str
    cpl_rue: str | None
    code_postal: str
    ville: str


def client_files() -> list[ClientFile]:
    distinct = [_client_file(index) for index in range(FILES - len(DUPLICATES_OF))]
    return distinct + [_duplicate(distinct[of], at) for at, of in enumerate(DUPLICATES_OF)]


def _client_file(index: int) -> ClientFile:
    # Strides that share no factor with the lists' lengths, so that no two files have the same name.
    trade, family = TRADES[index % len(TRADES)], FAMILIES[index * 7 % len(FAMILIES)]
    given_name, form = GIVEN_NAMES[index * 5 % len(GIVEN_NAMES)], FORMS[index % len(FORMS)]
    siren = make_siren(31_246_873 + index * 271_919 % 60_000_000)
    code_postal, ville = TOWNS[index * 3 % len(TOWNS)]
    return ClientFile(
        id=str(48_200 + index),
        siren=siren,
        nic=None if index % 17 == 5 else make_nic(siren, 1 + index % 3),  # noqa: PLR2004 - one in seventeen
        rs=" ".join(part for part in (form, trade, family) if part),
        nom=f"{given_name} {family}",
        mel=None if index % 9 == 4 else _mail_address(given_name, trade, family),  # noqa: PLR2004 - one in nine
        rue=f"{1 + index * 13 % 120} {STREETS[index % len(STREETS)]}",
        cpl_rue="Bâtiment B" if index % 12 == 0 else None,
        code_postal=code_postal,
        ville=ville,
    )


def _duplicate(original: ClientFile, at: int) -> ClientFile:
    changes = {"id": str(49_000 + at), "rs": original.rs.upper()}
    return replace(original, **changes)


def _mail_address(given_name: str, trade: str, family: str) -> str:
    return f"{_slug(given_name)}@{_slug(trade)}-{_slug(family)}.test"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "-")
