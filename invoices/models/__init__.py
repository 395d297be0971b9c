from invoices.models.checks import InvoiceCheck
from invoices.models.deposits import Deposit
from invoices.models.events import InvoiceEvent
from invoices.models.exports import CompanyExport
from invoices.models.files import InvoiceFile
from invoices.models.idempotency import PartnerDeposit
from invoices.models.invoices import Invoice
from invoices.models.mailboxes import KnownSender, Mailbox
from invoices.models.parcels import Parcel
from invoices.models.parts import FirmInvoice

__all__ = [
    "CompanyExport",
    "Deposit",
    "FirmInvoice",
    "Invoice",
    "InvoiceCheck",
    "InvoiceEvent",
    "InvoiceFile",
    "KnownSender",
    "Mailbox",
    "Parcel",
    "PartnerDeposit",
]
