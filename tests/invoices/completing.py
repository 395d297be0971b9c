"""What a person states of a file without data: by the service, and as the form sends it."""

import base64
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from common.tenancy import tenant
from invoices.enums import Direction
from invoices.models import Deposit, Invoice
from invoices.services.completing import StatedTerms, complete_deposit
from tests.invoices.conftest import SUPPLIER, Space

#: One red point, and what a scanner of faxes writes.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")


TIFF = b"II*\x00" + b"\x00" * 60


def terms(**changes: Any) -> StatedTerms:
    given: dict[str, Any] = {
        "direction": Direction.PURCHASE,
        "type_code": "380",
        "number": "2026/17",
        "issue_date": date(2026, 11, 2),
        "due_date": None,
        "other_name": "Minoterie Martin",
        "other_siren": SUPPLIER,
        "other_vat": "",
        "without_vat": Decimal("1240.00"),
        "vat": Decimal("248.00"),
        "with_vat": Decimal("1488.00"),
        "currency": "EUR",
    }
    return StatedTerms(**{**given, **changes})


def complete(space: Space, incomplete: Deposit, **changes: Any) -> Invoice:
    with tenant(company=space.company.pk):
        return complete_deposit(space.owner, deposit=incomplete, values=terms(**changes))


def again(space: Space, known: Deposit) -> Deposit:
    with tenant(company=space.company.pk):
        return Deposit.objects.get(pk=known.pk)


def address(space: Space, incomplete: Deposit, act: str = "completer") -> str:
    return f"/entreprises/{space.company.siren}/deposer/{incomplete.pk}/{act}/"


def typed_in(**changes: str) -> dict[str, str]:
    return {
        "direction": "AP",
        "type_code": "380",
        "number": "2026/17",
        "issue_date": "02/11/2026",
        "due_date": "",
        "other_name": "Minoterie Martin",
        "other_siren": SUPPLIER,
        "other_vat": "",
        "without_vat": "1 240,00",
        "vat": "248,00",
        "with_vat": "1 488,00",
        "currency": "EUR",
        **changes,
    }


def plain(response: HttpResponse) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def wrong_fields(response: HttpResponse) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = response.context["form"].errors  # type: ignore[attr-defined] # of a test's response
    return dict(errors)
