"""The invitations' step of « Pour bien démarrer »."""

from clients.enums import ClientStatus
from clients.selectors import counts_by_status
from common.templatetags.jf import plural
from firms.home import Step
from firms.models import Membership


def invitations_step(membership: Membership) -> Step:
    """Done when every client file in use has been invited; one that is there by itself, « Actif », counts as well."""
    counts = counts_by_status(membership)
    counts.pop(ClientStatus.ARCHIVED, None)
    files, invited = sum(counts.values()), sum(counts.values()) - counts.get(ClientStatus.CREATED, 0)
    active = counts.get(ClientStatus.ACTIVE, 0)
    return Step(
        icon="envelope",
        title="Invitations",
        text=f"{plural(invited, 'client invité,clients invités')}, dont {plural(active, 'actif,actifs')}."
        if invited
        else "Invitez vos clients à déposer leurs factures.",
        done=invited,
        total=max(files, 1),
        url_name="invitations:choose",
        act="Inviter des clients",
    )
