"""The French sentence of an error that libxml2 found by an XML Schema."""

import re
from typing import Final

from invoices.checks.french.words import element_name

_WHERE: Final = re.compile(
    r"^Element '(?P<name>[^']+)'(?:, attribute '(?P<attribute>[^']+)')?: (?P<what>.*)$",
    re.DOTALL,
)
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (?P<names>[^)]*) \)")
_VALUE: Final = re.compile(
    r"'(?P<value>[^']*)' is not a valid value of the (?:atomic|union|list) type '[^']*?(?P<type>\w+)'"
)
_FACET: Final = re.compile(r"\[facet '(?P<facet>\w+)'\] The value '(?P<value>[^']*)'(?: has a length of '\d+')?")
_ATTRIBUTE: Final = re.compile(r"The attribute '(?P<name>[^']+)' is (?P<what>required but missing|not allowed)")
_MOST_NAMES: Final = 4
_LONGEST_VALUE: Final = 60

_TYPES: Final = {
    "decimal": "un nombre, comme 1240.50",
    "boolean": "true ou false",
    "date": "une date, comme 2026-11-24",
    "time": "une heure",
    "dateTime": "une date avec heure",
    "integer": "un nombre entier",
    "base64Binary": "un fichier codé en base 64",
}
_BEGINNINGS: Final = {
    "Missing child element": "Il manque quelque chose dans {name}{missing}.",
    "This element is not expected": "L’élément {name} n’est pas à sa place{wanted}.",
    "Character content": "Le contenu de {name} n’est pas de la forme voulue.",
    "Element content": "Le contenu de {name} n’est pas de la forme voulue.",
    "No matching global": "L’élément {name} n’est pas celui d’une facture électronique.",
}
_FACETS: Final = {
    "enumeration": "elle ne figure pas dans la liste des codes",
    "pattern": "elle n’a pas la forme voulue",
    "length": "elle n’a pas la longueur voulue",
    "minLength": "elle est trop courte ou vide",
    "maxLength": "elle est trop longue",
    "fractionDigits": "elle a trop de décimales",
    "totalDigits": "elle a trop de chiffres",
}


def schema_sentence(message: str) -> str:
    """`message` is what libxml2 says, without namespaces."""
    where = _WHERE.match(message)
    if where is None:
        return "Le fichier n’a pas la structure d’une facture électronique."
    name = element_name(where["attribute"] or where["name"])
    return _sentence(name, where["what"])


def _sentence(name: str, what: str) -> str:
    for beginning, sentence in _BEGINNINGS.items():
        if what.startswith(beginning):
            wanted = _expected(what, " ; attendu ici : ")
            return sentence.format(name=name, missing=_expected(what, " : "), wanted=wanted)
    if attribute := _ATTRIBUTE.search(what):
        fault = "manque" if attribute["what"].startswith("required") else "n’est pas admise"
        return f"Dans {name}, l’indication {element_name(attribute['name'])} {fault}."
    if facet := _FACET.search(what):
        fault = _FACETS.get(facet["facet"], "elle n’est pas admise")
        return f"La valeur {_quoted(facet['value'])} de {name} n’est pas admise : {fault}."
    if value := _VALUE.search(what):
        kind = _TYPES.get(value["type"])
        return f"La valeur {_quoted(value['value'])} de {name} n’est pas {kind or 'de la forme voulue'}."
    return f"L’élément {name} ne respecte pas le schéma."


def _expected(what: str, lead: str) -> str:
    found = _EXPECTED.search(what)
    if found is None:
        return ""
    names = [element_name(name.strip().lstrip("{")) for name in found["names"].split(",")]
    return lead + " ou ".join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")


def _quoted(value: str) -> str:
    return f"« {value[:_LONGEST_VALUE]}… »" if len(value) > _LONGEST_VALUE else f"« {value} »"
