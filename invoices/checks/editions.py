"""The editions of the rules that this installation has, to tell which verdicts are of older ones."""

from functools import cache
from itertools import product
from typing import Final, get_args

from invoices.checks.files import rule_file
from invoices.checks.rulesets import FACTURX_STYLESHEETS, FRENCH_EXTENSION, RuleSet, Syntax, rule_sets

_PROFILES: Final = (None, FRENCH_EXTENSION, *FACTURX_STYLESHEETS)


def version_of(rule_set: RuleSet) -> str:
    """What a verdict is kept with. Raises FileNotFoundError where the package lacks a file."""
    return " + ".join(rule_file(part.file).version for part in rule_set.parts)


@cache
def versions_of_today() -> frozenset[str]:
    """Of every rule set that any document may owe."""
    every = (
        rule_set
        for syntax, profile, facturx in product(get_args(Syntax), _PROFILES, (True, False))
        for rule_set in rule_sets(syntax, profile, facturx=facturx, french=True)
        if not rule_set.missing
    )
    return frozenset(version for rule_set in every if (version := _version_or_none(rule_set)))


def _version_or_none(rule_set: RuleSet) -> str | None:
    try:
        return version_of(rule_set)
    except FileNotFoundError:
        return None
