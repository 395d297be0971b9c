"""Writes on client files (files), their imports (imports) and what the company directory adds (enriching)."""

from clients.services.enriching import EnrichmentStateError, run_enrichment, start_enrichment, stop_enrichment
from clients.services.files import (
    EDITABLE,
    ClientExistsError,
    NoAccessError,
    StaleClientError,
    archive_client,
    archive_clients,
    assign,
    create_client,
    ensure_company,
    open_firm,
    restore_client,
    search_text,
    unassign,
    update_client,
)
from clients.services.imports import (
    ImportStateError,
    cancel_import,
    choose_columns,
    confirm_import,
    start_import,
    undo_import,
)

__all__ = [
    "EDITABLE",
    "ClientExistsError",
    "EnrichmentStateError",
    "ImportStateError",
    "NoAccessError",
    "StaleClientError",
    "archive_client",
    "archive_clients",
    "assign",
    "cancel_import",
    "choose_columns",
    "confirm_import",
    "create_client",
    "ensure_company",
    "open_firm",
    "restore_client",
    "run_enrichment",
    "search_text",
    "start_enrichment",
    "start_import",
    "stop_enrichment",
    "unassign",
    "undo_import",
    "update_client",
]
