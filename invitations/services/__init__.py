from invitations.services.accepting import (
    Acceptance,
    Consent,
    accept_as,
    accept_as_new,
    mark_opened,
    open_invitation,
)
from invitations.services.batches import run_batch, start_batch
from invitations.services.following import expire_invitations, follow_mail
from invitations.services.inviting import LIFETIME, invite, renew_expired, revoke

__all__ = [
    "LIFETIME",
    "Acceptance",
    "Consent",
    "accept_as",
    "accept_as_new",
    "expire_invitations",
    "follow_mail",
    "invite",
    "mark_opened",
    "open_invitation",
    "renew_expired",
    "revoke",
    "run_batch",
    "start_batch",
]
