"""Fill an empty database with the demonstration; run again, it adds what is missing. Prints one JSON document."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from clients.enums import ClientStatus
from clients.models import Client
from common.journal import ASSISTANCE, record
from common.sealing import unseal
from common.tenancy import tenant
from firms.models import ApiKey, Membership, PartnerSoftware
from jefacture.seed.directory import Sample, bernard_clients, durand_clients
from jefacture.seed.firms import PASSWORD, assign_some, make_clients, open_demo_firm
from jefacture.seed.invoices import deposit_for_somebody_else, deposit_samples, refuse_one, transfer_some
from jefacture.seed.people import LUC, MARIE


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        durand, bernard = open_demo_firm(MARIE), open_demo_firm(LUC)
        files = make_clients(durand, durand_clients())
        assign_some(durand, files)
        _durand_invoices(durand, _active(files))
        for client in _active(make_clients(bernard, bernard_clients())):
            deposit_samples(client, purchases=3, sales=3, to_validate=1)
        for expert in (durand, bernard):
            with tenant(firm=expert.firm_id):
                record(ASSISTANCE, "platform.demo_filled", expert.firm)
        self.stdout.write(json.dumps(_document([durand, bernard]), ensure_ascii=False))


def _active(files: dict[str, Client]) -> list[Client]:
    return [client for client in files.values() if client.status == ClientStatus.ACTIVE]


def _durand_invoices(expert: Membership, active: list[Client]) -> None:
    """Purchases and sales in every state, at least ten of each « à transférer »."""
    first, second, *others = active
    deposit_samples(first, purchases=9, sales=9, to_validate=1)
    transfer_some(expert, first, count=2)
    deposit_samples(second, purchases=6, sales=6, to_validate=2)
    refuse_one(second)
    deposit_for_somebody_else(second)
    for client in others[:2]:
        deposit_samples(client, purchases=2, sales=2, to_validate=1)


def _document(experts: list[Membership]) -> dict[str, Any]:
    samples: list[Sample] = [s for s in (*durand_clients(), *bernard_clients()) if s.status == ClientStatus.ACTIVE]
    return {
        "software_id": str(
            PartnerSoftware.objects.filter(enabled=True).order_by("slug").values_list("pk", flat=True)[0]
        ),
        "firms": [
            {"name": expert.firm.name, "siret": expert.firm.siret, "api_key": _key_value(expert)} for expert in experts
        ],
        "companies": [
            {"siren": sample.siren, "name": sample.name, "email": sample.email, "password": PASSWORD}
            for sample in samples
        ],
    }


def _key_value(expert: Membership) -> str:
    key = ApiKey.objects.filter(firm=expert.firm_id, revoked_at__isnull=True).earliest("created_at")
    return unseal(bytes(key.sealed))
