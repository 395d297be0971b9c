"""What was done for many clients at once: imports with their files, and invitations."""

from uuid import UUID

from clients.models import Enrichment, ImportJob, ImportWording
from common.archives.contents import Cells, Entry, Section, each
from exports.archive.rows import of_firm
from invitations.models import BatchRow, Invitation, InvitationBatch, InvitationSettings


def import_sections(firm: UUID) -> list[Section]:
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
             "Lignes appliquées", "Résultat de la lecture", "Dans l'archive"),
            of_firm(ImportJob, firm, "created_by__user"),
            each(job),
        ),
        Section(
            "imports-intitules",
            ("Intitulé de colonne", "Champ"),
            of_firm(ImportWording, firm),
            each(lambda w: (w.key, w.field)),
        ),
        Section(
            "complements",
            ("Par", "État", "Dossiers", "Cherchés", "Complétés", "Inconnus", "Cessés", "Commencé le", "Terminé le"),
            of_firm(Enrichment, firm, "created_by__user"),
            each(lambda e: (e.created_by.user.full_name, e.get_state_display(), e.total, e.checked, e.completed,
                            e.unknown, e.ceased, e.created_at, e.finished_at)),
        ),
    ]  # fmt: skip


def invitation_sections(firm: UUID) -> list[Section]:
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
            of_firm(InvitationSettings, firm),
            each(lambda s: (s.words, s.reminder_days, s.max_reminders)),
        ),
        Section(
            "invitations",
            ("SIREN", "Client", "E-mail", "État", "Par", "Créée le", "Envoyée le", "Expire le", "Ouverte le",
             "Acceptée le", "Relances", "Motif du refus", "Mots du cabinet"),
            of_firm(Invitation, firm, "client", "created_by__user"),
            each(invitation),
        ),
        Section(
            "envois-invitations",
            ("Envoi", "Acte", "Par", "État", "Clients", "Demandé le", "Terminé le", "Mots du cabinet"),
            of_firm(InvitationBatch, firm, "created_by__user"),
            each(batch),
        ),
        Section(
            "envois-invitations-lignes",
            ("Envoi", "SIREN", "Client", "Résultat", "Motif"),
            of_firm(BatchRow, firm, "client"),
            each(lambda r: (r.batch_id, r.client.siren, r.client.name, r.get_state_display(), r.reason)),
        ),
    ]  # fmt: skip


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2] or "fichier"
