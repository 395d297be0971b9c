from django.http import Http404

from invoices.enums import FileKind
from invoices.media import PDF
from invoices.models import Invoice, InvoiceFile
from invoices.selectors.deposits import readable_of


def get_file_or_404(invoice: Invoice, *, kind: str) -> InvoiceFile:
    """The file of this kind; what leaves is the original itself where nothing else was made."""
    kinds = [kind, FileKind.ORIGINAL] if kind == FileKind.OUTGOING else [kind]
    files = {file.kind: file for file in InvoiceFile.objects.filter(invoice=invoice.pk, kind__in=kinds)}
    for wanted in kinds:
        if wanted in files:
            return files[wanted]
    readable = readable_file_of(invoice) if kind == FileKind.READABLE else None
    if readable is None:
        raise Http404("Fichier inconnu.")
    return readable


def readable_file_of(invoice: Invoice) -> InvoiceFile | None:
    """The PDF that came beside the data of the invoice, as a file of it that is in no row of its own."""
    deposit = readable_of(invoice)
    if deposit is None:
        return None
    return InvoiceFile(
        company_id=invoice.company_id,
        invoice=invoice,
        kind=FileKind.READABLE,
        name=deposit.file_name,
        # One that acts by itself is downloaded, never opened within a page.
        media_type="application/octet-stream" if deposit.active else PDF,
        size=deposit.size,
        sha256=deposit.sha256,
        stored_as=deposit.stored_as,
    )
