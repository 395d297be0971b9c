"""The tabs of a client file's page. What a higher room knows is a fragment of its own, found by URL name."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from clients.models import Client
from common.navigation import url_or_none

FILE, HISTORY = "dossier", "historique"


@dataclass(frozen=True)
class Tab:
    """`part`: the URL name of the fragment that fills it; without one, this room fills it itself."""

    key: str
    label: str
    part: str = ""


@dataclass(frozen=True)
class ShownTab:
    key: str
    label: str
    href: str
    part_url: str
    current: bool


_TABS: Final = (
    Tab(FILE, "Dossier"),
    Tab("factures", "Factures", "invoices:of_client"),
    Tab("invitations", "Invitations", "invitations:of_client"),
    Tab("livraison", "Livraison", "exports:client_connection"),
    Tab(HISTORY, "Historique"),
)


def tabs_of(client: Client, *, siret: str, wanted: str) -> list[ShownTab]:
    """Those that exist, one of them current: the one wanted, or the first. The firm's own file invites nobody."""
    address = reverse("clients:detail", args=[siret, client.pk])
    parts = {tab: url_or_none(tab.part, siret=siret, pk=client.pk) if tab.part else "" for tab in _TABS}
    kept = [tab for tab in _TABS if parts[tab] is not None and not (client.is_firm_file and tab.key == "invitations")]
    current = next((tab for tab in kept if tab.key == wanted), kept[0])
    return [
        ShownTab(
            key=tab.key,
            label=tab.label,
            href=address if tab.key == FILE else f"{address}?onglet={tab.key}",
            part_url=parts[tab] or "",
            current=tab == current,
        )
        for tab in kept
    ]
