"""French words for the codes that an invoice holds, as far as a reader needs them."""

from typing import Final

# UNTDID 1001 (BT-3).
DOCUMENT_TITLES: Final = {
    "380": "Facture",
    "381": "Avoir",
    "261": "Avoir (autofacturation)",
    "384": "Facture rectificative",
    "386": "Facture d’acompte",
    "389": "Facture (autofacturation)",
    "393": "Facture affacturée",
    "396": "Avoir affacturé",
    "503": "Avoir d’acompte",
    "751": "Facture",
}
DEFAULT_TITLE: Final = "Facture"

# UN/ECE Recommendation 20 and 21 (BT-130), the usual ones; any other code is shown as it is.
UNITS: Final = {
    "C62": "unité",
    "H87": "pièce",
    "EA": "unité",
    "NAR": "article",
    "SET": "lot",
    "LS": "forfait",
    "HUR": "h",
    "MIN": "min",
    "DAY": "jour",
    "WEE": "semaine",
    "MON": "mois",
    "ANN": "an",
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "litre",
    "MTR": "m",
    "MTK": "m²",
    "MTQ": "m³",
    "KMT": "km",
    "KWH": "kWh",
    "XPK": "colis",
    "XBX": "boîte",
    "XPX": "palette",
}

# UNTDID 5305 (BT-118, BT-151) beyond the standard rate.
VAT_CATEGORIES: Final = {
    "Z": "Taux zéro",
    "E": "Exonération",
    "AE": "Autoliquidation",
    "K": "Livraison intracommunautaire",
    "G": "Exportation",
    "O": "Hors champ de la TVA",
    "L": "IGIC (Canaries)",
    "M": "IPSI (Ceuta et Melilla)",
}

# UNTDID 4461 (BT-81).
PAYMENT_MEANS: Final = {
    "10": "Espèces",
    "20": "Chèque",
    "30": "Virement",
    "31": "Virement",
    "42": "Virement",
    "48": "Carte bancaire",
    "49": "Prélèvement",
    "54": "Carte de crédit",
    "55": "Carte de débit",
    "57": "Accord permanent",
    "58": "Virement SEPA",
    "59": "Prélèvement SEPA",
    "97": "Compensation",
    "ZZZ": "Selon accord",
}

# UNTDID 4451 (BT-21), those that the French rules ask for.
NOTE_SUBJECTS: Final = {
    "PMT": "Frais de recouvrement",
    "PMD": "Pénalités de retard",
    "AAB": "Escompte",
    "REG": "Mentions légales",
    "ABL": "Immatriculation",
    "TXD": "TVA",
    "AAI": "",
    "SUR": "",
    "BAR": "",
}
