"""« Données du cabinet »: what a firm takes along, its invoices with their files and lists of the rest."""

from typing import Final

from common.archives.contents import Contents
from common.tenancy import tenant
from exports.archive.clients import client_sections, portfolio_sections
from exports.archive.exchanges import delivery_sections, exchange_sections, journal_section
from exports.archive.firm import firm_sections
from exports.archive.work import import_sections, invitation_sections
from exports.models import FirmExport
from firms.models import Firm

_README: Final = """
Export complet d'un cabinet de jefacture.

factures : par client (SIREN), l'original de chaque facture que le cabinet voit, et son Factur-X s'il en a été fait un.
depots : les fichiers que le cabinet a déposés pour ses clients et qui n'ont pas été classés.
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
            *firm_sections(firm),
            *client_sections(firm.pk),
            *portfolio_sections(firm.pk),
            *import_sections(firm.pk),
            *invitation_sections(firm.pk),
            *delivery_sections(firm.pk),
            *exchange_sections(export),
            journal_section(export),
        ],
        tenant=lambda: tenant(firm=firm.pk),
    )
