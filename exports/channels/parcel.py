"""What a channel is given, and what it says of it."""

from dataclasses import dataclass
from datetime import datetime

from exports.models import Delivery
from invoices.models import FirmInvoice, InvoiceFile


@dataclass(frozen=True)
class Parcel:
    """One invoice on its way to one recipient."""

    delivery: Delivery
    #: With its invoice and its client.
    part: FirmInvoice
    #: The outgoing PDF first, then the original where the configuration wants it.
    files: list[InvoiceFile]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Outcome:
    """`settled` false: ask again. `bounced`: the recipient's address does not work."""

    settled: bool
    sent_at: datetime | None = None
    bounced: bool = False
    #: Why it has not left (yet), in words; empty when all goes well.
    problem: str = ""
