"""The client files of the demonstration: (name, city, postal code, trade, status)."""

from dataclasses import dataclass

from stdnum import luhn

from clients.enums import ClientStatus as Status
from common.folding import fold
from invoices.samples import Trade


@dataclass(frozen=True)
class Sample:
    name: str
    city: str
    postal_code: str
    trade: Trade
    status: Status
    siren: str

    @property
    def slug(self) -> str:
        return "".join(c for c in fold(self.name) if c.isalnum())

    @property
    def email(self) -> str:
        return f"contact@{self.slug}.test"


def _siren(number: int) -> str:
    body = f"{number:08d}"
    return body + luhn.calc_check_digit(body)


_DURAND: list[tuple[str, str, str, Trade, Status]] = [
    ("Premys", "Paris", "75011", "services", Status.ACTIVE),
    ("All Stars Foods", "Rungis", "94150", "food", Status.ACTIVE),
    ("Logalease", "Nanterre", "92000", "services", Status.ACTIVE),
    ("SCI du Vieux Port", "Marseille", "13002", "building", Status.ACTIVE),
    ("Transports Vasseur", "Lille", "59000", "supplies", Status.ACTIVE),
    ("Clinique vétérinaire du Parc", "Vincennes", "94300", "supplies", Status.ACTIVE),
    ("Jeudi Marius", "Toulon", "83000", "services", Status.INVITED),
    ("Les Jardins de Léa", "Tours", "37000", "food", Status.INVITED),
    ("Garage de la Gare", "Dijon", "21000", "supplies", Status.INVITED),
    ("Menuiserie Le Goff", "Vannes", "56000", "building", Status.EXPIRED),
    ("Pressing des Lilas", "Les Lilas", "93260", "services", Status.EXPIRED),
    ("Pharmacie des Halles", "Paris", "75001", "supplies", Status.BOUNCED),
    ("Atelier Nomade", "Bordeaux", "33000", "services", Status.PENDING),
    ("Boulangerie Ferrand", "Clermont-Ferrand", "63000", "food", Status.CREATED),
    ("Cabinet dentaire Roux", "Reims", "51100", "supplies", Status.CREATED),
    ("Électricité Moreau", "Nantes", "44000", "building", Status.CREATED),
    ("Fleurs et Saisons", "Angers", "49000", "supplies", Status.CREATED),
    ("Hôtel du Lac", "Annecy", "74000", "food", Status.CREATED),
    ("Imprimerie Carnot", "Rouen", "76000", "supplies", Status.CREATED),
    ("Librairie Vauban", "Briançon", "05100", "supplies", Status.CREATED),
    ("Maçonnerie Da Silva", "Créteil", "94000", "building", Status.CREATED),
    ("Optique Bellecour", "Lyon", "69002", "supplies", Status.CREATED),
    ("Restaurant Chez Lucette", "Paris", "75020", "food", Status.CREATED),
    ("Taxi Lemaire", "Amiens", "80000", "services", Status.CREATED),
    ("Vignobles Castan", "Béziers", "34500", "food", Status.CREATED),
    ("Quincaillerie Joubert", "Limoges", "87000", "supplies", Status.ARCHIVED),
]
_BERNARD: list[tuple[str, str, str, Trade, Status]] = [
    ("Fromagerie Perrachon", "Lyon", "69003", "food", Status.ACTIVE),
    ("Rhône Plomberie", "Villeurbanne", "69100", "building", Status.ACTIVE),
    ("Studio Croix-Rousse", "Lyon", "69004", "services", Status.INVITED),
    ("Meubles Gillet", "Bourg-en-Bresse", "01000", "supplies", Status.EXPIRED),
    ("Auto-école Confluence", "Lyon", "69002", "services", Status.BOUNCED),
    ("Crêperie des Terreaux", "Lyon", "69001", "food", Status.PENDING),
    ("Orthophonie Saxe", "Lyon", "69006", "services", Status.CREATED),
    ("Serrurerie Gerland", "Lyon", "69007", "building", Status.CREATED),
    ("Tabac du Pont", "Oullins", "69600", "supplies", Status.ARCHIVED),
]


def durand_clients() -> list[Sample]:
    return [Sample(*row, siren=_siren(79_100_000 + 37 * n)) for n, row in enumerate(_DURAND)]


def bernard_clients() -> list[Sample]:
    return [Sample(*row, siren=_siren(81_400_000 + 41 * n)) for n, row in enumerate(_BERNARD)]


SUPPLIERS: list[tuple[str, str, Trade]] = [
    ("Fournitures Lemoine", _siren(52_300_117), "supplies"),
    ("Bâti Services Ouest", _siren(48_920_330), "building"),
    ("Nova Informatique", _siren(50_118_204), "services"),
    ("Marché Gros Rungis", _siren(39_870_556), "food"),
]
