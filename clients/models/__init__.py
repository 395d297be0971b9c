"""
Company spaces (companies), client files (files) and their groups (portfolios), imports (imports), what the directory
adds (enrichment) and earlier invoices that an owner gives a firm (earlier).
"""

from clients.models.companies import Company, CompanyMembership
from clients.models.earlier import EarlierAccess
from clients.models.enrichment import Enrichment
from clients.models.files import Client, ClientAssignment
from clients.models.imports import ImportJob, ImportRow, ImportWording
from clients.models.portfolios import Portfolio, PortfolioClient, PortfolioMember

__all__ = [
    "Client",
    "ClientAssignment",
    "Company",
    "CompanyMembership",
    "EarlierAccess",
    "Enrichment",
    "ImportJob",
    "ImportRow",
    "ImportWording",
    "Portfolio",
    "PortfolioClient",
    "PortfolioMember",
]
