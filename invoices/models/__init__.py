from invoices.models.automatic import AutomaticRule
from invoices.models.checks import InvoiceCheck
from invoices.models.comments import InvoiceComment
from invoices.models.deposits import Deposit
from invoices.models.events import InvoiceEvent
from invoices.models.exports import CompanyExport
from invoices.models.files import InvoiceFile
from invoices.models.idempotency import PartnerDeposit
from invoices.models.integrity import EventSeal
from invoices.models.invoices import Invoice
from invoices.models.mailboxes import KnownSender, Mailbox
from invoices.models.parcels import Parcel
from invoices.models.parts import FirmInvoice
from invoices.models.rechecks import Recheck
from invoices.models.retention import InvoiceHold
from invoices.models.views import SavedView

__all__ = [
    "AutomaticRule",
    "CompanyExport",
    "Deposit",
    "EventSeal",
    "FirmInvoice",
    "Invoice",
    "InvoiceCheck",
    "InvoiceComment",
    "InvoiceEvent",
    "InvoiceFile",
    "InvoiceHold",
    "KnownSender",
    "Mailbox",
    "Parcel",
    "PartnerDeposit",
    "Recheck",
    "SavedView",
]
