"""Companies with a name of their own: those of the demonstration, and a few that show one thing each."""

from typing import Final

from sandbox.luhn import make_siren

#: (first eight digits of the SIREN, name, street, postal code, town)
_NAMED: Final = (
    *(
        (79_100_000 + 37 * index, name, "12 RUE DE LA REPUBLIQUE", postal_code, town)
        for index, (name, postal_code, town) in enumerate((
            ("PREMYS", "75011", "PARIS"), ("ALL STARS FOODS", "94150", "RUNGIS"), ("LOGALEASE", "92000", "NANTERRE"),
            ("SCI DU VIEUX PORT", "13002", "MARSEILLE"), ("TRANSPORTS VASSEUR", "59000", "LILLE"),
            ("CLINIQUE VETERINAIRE DU PARC", "94300", "VINCENNES"), ("JEUDI MARIUS", "83000", "TOULON"),
            ("LES JARDINS DE LEA", "37000", "TOURS"), ("GARAGE DE LA GARE", "21000", "DIJON"),
            ("MENUISERIE LE GOFF", "56000", "VANNES"), ("PRESSING DES LILAS", "93260", "LES LILAS"),
            ("PHARMACIE DES HALLES", "75001", "PARIS"), ("ATELIER NOMADE", "33000", "BORDEAUX"),
            ("BOULANGERIE FERRAND", "63000", "CLERMONT-FERRAND"), ("CABINET DENTAIRE ROUX", "51100", "REIMS"),
            ("ELECTRICITE MOREAU", "44000", "NANTES"), ("FLEURS ET SAISONS", "49000", "ANGERS"),
            ("HOTEL DU LAC", "74000", "ANNECY"), ("IMPRIMERIE CARNOT", "76000", "ROUEN"),
            ("LIBRAIRIE VAUBAN", "05100", "BRIANCON"), ("MACONNERIE DA SILVA", "94000", "CRETEIL"),
            ("OPTIQUE BELLECOUR", "69002", "LYON"), ("RESTAURANT CHEZ LUCETTE", "75020", "PARIS"),
            ("TAXI LEMAIRE", "80000", "AMIENS"), ("VIGNOBLES CASTAN", "34500", "BEZIERS"),
            ("QUINCAILLERIE JOUBERT", "87000", "LIMOGES"),
        ))
    ),
    *(
        (81_400_000 + 41 * index, name, "12 RUE DE LA REPUBLIQUE", postal_code, town)
        for index, (name, postal_code, town) in enumerate((
            ("FROMAGERIE PERRACHON", "69003", "LYON"), ("RHONE PLOMBERIE", "69100", "VILLEURBANNE"),
            ("STUDIO CROIX-ROUSSE", "69004", "LYON"), ("MEUBLES GILLET", "01000", "BOURG-EN-BRESSE"),
            ("AUTO-ECOLE CONFLUENCE", "69002", "LYON"), ("CREPERIE DES TERREAUX", "69001", "LYON"),
            ("ORTHOPHONIE SAXE", "69006", "LYON"), ("SERRURERIE GERLAND", "69007", "LYON"),
            ("TABAC DU PONT", "69600", "OULLINS"),
        ))
    ),
    (73_282_932, "CABINET DURAND ET ASSOCIES", "18 RUE DE LA PAIX", "75002", "PARIS"),
    (84_731_256, "BERNARD EXPERTISE", "41 QUAI JULES-COURMONT", "69002", "LYON"),
    (44_120_932, "BOULANGERIE DES DEUX PONTS", "4 QUAI DES TANNEURS", "44000", "NANTES"),
    (44_120_940, "BOULANGERIE DE LA HALLE", "17 PLACE DU MARCHE", "35000", "RENNES"),
    (44_120_951, "BOULANGERIE MARTIN ET FILS", "88 RUE NATIONALE", "37000", "TOURS"),
    (44_120_960, "ATELIER FERME", "2 IMPASSE DU MOULIN", "59000", "LILLE"),
)  # fmt: skip

#: SIREN → name, street, postal code, town
NAMED: Final = {make_siren(number): (name, street, code, town) for number, name, street, code, town in _NAMED}

#: SIREN → the day that its activity ended.
CLOSED: Final = {make_siren(44_120_960): "2024-03-12", make_siren(79_100_000 + 37 * 23): "2025-09-30"}
#: A person who has asked that the register does not spread name and address.
HIDDEN: Final = frozenset({make_siren(81_400_000 + 41 * 6)})
#: Right numbers that the register does not know.
UNKNOWN: Final = frozenset({make_siren(44_120_970)})
