"""The two ways in which somebody whom ComptExpert knows may not enter; each has its page."""

from enum import StrEnum

from firms.comptexpert.claims import Claims


class Cause(StrEnum):
    """Why exactly, for the page's sentence and the log."""

    NO_DELEGATION = "no_delegation"
    UNKNOWN_FIRM = "unknown_firm"
    DELISTED = "delisted"
    NO_SIRET = "no_siret"
    WRONG_SIRET = "wrong_siret"
    NO_CABINET = "no_cabinet"


class RefusedError(Exception):
    """ComptExpert knows the person, but not with what it takes to enter: a page says what is missing."""

    #: The dotted word of the log line, and the template of the page.
    code: str
    template: str

    def __init__(self, claims: Claims, *, cause: Cause) -> None:
        super().__init__(cause)
        self.claims = claims
        self.cause = cause


class MissingRightError(RefusedError):
    """Neither an expert-comptable nor a holder of the delegation in a firm that jefacture knows."""

    code = "missing_right"
    template = "firms/comptexpert/missing_right.html"


class MissingSiretError(RefusedError):
    """ComptExpert gave no usable SIRET for any cabinet of the person."""

    code = "missing_siret"
    template = "firms/comptexpert/missing_siret.html"
