"""« Accueil »: what the rooms above tell of themselves there, and the shape of a step of « Pour bien démarrer »."""

from dataclasses import dataclass

from django.db.models import Max

from common.navigation import url_or_none
from common.typography import date_fr, number
from firms.models import Membership
from firms.permissions import can_manage_api_keys
from firms.selectors import keys_of

#: Fragments of the rooms above, by URL name; each takes `siret`. One that does not exist is left out.
FIGURES = ("clients:figures", "invitations:figures", "invoices:figures", "exports:figures")
#: The fragment that holds « Pour bien démarrer »: made where every room is known, of one step from each.
FIRST_STEPS = "first_steps"


@dataclass(frozen=True)
class Step:
    """One step from an empty firm to one at work, as its room tells it; done when `done` has reached `total`."""

    icon: str
    title: str
    #: Where it stands, or what to do.
    text: str
    done: int
    total: int
    url_name: str
    act: str
    #: Whether this member may take it; otherwise it waits for an administrateur.
    may: bool = True

    @property
    def is_done(self) -> bool:
        return self.done >= self.total

    @property
    def state(self) -> str:
        if self.is_done:
            return "Terminé"
        return f"En cours ({number(self.done)} sur {number(self.total)})" if self.done else "À faire"

    @property
    def tone(self) -> str:
        if self.is_done:
            return "done"
        return "live" if self.done else "idle"


def terms_step(membership: Membership) -> Step:
    """Always done: until then, every page of the firm leads to the CGU."""
    return Step(
        icon="document-check",
        title="CGU",
        text=f"Acceptées pour le cabinet le {date_fr(membership.firm.terms_accepted_at)}.",
        done=1,
        total=1,
        url_name="firms:profile",
        act="Voir le profil",
    )


def key_step(membership: Membership) -> Step:
    """Two things: the key exists, and a software has called with it."""
    keys = keys_of(membership).aggregate(created=Max("created_at"), used=Max("last_used_at"))
    if keys["used"]:
        text = f"Un logiciel l'a utilisée, la dernière fois le {date_fr(keys['used'])}."
    elif keys["created"]:
        text = "Elle est créée : donnez-la à votre logiciel de production, qui ne l'a pas encore utilisée."
    else:
        text = "Créez-la, puis donnez-la à votre logiciel de production."
    return Step(
        icon="key",
        title="Clé API",
        text=text,
        done=bool(keys["created"]) + bool(keys["used"]),
        total=2,
        url_name="firms:profile",
        act="Voir la clé API",
        may=can_manage_api_keys(membership),
    )


@dataclass(frozen=True)
class Checklist:
    """The steps in their order, each with its address, and which one comes next for this member."""

    lines: list[tuple[Step, str]]

    @classmethod
    def of(cls, membership: Membership, steps: list[Step]) -> "Checklist":
        siret = membership.firm.siret
        return cls([(step, url_or_none(step.url_name, siret=siret) or "") for step in steps])

    @property
    def done(self) -> int:
        return sum(step.is_done for step, _url in self.lines)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.lines)

    @property
    def next_step(self) -> Step | None:
        return next((step for step, url in self.lines if step.may and url and not step.is_done), None)
