"""The public company directory, « Recherche d'entreprises »: what it knows of a SIREN, a SIRET or a name."""

from clients.directory.company import Company
from clients.directory.lookup import Answer, Outcome, company, search

__all__ = ["Answer", "Company", "Outcome", "company", "search"]
