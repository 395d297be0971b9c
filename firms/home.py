"""What a firm should do next; the rooms above tell their own numbers by fragments, where they have any."""

from dataclasses import dataclass

from common.navigation import url_or_none
from firms.models import Membership
from firms.permissions import can_manage_api_keys, can_manage_users
from firms.selectors import keys_of, members_of

#: Fragments of the rooms above, by URL name; each takes `siret`. One that does not exist is left out.
FIGURES = ("clients:figures", "invitations:figures", "invoices:figures", "exports:figures")


@dataclass(frozen=True)
class Step:
    """`done` is None where only a higher room could tell."""

    icon: str
    title: str
    text: str
    url_name: str
    act: str
    done: bool | None = None


_CLIENTS = Step(
    icon="users",
    title="Vos clients",
    text="Chargez-les depuis Excel ou jedeclare.com.",
    url_name="clients:import",
    act="Importer clients",
)
_INVITATIONS = Step(
    icon="envelope",
    title="Vos invitations",
    text="Invitez-les à déposer leurs factures.",
    url_name="invitations:choose",
    act="Inviter des clients",
)


def first_steps(membership: Membership) -> list[tuple[Step, str]]:
    """The way from an empty firm to one at work, each step with its address; what this role cannot do is left out."""
    steps = [_CLIENTS, _INVITATIONS]
    if can_manage_api_keys(membership):
        steps.append(
            Step(
                icon="key",
                title="Votre logiciel",
                text="Donnez la clé API du cabinet à votre logiciel de production.",
                url_name="firms:profile",
                act="Voir la clé API",
                done=keys_of(membership).filter(last_used_at__isnull=False).exists(),
            )
        )
    if can_manage_users(membership):
        steps.append(
            Step(
                icon="user-group",
                title="Vos collaborateurs",
                text="Ils viennent des délégations que vous donnez dans ComptExpert.",
                url_name="firms:users",
                act="Voir les utilisateurs",
                done=members_of(membership).exclude(pk=membership.pk).exists(),
            )
        )
    addresses = ((step, url_or_none(step.url_name, siret=membership.firm.siret)) for step in steps)
    return [(step, url) for step, url in addresses if url]
