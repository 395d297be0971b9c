"""Invoices whose time of conservation is over: listed, and with --delete their files are taken away for good."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.tenancy import tenant
from invoices.models import Invoice
from invoices.models.retention import kept_until
from invoices.services.expiry import expired, is_owner, remove_expired

_OWNER_ONLY = "Only the owner of the database may delete: run this with JEFACTURE_DB_ROLE=owner."


class Command(BaseCommand):
    help = "Lists the invoices whose conservation is over and that nobody holds; --delete takes their files away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete", action="store_true", help="take the files away; there is no way back")

    def handle(self, *, delete: bool, **_options: Any) -> None:
        if delete and not is_owner():
            raise CommandError(_OWNER_ONLY)
        if delete:
            lines = [_line(invoice) for invoice in remove_expired()]
        else:
            with tenant(platform="what has expired is listed for every company"):
                lines = [_line(invoice) for invoice in expired().iterator()]
        self.stdout.write(json.dumps({"deleted": delete, "invoices": lines}, ensure_ascii=False, indent=2))


def _line(invoice: Invoice) -> dict[str, str]:
    return {
        "company": str(invoice.company_id),
        "invoice": str(invoice.pk),
        "number": invoice.number,
        "kept_until": kept_until(invoice).isoformat(),
    }
