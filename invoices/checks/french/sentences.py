"""The sentence of a rule of a stylesheet: by its id where it has one of its own, else by the form of its text."""

import re
from collections.abc import Callable
from typing import Final

from invoices.checks.french.taxes import tax_sentence
from invoices.checks.french.words import element_name, path_name, table, term_name

_EXTENSION: Final = re.compile(r"^BR-(?:FX|FR)EXT-(?:BR-)?(?P<rest>.+)$")
_DECIMALS: Final = re.compile(r"^BR-DEC-\d+$")
_TERM: Final = re.compile(r"\bBT-\d+\b")
_HEAD: Final = re.compile(r"^\s*\[[^\]]*\]\s*-?\s*")

# What only programs understand in the sentences of the French rules, which are French already.
_FRENCH_HEAD: Final = re.compile(r"^.*\bBR-FR-[\w-]+(?:/[^\]:]*)?(?:\][\s-]*:?|\s*:)\s*,?\s*", re.DOTALL)
_TECHNICAL: Final = re.compile(r"\s*\((?:[^()]*\b(?:ram|udt|qdt|cbc|cac):[^()]*|CompanyID[^()]*)\)")
_MARKUP: Final = re.compile(r"\*\*|<value-of[^>]*/>")

_OCCURS: Final = r"^(?:\w+TradeParty )?(?P<name>\w+)(?: \w+)*? sh(?:ould|all) (?:exist maximum|occur at most) once"
_UNUSED: Final = "Élément inutile à la norme EN 16931, il n’est pas lu : {}."

Words = Callable[["re.Match[str]"], str]


def _element(sentence: str) -> Words:
    return lambda match: sentence.format(element_name(match["name"]), **_count(match))


def _count(match: "re.Match[str]") -> dict[str, str]:
    return {"count": match["count"]} if "count" in match.re.groupindex else {}


# Families of rules whose text is made by a machine, each the same but for the element that it names.
_FORMS: Final[tuple[tuple[re.Pattern[str], Words], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"^Element (?:variant )?'(?P<name>[^'\[]+).*' must occur exactly 1 times",
            _element("L’élément {} doit figurer une fois, et une seule."),
        ),
        (
            r"^Element (?:variant )?'(?P<name>[^'\[]+).*' must occur at least (?P<count>\d+) times",
            _element("L’élément {} manque : il doit figurer au moins {count} fois."),
        ),
        (
            r"^Element (?:variant )?'(?P<name>[^'\[]+).*' may occur at maximum (?P<count>\d+) times",
            _element("L’élément {} figure trop souvent : {count} fois au plus."),
        ),
        (r"^Attribute '?(?P<name>[^' ]+)'? is required", _element("L’indication {} manque.")),
        (
            r"^Value of '(?P<name>[^']+)' is not allowed",
            _element("La valeur de {} n’est pas admise : elle ne figure pas dans la liste des codes."),
        ),
        (
            r"^(?:Element|Attribute) (?:variant )?'?(?P<name>@?[\w:]+).* marked as not used",
            _element("L’élément {} n’est pas prévu par ce profil, il n’est pas lu."),
        ),
        (
            r"^A UBL (?:invoice|credit note) sh(?:ould|all) not include (?P<path>.+?)(?: except .*| or it .*)?$",
            lambda match: _UNUSED.format(path_name(match["path"])),
        ),
        (
            r"^(?P<name>@?\w+?) ?(?:should|shall) (?:not be (?:present|used)|be absent)",
            lambda match: _UNUSED.format(element_name(match["name"])),
        ),
        (
            r"^This value in (?P<name>\w+) should not be present",
            lambda match: _UNUSED.format(element_name(match["name"])),
        ),
        (
            r"^(?P<name>[\w ]+?) (?:attribute |list version id )?should not be present",
            lambda match: _UNUSED.format(f"« {match['name'].removesuffix(' attribute')} »"),
        ),
        (r"^(?P<name>\w+) must exist exactly once", _element("L’élément {} doit figurer une fois, et une seule.")),
        (
            _OCCURS,
            _element("L’élément {} ne doit figurer qu’une fois."),
        ),
        (
            r"^Only one (?:\w+ )?(?P<name>\w+) sh(?:ould|all) be present",
            _element("L’élément {} ne doit figurer qu’une fois."),
        ),
    )
)


def rule_sentence(rule: str, text: str) -> str | None:
    """`text` is what the stylesheet says; None for a rule that no table and no form knows."""
    return _own(rule, text) or tax_sentence(rule) or _by_form(_HEAD.sub("", text))


def _own(rule: str, text: str) -> str | None:
    syntax = table("syntax")
    own: str | None = table("core").get(rule) or syntax["sentences"].get(rule)
    if own:
        return own
    if rule in syntax["once"]:
        return f"{syntax['once'][rule]} ne doit figurer qu’une fois."
    if _DECIMALS.match(rule):
        return _decimals(text)
    if rule.startswith("BR-FR-"):
        return _french_rule(text)
    if extension := _EXTENSION.match(rule):
        own = table("extensions").get(extension["rest"])
    return own


def _decimals(text: str) -> str:
    term = _TERM.search(text)
    name = term_name(term[0]) if term else None
    return f"Un montant a plus de deux décimales : {name or 'montant'}."


def _french_rule(text: str) -> str:
    """The reform's own sentence, which quotes the value found, without the names of XML elements."""
    sentence = _FRENCH_HEAD.sub("", text)
    sentence = _MARKUP.sub("", _TECHNICAL.sub("", sentence)).strip()
    return sentence[:1].upper() + sentence[1:]


def _by_form(text: str) -> str | None:
    for pattern, words in _FORMS:
        if match := pattern.match(text):
            return words(match)
    return None
