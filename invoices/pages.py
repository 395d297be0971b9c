"""What an invoice's page shows, for the company and for the firm alike."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from invoices.enums import Direction, FileKind, InvoiceState
from invoices.formats.codec import from_json
from invoices.lifecycle import LABELS, NEXT, REASONS, REASONS_OF, Status, status_of
from invoices.media import PDF, SHOWN_IMAGES
from invoices.models import Invoice, InvoiceEvent, InvoiceFile
from invoices.rendering.view import page
from invoices.selectors.files import readable_file_of
from invoices.selectors.neighbours import Neighbours

TABS: Final = {"donnees": "Données", "controles": "Contrôles", "chronologie": "Chronologie", "fichiers": "Fichiers"}
#: The parameter that holds the filters of the list that the page was opened from.
LIST: Final = "liste"
_ACTS: Final = ("detail", "file", "preview", "decide", "status", "comment", "kept")


@dataclass(frozen=True)
class Place:
    """Whose page it is: `room` is « company » or « firm », `key` its SIREN or SIRET, `pk` the invoice or its part."""

    room: str
    key: str
    pk: UUID

    @property
    def names(self) -> dict[str, str]:
        return {act: f"invoices:{self.room}_{act}" for act in _ACTS}

    @property
    def list_address(self) -> str:
        return reverse(f"invoices:{self.room}_list", args=[self.key])

    def address(self, pk: UUID | None, **query: str) -> str:
        """The page of this or another invoice of the place; empty where there is none."""
        if pk is None:
            return ""
        kept = urlencode({name: value for name, value in query.items() if value})
        return reverse(self.names["detail"], args=[self.key, pk]) + (f"?{kept}" if kept else "")


def list_query(request: HttpRequest, place: Place) -> QueryDict:
    """The filters of the list that the person came from: in the address or, the first time, by where the link was."""
    if LIST in request.GET:
        return QueryDict(request.GET[LIST])
    came = urlsplit(request.headers.get("Referer", ""))
    return QueryDict(came.query if came.path == place.list_address else "")


def invoice_context(
    request: HttpRequest, invoice: Invoice, *, place: Place, beside: Neighbours, query: QueryDict
) -> dict[str, Any]:
    typed = from_json(invoice.data)
    files = list(invoice.files.order_by("kind"))
    if (readable := readable_file_of(invoice)) is not None:
        files.append(readable)
    status = status_of(invoice.direction, invoice.state, invoice.noted_status)
    return {
        "invoice": invoice,
        "typed": typed,
        "page": page(typed, source=invoice.container),
        "checks": [check for check in invoice.checks.filter(current=True).order_by("id") if check.applies],
        "events": [_line(event) for event in invoice.events.all()],
        "comments": list(invoice.comments.all()),
        "files": files,
        "shown": _shown(files),
        "status": {"code": status.value, "label": LABELS[status]},
        "next_statuses": _next(invoice, status),
        "refusals": [(code, REASONS[code]) for code in REASONS_OF[Status.REFUSED]],
        "disputes": [(code, REASONS[code]) for code in REASONS_OF[Status.DISPUTED]],
        **_ways(request.GET.get("onglet", ""), place=place, beside=beside, listed=query.urlencode()),
    }


def _ways(asked: str, *, place: Place, beside: Neighbours, listed: str) -> dict[str, Any]:
    """Where one goes from the page: its tabs, the invoices beside it, the list; each keeps the list's filters."""
    first = next(iter(TABS))
    tab = asked if asked in TABS else first
    said = {key: key if key != first else "" for key in TABS}
    return {
        "place": place,
        "tab": tab,
        "tabs": [
            {
                "key": key,
                "label": label,
                "href": place.address(place.pk, onglet=said[key], liste=listed),
                "current": key == tab,
            }
            for key, label in TABS.items()
        ],
        "carried": f"?{urlencode({'onglet': said[tab], LIST: listed})}",
        "previous": place.address(beside.previous, onglet=said[tab], liste=listed),
        "next": place.address(beside.next, onglet=said[tab], liste=listed),
        "back": f"{place.list_address}?{listed}" if listed else place.list_address,
    }


def _shown(files: list[InvoiceFile]) -> InvoiceFile | None:
    """Beside the data: the image or the PDF that the issuer sent, else the PDF that leaves, else a PDF original."""
    by_kind = {file.kind: file for file in files}
    original = by_kind.get(FileKind.ORIGINAL)
    if original is not None and original.media_type in SHOWN_IMAGES:
        return original
    received = by_kind.get(FileKind.READABLE)
    if received is not None and received.media_type == PDF:
        return received
    pdf = by_kind.get(FileKind.OUTGOING) or original
    return pdf if pdf is not None and pdf.media_type == PDF else None


def _line(event: InvoiceEvent) -> dict[str, Any]:
    label = f"{event.status} {LABELS[Status(event.status)]}" if event.status else ""
    return {"at": event.at, "actor": event.actor, "text": event.text, "status": label}


def _next(invoice: Invoice, status: Status) -> list[dict[str, Any]]:
    """The statuses that may be noted now; what « Valider », « Refuser » and « Litige » do stands in their buttons."""
    decided = {Status.APPROVED, Status.REFUSED, Status.DISPUTED} if invoice.direction == Direction.PURCHASE else set()
    if invoice.direction == Direction.PURCHASE and invoice.state == InvoiceState.VALIDATED:
        decided.discard(Status.APPROVED)
    return [
        {
            "code": one.value,
            "label": LABELS[one],
            "reasons": [(code, REASONS[code]) for code in REASONS_OF.get(one, ())],
        }
        for one in NEXT[Direction(invoice.direction)][status]
        if one not in decided
    ]
