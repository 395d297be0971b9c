from uuid import UUID

import structlog
from celery import shared_task

from invoices.services import closing, company_export, deposits

logger = structlog.get_logger(__name__)


@shared_task(name="invoices.tasks.process")
def process(pk: str) -> None:
    """Open one deposit."""
    try:
        deposits.process(UUID(pk))
    except Exception as error:
        # Whatever the storage or the database raises: the row says so and is tried again.
        logger.exception("deposit.attempt_failed", deposit=pk)
        deposits.note_failure(UUID(pk), error=f"{type(error).__name__}: {error}")


@shared_task(name="invoices.tasks.export_company")
def export_company(pk: str) -> None:
    """« Quitter jefacture »: write one archive."""
    try:
        company_export.run_export(UUID(pk))
    except Exception as error:
        logger.exception("export.attempt_failed", export=pk)
        company_export.note_failure(UUID(pk), error=f"{type(error).__name__}: {error}")


@shared_task(name="invoices.tasks.remove_exports")
def remove_exports() -> None:
    """Beat: archives are kept for some days only."""
    company_export.remove_expired()


@shared_task(name="invoices.tasks.close_parts")
def close_parts() -> None:
    """Beat: what waited for a firm goes no further once its client file is archived."""
    closing.close_parts()
