"""Words in the addresses of invoices that only ever take a few values."""

from invoices.enums import FileKind


class _OneOf:
    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FileKindConverter(_OneOf):
    regex = "|".join(kind.value for kind in FileKind)


class DecisionConverter(_OneOf):
    regex = "valider|refuser|litige|annuler"


class DepositActConverter(_OneOf):
    regex = "relire|doublon|classer|joindre|achat|vente|separer"
