"""What the left rail shows, as data. An entry whose page does not exist (yet) is left out by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """One line of a rail. `url_name` takes the space's own argument (siret or siren) unless `shared`."""

    key: str
    label: str
    icon: str
    url_name: str
    #: Entries of one group stand together; a thin line parts two groups.
    group: int = 0
    #: Shown to administrateurs only: others would meet a refusal behind it.
    administrators: bool = False
    #: Belongs to the whole product: its address names no firm and no company.
    shared: bool = False


@dataclass(frozen=True)
class Item:
    """An entry made ready for one page."""

    key: str
    label: str
    icon: str
    href: str
    current: bool
    opens_group: bool
    count: int | None = None


FIRM_RAIL: Sequence[Entry] = (
    Entry("home", "Accueil", "home", "firms:home"),
    Entry("clients", "Clients", "users", "clients:list"),
    Entry("invoices", "Factures", "document-text", "invoices:firm_list"),
    Entry("invitations", "Invitations", "envelope", "invitations:list"),
    Entry("users", "Utilisateurs", "shield-check", "firms:users"),
    Entry("partners", "Partenaires", "puzzle-piece", "exports:partners", group=1),
    Entry("exports", "Paramètres d'export", "adjustments-horizontal", "exports:settings", group=1),
    Entry("billing", "Facturation", "currency-euro", "exports:billing", group=1),
    Entry("journal", "Journal", "book-open", "firms:journal", group=1, administrators=True),
    Entry("help", "Aide", "question-mark-circle", "help", group=2, shared=True),
)

COMPANY_RAIL: Sequence[Entry] = (
    Entry("home", "Accueil", "home", "invoices:company_home"),
    Entry("invoices", "Factures", "document-text", "invoices:company_list"),
    Entry("deposit", "Déposer", "arrow-up-tray", "invoices:deposit"),
    Entry("firms", "Cabinets", "briefcase", "invitations:company_firms", administrators=True),
    Entry("users", "Utilisateurs", "users", "invitations:company_users", administrators=True),
    Entry("settings", "Paramètres", "cog-6-tooth", "clients:company_settings", administrators=True),
    Entry("help", "Aide", "question-mark-circle", "help", group=2, shared=True),
)

#: Fragments that tell of work under way, asked for by the top bar of every page; each may answer with nothing.
RUNNING_WORK: Sequence[str] = ("clients:running", "invitations:running")


def url_or_none(url_name: str, **kwargs: object) -> str | None:
    try:
        return reverse(url_name, kwargs=kwargs or None)
    except NoReverseMatch:
        return None


def rail_items(
    entries: Iterable[Entry],
    *,
    path: str = "",
    current: str = "",
    administrator: bool = True,
    counts: dict[str, int] | None = None,
    **argument: str,
) -> list[Item]:
    """
    The lines that this person can follow from this page.

    `current` is the key of the page's own line; left empty, it is the line whose address starts `path` and is longest.
    """
    kept: list[tuple[Entry, str]] = []
    for entry in entries:
        if entry.administrators and not administrator:
            continue
        href = url_or_none(entry.url_name, **({} if entry.shared else argument))
        if href:
            kept.append((entry, href))
    here = current or _longest_start(kept, path)
    groups = [entry.group for entry, _ in kept]
    return [
        Item(
            key=entry.key,
            label=entry.label,
            icon=entry.icon,
            href=href,
            current=entry.key == here,
            opens_group=position > 0 and groups[position - 1] != entry.group,
            count=(counts or {}).get(entry.key),
        )
        for position, (entry, href) in enumerate(kept)
    ]


def _longest_start(kept: list[tuple[Entry, str]], path: str) -> str:
    """« Accueil » is the start of every address of its firm: it is current on its own page only."""
    starts = [
        (len(href), entry.key)
        for entry, href in kept
        if path == href or (entry.key != "home" and path.startswith(href))
    ]
    return max(starts)[1] if starts else ""
