"""The clients' step of « Pour bien démarrer »."""

from clients.selectors import counts_by_status
from common.templatetags.jf import plural
from firms.home import Step
from firms.models import Membership


def clients_step(membership: Membership) -> Step:
    files = sum(counts_by_status(membership).values())
    return Step(
        icon="users",
        title="Clients",
        text=f"{plural(files, 'dossier,dossiers')}." if files else "Chargez-les depuis Excel ou jedeclare.com.",
        done=min(files, 1),
        total=1,
        url_name="clients:import",
        act="Importer clients",
    )
