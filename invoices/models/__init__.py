from invoices.models.checks import InvoiceCheck
from invoices.models.deposits import Deposit
from invoices.models.events import InvoiceEvent
from invoices.models.exports import CompanyExport
from invoices.models.files import InvoiceFile
from invoices.models.invoices import Invoice
from invoices.models.parts import FirmInvoice

__all__ = ["CompanyExport", "Deposit", "FirmInvoice", "Invoice", "InvoiceCheck", "InvoiceEvent", "InvoiceFile"]
