"""What came in and what left: invoices with their files, deposits, deliveries, e-mails; and the journal."""

from collections.abc import Sequence
from uuid import UUID

from common.archives.contents import Cells, Section, each
from common.models import JournalEntry
from exports.archive.rows import of_firm
from exports.models import ClientExport, Delivery, ExportConfiguration, FirmExport, PartnerCall
from firms.journal_words import describe
from invoices.archive import DEPOSIT_HEADER, INVOICE_HEADER, deposit_cells, invoice_cells
from invoices.models import Deposit, FirmInvoice
from outbox.models import OutgoingEmail


def delivery_sections(firm: UUID) -> list[Section]:
    def delivery(d: Delivery) -> Cells:
        what = (d.invoice.number, d.configuration.name, d.recipient, d.round)
        return *what, d.get_state_display(), d.created_at, d.sent_at

    return [
        Section(
            "liens-export",
            ("Nom", "Canal", "E-mail destinataire", "PDF d'origine joint", "En service", "Adresses suspendues",
             "Créé le"),
            of_firm(ExportConfiguration, firm),
            each(lambda c: (c.name, c.get_channel_display(), c.recipient, c.with_original, c.enabled,
                            c.paused_addresses, c.created_at)),
        ),
        Section(
            "liens-export-clients",
            ("SIREN", "Client", "Lien", "E-mail pour les achats", "E-mail pour les ventes", "Depuis le"),
            of_firm(ClientExport, firm, "client", "configuration"),
            each(lambda c: (c.client.siren, c.client.name, c.configuration.name, c.purchases_to, c.sales_to,
                            c.created_at)),
        ),
        Section(
            "livraisons",
            ("Facture", "Lien", "Destinataire", "Envoi", "État", "Créée le", "Envoyée le"),
            of_firm(Delivery, firm, "invoice", "configuration"),
            each(delivery),
        ),
        Section(
            "logiciels",
            ("Logiciel", "Clé", "Dernier appel"),
            of_firm(PartnerCall, firm, "software", "key"),
            each(lambda c: (c.software.name, c.key.name, c.last_at)),
        ),
    ]  # fmt: skip


def exchange_sections(export: FirmExport) -> list[Section]:
    """E-mails up to the wish: the one that tells of the archive is not in it."""
    firm = export.firm_id

    def email(e: OutgoingEmail) -> Cells:
        message = (e.get_kind_display(), e.recipient, e.sender, e.subject, e.get_state_display())
        return *message, e.created_at, e.sent_at, e.smtp_code, e.last_error

    return [
        Section(
            "emails",
            ("Nature", "Destinataire", "Expéditeur", "Objet", "État", "Créé le", "Envoyé le", "Code SMTP", "Erreur"),
            lambda: OutgoingEmail.objects.filter(firm_id=firm, created_at__lte=export.created_at),
            each(email),
        ),
        Section(
            "factures",
            ("SIREN client", "Client", "Nom pour le logiciel", "Part du cabinet", *INVOICE_HEADER),
            of_firm(FirmInvoice, firm, "client", "invoice"),
            _firm_invoices,
        ),
        Section(
            "depots",
            ("Client", "Canal", "Déposé par", "Facture", *DEPOSIT_HEADER),
            lambda: Deposit.objects.filter(firm_id=firm).select_related("company", "deposited_by", "invoice"),
            each(_deposit),
        ),
    ]  # fmt: skip


def _deposit(deposit: Deposit) -> Cells:
    """What made an invoice is with the invoices; the file of any other is the firm's as much as the client's."""
    cells = list(deposit_cells(deposit))
    if deposit.invoice is not None and not deposit.is_joined:
        cells[DEPOSIT_HEADER.index("Dans l'archive")] = ""
    number = deposit.invoice.number if deposit.invoice else ""
    return deposit.company.name, deposit.get_channel_display(), deposit.deposited_by, number, *cells


def _firm_invoices(parts: Sequence[FirmInvoice]) -> list[Cells]:
    folders = [f"factures/{part.client.siren}/" for part in parts]
    invoices = invoice_cells([part.invoice for part in parts], folders=folders)
    return [
        (part.client.siren, part.client.name, part.file_name, part.get_state_display(), *cells)
        for part, cells in zip(parts, invoices, strict=True)
    ]


def journal_section(export: FirmExport) -> Section:
    """Up to the wish: what is done while the archive is written belongs to the next one."""

    def entry(line: JournalEntry) -> Cells:
        what = (describe(line)["action"], line.action, line.object_type, line.object_label, line.data)
        return line.at, line.actor, *what, line.ip, line.reference

    return Section(
        "journal",
        ("Le", "Par", "Action", "Code", "Nature de l'objet", "Objet", "Détail", "Adresse IP", "Référence"),
        lambda: JournalEntry.objects.filter(firm_id=export.firm_id, at__lte=export.created_at),
        each(entry),
    )
