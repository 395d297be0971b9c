"""
Writes on client files (files), their groups (portfolios), their imports (imports) and what the company directory adds
(enriching); on the people of a company space (company).
"""

from clients.services.bulk import (
    NoAccessError,
    Outcome,
    archive_clients,
    assign_clients,
    restore_clients,
    unassign_clients,
)
from clients.services.company import (
    LastOwnerError,
    end_company_membership,
    end_every_membership,
    hand_over,
    let_in,
    lock_company,
    set_company_role,
)
from clients.services.enriching import EnrichmentStateError, run_enrichment, start_enrichment, stop_enrichment
from clients.services.exporting import export_clients
from clients.services.files import (
    EDITABLE,
    ClientExistsError,
    StaleClientError,
    archive_client,
    assign,
    create_client,
    ensure_company,
    open_firm,
    restore_client,
    search_text,
    unassign,
    update_client,
)
from clients.services.handover import HandedOver, hand_over_files
from clients.services.imports import (
    ImportStateError,
    cancel_import,
    choose_columns,
    confirm_import,
    start_import,
    undo_import,
)
from clients.services.portfolios import (
    PortfolioExistsError,
    add_member,
    create_portfolio,
    delete_portfolio,
    group_clients,
    remove_member,
    rename_portfolio,
    ungroup_clients,
)

__all__ = [
    "EDITABLE",
    "ClientExistsError",
    "EnrichmentStateError",
    "HandedOver",
    "ImportStateError",
    "LastOwnerError",
    "NoAccessError",
    "Outcome",
    "PortfolioExistsError",
    "StaleClientError",
    "add_member",
    "archive_client",
    "archive_clients",
    "assign",
    "assign_clients",
    "cancel_import",
    "choose_columns",
    "confirm_import",
    "create_client",
    "create_portfolio",
    "delete_portfolio",
    "end_company_membership",
    "end_every_membership",
    "ensure_company",
    "export_clients",
    "group_clients",
    "hand_over",
    "hand_over_files",
    "let_in",
    "lock_company",
    "open_firm",
    "remove_member",
    "rename_portfolio",
    "restore_client",
    "restore_clients",
    "run_enrichment",
    "search_text",
    "set_company_role",
    "start_enrichment",
    "start_import",
    "stop_enrichment",
    "unassign",
    "unassign_clients",
    "undo_import",
    "ungroup_clients",
    "update_client",
]
