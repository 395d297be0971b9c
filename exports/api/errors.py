"""What every API of ours refuses a call with; each writes it down in its own way."""

import structlog

from common import vault

logger = structlog.get_logger(__name__)


class ApiError(Exception):
    """An answer that is not a success; `code` is for programs, the message for their developer."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def not_found(what: str) -> ApiError:
    """The same answer whether it does not exist or belongs to another firm."""
    return ApiError(404, "not_found", what)


def server_error(status: int = 500) -> ApiError:
    return ApiError(status, "server_error", "Une erreur est survenue ; rien n'a changé d'état.")


def storage_error(error: vault.StorageAwayError | vault.MissingError) -> ApiError:
    """As common.errors.storage_failure says it on a page: 503 to try again, 500 for a file that we have lost."""
    if isinstance(error, vault.MissingError):
        logger.error("vault.missing", name=str(error))
        return server_error()
    told = "Le stockage des fichiers ne répond pas pour le moment ; rien n'a changé d'état."
    return ApiError(503, "storage_away", told, Retry_After="60")
