"""What v1 answers with. A field is added, never renamed or taken away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from invoices.enums import DepositState, ParcelKind, ParcelState
from invoices.models import Deposit, Parcel


class FirmOut(Schema):
    name: str
    siret: str


class LimitsOut(Schema):
    calls_per_minute: int
    file_bytes: int
    archive_bytes: int


class MeOut(Schema):
    firm: FirmOut
    key: str
    scopes: list[str]
    limits: LimitsOut


class ProblemOut(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class SkippedOut(Schema):
    name: str
    detail: str


class DepositOut(Schema):
    id: UUID
    siren: str
    kind: str = Field(description="`file`, ou `archive` pour un ZIP : ses fichiers sont alors dans `deposits`.")
    file_name: str
    size: int
    sha256: str
    state: str = Field(
        description="`received` et `analysed` : lecture en cours ; `filed` : classée, voir `invoice` ; "
        "`opened` : archive ouverte ; `incomplete`, `held` : quelqu'un doit décider ; `refused`, `quarantined`."
    )
    state_label: str
    code: str = Field(description="Pourquoi elle n'est pas classée ; vide sinon.")
    detail: str = Field(description="La même chose en français, avec ce qu'il faut faire.")
    invoice: UUID | None
    direction: str | None = Field(description="AP (achat) ou AR (vente), une fois classée.")
    received_at: datetime
    finished_at: datetime | None
    deposits: list[UUID] = []
    skipped: list[SkippedOut] = []


def deposit_out(item: Deposit | Parcel, *, siren: str) -> dict[str, Any]:
    """A DepositOut."""
    common = {
        "id": item.pk,
        "siren": siren,
        "size": item.size,
        "sha256": item.sha256,
        "state": item.state,
        "code": item.reason_code,
        "detail": item.reason,
        "received_at": item.created_at,
        "finished_at": item.finished_at,
    }
    if isinstance(item, Parcel):
        return common | {
            "kind": "archive" if item.kind == ParcelKind.ARCHIVE else "message",
            "file_name": item.name,
            "state_label": ParcelState(item.state).label,
            "invoice": None,
            "direction": None,
            "deposits": item.deposit_ids,
            "skipped": [{"name": each["name"], "detail": each["reason"]} for each in item.skipped],
        }
    return common | {
        "kind": "file",
        "file_name": item.file_name,
        "state_label": DepositState(item.state).label,
        "invoice": item.invoice_id,
        "direction": item.invoice.direction if item.invoice else None,
    }
