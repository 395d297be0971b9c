"""What a check found, in a form that JSON and the database can keep."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["fatal", "warning", "information"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One broken rule: its id in the rule set, a French sentence for a bookkeeper, and what the rule itself says.

    `term` is the business term (BT-1, BG-25), `invoice_line` the number of the invoice's line (BT-126), `line` that of
    the XML document, from 1, and `position` the path there; each is None where the rule does not say.
    """

    rule: str
    severity: Severity
    message: str
    term: str | None = None
    line: int | None = None
    text: str | None = None
    invoice_line: str | None = None
    position: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One rule set on one invoice. Without `ran` there is no verdict, only a French `reason`: never « passed »."""

    rule_set: str
    version: str
    ran: bool
    findings: tuple[Finding, ...] = ()
    reason: str | None = None

    @property
    def passed(self) -> bool:
        return self.ran and not any(finding.severity == "fatal" for finding in self.findings)


def check_to_json(check: Check) -> dict[str, Any]:
    return {**asdict(check), "findings": [asdict(finding) for finding in check.findings]}


def check_from_json(data: dict[str, Any]) -> Check:
    return Check(**{**data, "findings": tuple(Finding(**finding) for finding in data["findings"])})
