"""The table that the demo prints when it is ready."""

from pathlib import Path
from typing import Any

# The sandbox's people by the name that its sign-in page shows.
_PEOPLE = (
    ("marie.durand", "expert-comptable, Cabinet Durand & Associés"),
    ("paul.martin", "collaborateur there, with the delegation"),
    ("luc.bernard", "expert-comptable of two cabinets, Lyon and Annecy"),
    ("nadia.autre", "expert-comptable of a cabinet not known yet: her first sign-in opens it"),
    ("sans.siret", "expert-comptable whose cabinet has no SIRET"),
    ("sans.droit", "collaborateur without the delegation"),
)


def table(description: dict[str, Any], *, folder: Path) -> str:
    """Addresses and people, aligned."""
    addresses = [
        ("jefacture", description["web"]),
        ("ComptExpert sandbox", description["comptexpert"]),
        ("jedeclare sandbox", description["jedeclare"]),
        ("Company directory sandbox", description["company_directory"]),
        ("Mail received", f"{description['mail']}  (SMTP {description['smtp']}; « Faire rebondir » sends one back)"),
        ("Mail to jefacture", f"{description['returns']}  (SMTP; invoices to the addresses that « Déposer » shows)"),
        ("For scripts", f"{folder / 'demo.json'}  (API keys, database and Redis addresses)"),
    ]
    companies = [
        (company["email"], f"{company['password']}  {company['name']}") for company in description["companies"]
    ]
    sections = [
        ("Addresses", addresses),
        ("Accès cabinet d’expertise-comptable: choose a person in the ComptExpert sandbox", list(_PEOPLE)),
        ("Accès entreprise: e-mail and password", companies),
    ]
    return (
        "\n" + "\n\n".join(_section(title, rows) for title, rows in sections if rows) + "\n\nCtrl-C stops everything.\n"
    )


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows)])
