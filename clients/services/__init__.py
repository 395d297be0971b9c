"""Writes on client files (files) and their imports (imports)."""

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
    "search_text",
    "start_import",
    "unassign",
    "undo_import",
    "update_client",
]
