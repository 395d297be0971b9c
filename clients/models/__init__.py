"""
Company spaces (companies), client files (files) and their groups (portfolios), imports (imports) and what the directory
adds (enrichment).
"""

from clients.models.companies import Company, CompanyMembership
from clients.models.enrichment import Enrichment
from clients.models.files import Client, ClientAssignment
from clients.models.imports import ImportJob, ImportRow, ImportWording
from clients.models.portfolios import Portfolio, PortfolioClient, PortfolioMember

__all__ = [
    "Client",
    "ClientAssignment",
    "Company",
    "CompanyMembership",
    "Enrichment",
    "ImportJob",
    "ImportRow",
    "ImportWording",
    "Portfolio",
    "PortfolioClient",
    "PortfolioMember",
]
