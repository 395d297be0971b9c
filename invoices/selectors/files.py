from django.http import Http404

from invoices.enums import FileKind
from invoices.models import Invoice, InvoiceFile


def get_file_or_404(invoice: Invoice, *, kind: str) -> InvoiceFile:
    """The file of this kind; what leaves is the original itself where nothing else was made."""
    kinds = [kind, FileKind.ORIGINAL] if kind == FileKind.OUTGOING else [kind]
    files = {file.kind: file for file in InvoiceFile.objects.filter(invoice=invoice.pk, kind__in=kinds)}
    for wanted in kinds:
        if wanted in files:
            return files[wanted]
    raise Http404("Fichier inconnu.")
