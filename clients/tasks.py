from uuid import UUID

from celery import shared_task

from clients.importing.run import run_import as run
from clients.services import run_enrichment as enrich


@shared_task(name="clients.tasks.run_import")
def run_import(pk: str) -> None:
    run(UUID(pk))


@shared_task(name="clients.tasks.run_enrichment")
def run_enrichment(pk: str) -> None:
    enrich(UUID(pk))
