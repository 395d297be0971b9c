from typing import Any, TypedDict

from django.db import models
from django.utils import timezone

from clients.models import Company
from invoices.checks.french import rule_sentence, term_name
from invoices.models.invoices import Invoice

_RULE_SETS = {
    "schema": "Schéma XML",
    "en16931": "Norme EN 16931",
    "factur-x": "Profil Factur-X",
    "fr-ctc": "Règles françaises",
    "extended-ctc-fr": "Règles françaises (profil étendu)",
}

#: What stands in the place of checks that are made after the invoice is filed; never read as passed.
PENDING = "Non vérifié : contrôle en cours, cette facture est très longue."


class Told(TypedDict):
    sentence: str
    text: str
    rule: str
    term: str
    place: str
    is_fatal: bool


def _told(finding: dict[str, Any]) -> Told:
    rule, text, term = finding["rule"], finding.get("text"), finding.get("term")
    name = term_name(term) if term else None
    invoice_line, line = finding.get("invoice_line"), finding.get("line")
    places = (f"ligne {invoice_line} de la facture" if invoice_line else "", f"ligne {line} du fichier" if line else "")
    return Told(
        sentence=finding["message"] if text else rule_sentence(rule, finding["message"]) or finding["message"],
        text=text or finding["message"],
        rule=rule,
        term=f"{name} ({term})" if name else term or "",
        place=", ".join(filter(None, places)),
        is_fatal=finding.get("severity") == "fatal",
    )


class InvoiceCheck(models.Model):
    """A rule set run on an invoice. `ran` false means it could not run: that never reads as passed."""

    id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="checks")
    rule_set = models.CharField(max_length=100)
    version = models.CharField(max_length=200)
    ran = models.BooleanField()
    #: Why it did not run: « Sans objet … » or « Non vérifié … ».
    reason = models.CharField(max_length=300, blank=True)
    findings = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    #: Whether it is the rule set's latest verdict on the invoice: an invoice that is checked again keeps the older.
    current = models.BooleanField(default=True, db_default=True)
    #: The run that made it, the verdict that it took the place of, and whether they differ.
    recheck = models.ForeignKey(
        "invoices.Recheck", on_delete=models.PROTECT, null=True, blank=True, related_name="checks"
    )
    former = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"{self.rule_set} {self.version}"

    @property
    def title(self) -> str:
        return _RULE_SETS.get(self.rule_set, self.rule_set)

    @property
    def verdict(self) -> str:
        """unverified, wrong (a fatal finding), look (others) or clean: only what ran can be clean."""
        if not self.ran:
            return "unverified"
        if any(finding.get("severity") == "fatal" for finding in self.findings):
            return "wrong"
        return "look" if self.findings else "clean"

    @property
    def told(self) -> list[Told]:
        """The findings as a page shows them; those of an older row get the French sentence that they lack."""
        return [_told(finding) for finding in self.findings]

    @property
    def applies(self) -> bool:
        """Whether the rule set has anything to say of such an invoice."""
        return self.ran or not self.reason.startswith("Sans objet")
