"""« Données du cabinet »: what a firm takes along, its invoices with their files and lists of the rest."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from clients.models import (
    Client,
    ClientAssignment,
    Enrichment,
    ImportJob,
    ImportWording,
    Portfolio,
    PortfolioClient,
    PortfolioMember,
)
from common.archives.contents import Cells, Contents, Entry, Section, each
from common.models import JournalEntry
from common.tenancy import tenant
from exports.models import ClientExport, Delivery, ExportConfiguration, FirmExport, PartnerCall
from firms.logo import stored_as
from firms.models import ApiKey, Firm, Membership
from invitations.models import BatchRow, Invitation, InvitationBatch, InvitationSettings
from invoices.archive import INVOICE_HEADER, invoice_cells, terms_section
from invoices.models import Deposit, FirmInvoice
from outbox.models import OutgoingEmail

_README: Final = """
Export complet d'un cabinet de jefacture.

factures : par client (SIREN), l'original de chaque facture que le cabinet voit, et son Factur-X s'il en a été fait un.
imports : les fichiers de clients importés, tels qu'ils ont été déposés.
Les listes (CSV) s'ouvrent avec un tableur ; une apostrophe précède ce qu'il prendrait pour une formule.
manifest.json : chaque fichier avec sa taille et son empreinte SHA-256, et le nombre de lignes de chaque liste.
Les clés API et les liens d'invitation n'y sont pas : ils laissent entrer qui les possède.
"""


def contents_of(export: FirmExport) -> Contents:
    with tenant(firm=export.firm_id):
        firm, actor = Firm.objects.get(pk=export.firm_id), str(export.created_by.user)
    return Contents(
        readme=_README,
        about={
            "firm": {"name": firm.name, "siret": firm.siret},
            "asked_by": actor,
            "asked_at": export.created_at.isoformat(),
        },
        sections=[
            *_firm(firm),
            *_clients(firm.pk),
            *_imports(firm.pk),
            *_invitations(firm.pk),
            *_exchanges(firm.pk),
            _journal(export),
        ],
        tenant=lambda: tenant(firm=firm.pk),
    )


def _firm(firm: Firm) -> list[Section]:
    def identity(firm: Firm) -> Cells:
        logo = Entry("logo.png", stored_as(firm.logo)) if firm.logo else None
        address = (firm.street, firm.postal_code, firm.city)
        contact = (firm.sender, firm.contact_email, firm.contact_phone)
        return firm.name, firm.siret, *address, *contact, logo, firm.terms_accepted_at, firm.created_at

    def member(m: Membership) -> Cells:
        ways = (m.get_role_display(), m.get_profile_display(), m.get_status_display())
        return m.user.full_name, m.user.any_email, *ways, m.delegated_at, m.last_entered_at

    def key(key: ApiKey) -> Cells:
        ends = (key.created_at, key.expires_at, key.revoked_at, key.last_used_at)
        return key.name, key.scope_labels, key.software, key.networks, *ends

    return [
        Section(
            "cabinet",
            ("Raison sociale", "SIRET", "Adresse", "Code postal", "Ville", "Nom d'expéditeur", "E-mail de contact",
             "Téléphone", "Logo", "CGU acceptées le", "Ouvert le"),
            lambda: Firm.objects.filter(pk=firm.pk),
            each(identity),
        ),
        Section(
            "utilisateurs",
            ("Nom", "E-mail", "Rôle", "Profil", "Statut", "Délégation reçue le", "Dernière entrée"),
            lambda: Membership.objects.filter(firm=firm).select_related("user"),
            each(member),
        ),
        Section(
            "cles-api",
            ("Nom", "Droits", "Logiciel", "Adresses autorisées", "Créée le", "Expire le", "Révoquée le",
             "Dernier appel"),
            lambda: ApiKey.objects.filter(firm=firm).select_related("software"),
            each(key),
        ),
        terms_section(firm.pk),
    ]  # fmt: skip


def _clients(firm: UUID) -> list[Section]:
    def client(c: Client) -> Cells:
        identity = (c.name, c.siren, c.siret, c.vat_number, c.code)
        address = (c.street, c.postal_code, c.city, c.country, c.iban, c.bic, c.language)
        contact = (c.contact_last_name, c.contact_first_name, c.contact_email, c.contact_phone)
        standing = (c.get_status_display(), c.confidential, c.is_firm_file, c.ceased_on, c.created_at, c.activated_at)
        return *identity, *address, *contact, *standing

    def assignment(a: ClientAssignment) -> Cells:
        return a.client.siren, a.client.name, a.membership.user.full_name, a.membership.user.any_email, a.created_at

    return [
        Section(
            "clients",
            ("Raison sociale", "SIREN", "SIRET", "TVA", "Code dossier", "Adresse", "Code postal", "Ville", "Pays",
             "IBAN",
             "BIC", "Langue", "Nom du contact", "Prénom du contact", "E-mail du contact", "Téléphone", "Statut",
             "Confidentiel", "Dossier du cabinet", "Cessation d'activité", "Créé le", "Actif depuis le"),
            _of(Client, firm),
            each(client),
        ),
        Section(
            "affectations",
            ("SIREN", "Client", "Utilisateur", "E-mail", "Depuis le"),
            _of(ClientAssignment, firm, "client", "membership__user"),
            each(assignment),
        ),
        Section(
            "portefeuilles", ("Nom", "Créé le"), _of(Portfolio, firm), each(lambda p: (p.name, p.created_at))
        ),
        Section(
            "portefeuilles-membres",
            ("Portefeuille", "Utilisateur", "E-mail", "Depuis le"),
            _of(PortfolioMember, firm, "portfolio", "membership__user"),
            each(lambda m: (m.portfolio.name, m.membership.user.full_name, m.membership.user.any_email, m.created_at)),
        ),
        Section(
            "portefeuilles-clients",
            ("Portefeuille", "SIREN", "Client", "Depuis le"),
            _of(PortfolioClient, firm, "portfolio", "client"),
            each(lambda c: (c.portfolio.name, c.client.siren, c.client.name, c.created_at)),
        ),
    ]  # fmt: skip


def _imports(firm: UUID) -> list[Section]:
    def job(job: ImportJob) -> Cells:
        entry = (
            Entry(f"imports/{job.pk.hex[:8]}/{_plain_name(job.file_name)}", job.stored_as) if job.stored_as else None
        )
        times = (job.created_at, job.confirmed_at, job.finished_at, job.undone_at)
        origin = (job.file_name, job.get_source_display(), job.created_by.user.full_name, job.get_state_display())
        return *origin, *times, job.rows_applied, job.counts, entry

    return [
        Section(
            "imports",
            ("Fichier", "Source", "Par", "État", "Reçu le", "Confirmé le", "Terminé le", "Annulé le",
             "Lignes appliquées",
             "Résultat de la lecture", "Dans l'archive"),
            _of(ImportJob, firm, "created_by__user"),
            each(job),
        ),
        Section(
            "imports-intitules",
            ("Intitulé de colonne", "Champ"),
            _of(ImportWording, firm),
            each(lambda w: (w.key, w.field)),
        ),
        Section(
            "complements",
            ("Par", "État", "Dossiers", "Cherchés", "Complétés", "Inconnus", "Cessés", "Commencé le", "Terminé le"),
            _of(Enrichment, firm, "created_by__user"),
            each(lambda e: (e.created_by.user.full_name, e.get_state_display(), e.total, e.checked, e.completed,
                            e.unknown,
                            e.ceased, e.created_at, e.finished_at)),
        ),
    ]  # fmt: skip


def _invitations(firm: UUID) -> list[Section]:
    def invitation(i: Invitation) -> Cells:
        times = (i.created_at, i.renewed_at, i.expires_at, i.opened_at, i.accepted_at)
        who = (i.client.siren, i.client.name, i.email, i.get_state_display(), i.created_by.user.full_name)
        return *who, *times, i.reminders, i.refusal, i.words

    def batch(b: InvitationBatch) -> Cells:
        kind = "Renvoi" if b.again else "Activation"
        times = (b.created_at, b.finished_at)
        return b.pk, kind, b.created_by.user.full_name, b.get_state_display(), b.total, *times, b.words

    return [
        Section(
            "parametres-invitation",
            ("Mots du cabinet", "Relancer après (jours)", "Nombre de relances"),
            _of(InvitationSettings, firm),
            each(lambda s: (s.words, s.reminder_days, s.max_reminders)),
        ),
        Section(
            "invitations",
            ("SIREN", "Client", "E-mail", "État", "Par", "Créée le", "Envoyée le", "Expire le", "Ouverte le",
             "Acceptée le",
             "Relances", "Motif du refus", "Mots du cabinet"),
            _of(Invitation, firm, "client", "created_by__user"),
            each(invitation),
        ),
        Section(
            "envois-invitations",
            ("Envoi", "Acte", "Par", "État", "Clients", "Demandé le", "Terminé le", "Mots du cabinet"),
            _of(InvitationBatch, firm, "created_by__user"),
            each(batch),
        ),
        Section(
            "envois-invitations-lignes",
            ("Envoi", "SIREN", "Client", "Résultat", "Motif"),
            _of(BatchRow, firm, "client"),
            each(lambda r: (r.batch_id, r.client.siren, r.client.name, r.get_state_display(), r.reason)),
        ),
    ]  # fmt: skip


def _exchanges(firm: UUID) -> list[Section]:
    def delivery(d: Delivery) -> Cells:
        what = (d.invoice.number, d.configuration.name, d.recipient, d.round)
        return *what, d.get_state_display(), d.created_at, d.sent_at

    def email(e: OutgoingEmail) -> Cells:
        message = (e.get_kind_display(), e.recipient, e.sender, e.subject, e.get_state_display())
        return *message, e.created_at, e.sent_at, e.smtp_code, e.last_error

    return [
        Section(
            "liens-export",
            ("Nom", "Canal", "E-mail destinataire", "PDF d'origine joint", "En service", "Adresses suspendues",
             "Créé le"),
            _of(ExportConfiguration, firm),
            each(lambda c: (c.name, c.get_channel_display(), c.recipient, c.with_original, c.enabled,
                            c.paused_addresses,
                            c.created_at)),
        ),
        Section(
            "liens-export-clients",
            ("SIREN", "Client", "Lien", "E-mail pour les achats", "E-mail pour les ventes", "Depuis le"),
            _of(ClientExport, firm, "client", "configuration"),
            each(lambda c: (c.client.siren, c.client.name, c.configuration.name, c.purchases_to, c.sales_to,
                            c.created_at)),
        ),
        Section(
            "livraisons",
            ("Facture", "Lien", "Destinataire", "Envoi", "État", "Créée le", "Envoyée le"),
            _of(Delivery, firm, "invoice", "configuration"),
            each(delivery),
        ),
        Section(
            "logiciels",
            ("Logiciel", "Clé", "Dernier appel"),
            _of(PartnerCall, firm, "software", "key"),
            each(lambda c: (c.software.name, c.key.name, c.last_at)),
        ),
        Section(
            "emails",
            ("Nature", "Destinataire", "Expéditeur", "Objet", "État", "Créé le", "Envoyé le", "Code SMTP", "Erreur"),
            lambda: OutgoingEmail.objects.filter(firm_id=firm),
            each(email),
        ),
        Section(
            "factures",
            ("SIREN client", "Client", "Nom pour le logiciel", "Part du cabinet", *INVOICE_HEADER),
            _of(FirmInvoice, firm, "client", "invoice"),
            _firm_invoices,
        ),
        Section(
            "depots",
            ("Fichier", "Canal", "Déposé par", "Déposé le", "État", "Facture", "SHA-256"),
            lambda: Deposit.objects.filter(firm_id=firm).select_related("deposited_by", "invoice"),
            each(lambda d: (d.file_name, d.get_channel_display(), d.deposited_by, d.created_at, d.get_state_display(),
                            d.invoice.number if d.invoice else "", d.sha256)),
        ),
    ]  # fmt: skip


def _firm_invoices(parts: Sequence[FirmInvoice]) -> list[Cells]:
    folders = [f"factures/{part.client.siren}/" for part in parts]
    invoices = invoice_cells([part.invoice for part in parts], folders=folders)
    return [
        (part.client.siren, part.client.name, part.file_name, part.get_state_display(), *cells)
        for part, cells in zip(parts, invoices, strict=True)
    ]


def _journal(export: FirmExport) -> Section:
    """Up to the wish: what is done while the archive is written belongs to the next one."""

    def entry(line: JournalEntry) -> Cells:
        return line.at, line.actor, line.action, line.object_type, line.object_label, line.data, line.ip, line.reference

    return Section(
        "journal",
        ("Le", "Par", "Action", "Nature de l'objet", "Objet", "Détail", "Adresse IP", "Référence"),
        lambda: JournalEntry.objects.filter(firm_id=export.firm_id, at__lte=export.created_at),
        each(entry),
    )


def _of(model: Any, firm: UUID, *related: str) -> Any:
    def rows() -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.filter(firm=firm)
        return found.select_related(*related) if related else found

    return rows


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2] or "fichier"
