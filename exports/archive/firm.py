"""Of the firm itself: who it is, who is at it, its keys without what they open, and what it accepted."""

from common.archives.contents import Cells, Entry, Section, each
from firms.logo import stored_as
from firms.models import ApiKey, Firm, Membership
from invoices.archive import terms_section


def firm_sections(firm: Firm) -> list[Section]:
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
