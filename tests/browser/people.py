"""People and firms of a test's own in the ComptExpert stand-in, so that no flow meets another's firm."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import requests

from sandbox.luhn import make_nic, make_siren
from tests.browser.visitor import Visitor, Visitors
from tests.stack import Stack

_numbers = count(61_000_000)


def new_siren() -> str:
    return make_siren(next(_numbers))


@dataclass(frozen=True)
class Cabinet:
    name: str
    siren: str
    office: int = 1

    @property
    def siret(self) -> str:
        return self.siren + make_nic(self.siren, self.office)

    @property
    def path(self) -> str:
        return f"/cabinets/{self.siret}/"

    def claims(self, *, delegation: bool = True, delegates: Sequence[str] = (), siret: bool = True) -> dict[str, Any]:
        """As ComptExpert tells of it; `delegates` are the `sub` of its collaborateurs."""
        people = [{"sub": sub, **_name(sub), "delegated_at": "2026-11-02T10:15:00+01:00"} for sub in delegates]
        return {
            "id": f"C-{self.siren}-{self.office}",
            "siret": self.siret if siret else None,
            "name": self.name,
            "address": {"street": "5 rue Neuve", "postal_code": "69001", "city": "Lyon"},
            "delegations": ["jefacture.com"] if delegation else [],
            "delegates": people,
        }


def new_cabinet(name: str) -> Cabinet:
    return Cabinet(name, new_siren())


def _name(sub: str) -> dict[str, str]:
    first, _, last = sub.partition(".")
    return {"given_name": first.title(), "family_name": last.title(), "email": f"{sub}@cabinet.test"}


def add_person(stack: Stack, sub: str, *cabinets: dict[str, Any], profile: str = "expert-comptable") -> None:
    person = {**_name(sub), "profile_type": profile, "cabinets": list(cabinets)}
    requests.put(f"{stack.comptexpert}/people/{sub}", json=person, timeout=20).raise_for_status()


def accept_terms(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Accepter et ouvrir le cabinet").click()
    page.wait_for_url("**/clients/")


def open_firm(visitor: Visitor, sub: str, *, name: str, delegates: Sequence[str] = ()) -> Cabinet:
    """An expert-comptable's first sign-in, up to the list of clients; the pages on the way have a walk of their own."""
    cabinet = new_cabinet(name)
    add_person(visitor.stack, sub, cabinet.claims(delegates=delegates))
    visitor.enter_as(sub, accept=True)
    return cabinet


def open_space(visitors: Visitors, sub: str, *, name: str) -> tuple[Visitor, Cabinet, Visitor, dict[str, str]]:
    """A firm with one « Actif » client, and that client signed in; what it is told of it is `add_active_client`'s."""
    firm, guest = visitors.new(), visitors.new()
    cabinet = open_firm(firm, sub, name=name)
    company = firm.stack.call("tests.browser.world:add_active_client", siret=cabinet.siret)
    guest.enter_with(company["email"], company["password"])
    return firm, cabinet, guest, company
