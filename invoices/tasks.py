from uuid import UUID

from celery import shared_task

from common.work import failure_noted
from invoices.services import closing, company_export, earlier, processing, rechecking, unpacking


@shared_task(name="invoices.tasks.process")
def process(pk: str) -> None:
    """Open one deposit."""
    with failure_noted(pk, processing.note_failure, work="deposit"):
        processing.process(UUID(pk))


@shared_task(name="invoices.tasks.unpack")
def unpack(pk: str) -> None:
    """Take one archive or e-mail apart."""
    with failure_noted(pk, unpacking.note_failure, work="parcel"):
        unpacking.unpack(UUID(pk))


@shared_task(name="invoices.tasks.recheck")
def recheck(pk: str) -> None:
    """Check a company's invoices of a period again, as many as a few seconds allow."""
    with failure_noted(pk, rechecking.note_failure, work="recheck"):
        rechecking.run_recheck(UUID(pk))


@shared_task(name="invoices.tasks.export_company")
def export_company(pk: str) -> None:
    """« Quitter jefacture »: write one archive."""
    with failure_noted(pk, company_export.note_failure, work="company_export"):
        company_export.run_export(UUID(pk))


@shared_task(name="invoices.tasks.open_earlier")
def open_earlier(pk: str) -> None:
    """An owner agreed that a firm sees earlier invoices: the next of them."""
    with failure_noted(pk, earlier.note_failure, work="earlier_access"):
        earlier.open_earlier(UUID(pk))


@shared_task(name="invoices.tasks.remove_exports")
def remove_exports() -> None:
    """Beat: archives are kept for some days only."""
    company_export.remove_expired()


@shared_task(name="invoices.tasks.close_parts")
def close_parts() -> None:
    """Beat: what waited for a firm goes no further once its client file is archived."""
    closing.close_parts()
