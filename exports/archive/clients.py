"""Client files, and who sees them by what."""

from uuid import UUID

from clients.models import Client, ClientAssignment, Portfolio, PortfolioClient, PortfolioMember
from common.archives.contents import Cells, Section, each
from exports.archive.rows import of_firm


def client_sections(firm: UUID) -> list[Section]:
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
             "IBAN", "BIC", "Langue", "Nom du contact", "Prénom du contact", "E-mail du contact", "Téléphone", "Statut",
             "Confidentiel", "Dossier du cabinet", "Cessation d'activité", "Créé le", "Actif depuis le"),
            of_firm(Client, firm),
            each(client),
        ),
        Section(
            "affectations",
            ("SIREN", "Client", "Utilisateur", "E-mail", "Depuis le"),
            of_firm(ClientAssignment, firm, "client", "membership__user"),
            each(assignment),
        ),
    ]  # fmt: skip


def portfolio_sections(firm: UUID) -> list[Section]:
    return [
        Section("portefeuilles", ("Nom", "Créé le"), of_firm(Portfolio, firm), each(lambda p: (p.name, p.created_at))),
        Section(
            "portefeuilles-membres",
            ("Portefeuille", "Utilisateur", "E-mail", "Depuis le"),
            of_firm(PortfolioMember, firm, "portfolio", "membership__user"),
            each(lambda m: (m.portfolio.name, m.membership.user.full_name, m.membership.user.any_email, m.created_at)),
        ),
        Section(
            "portefeuilles-clients",
            ("Portefeuille", "SIREN", "Client", "Depuis le"),
            of_firm(PortfolioClient, firm, "portfolio", "client"),
            each(lambda c: (c.portfolio.name, c.client.siren, c.client.name, c.created_at)),
        ),
    ]
