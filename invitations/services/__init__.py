from invitations.services.accepting import (
    Acceptance,
    Consent,
    accept_as,
    accept_as_new,
    mark_opened,
    open_invitation,
)
from invitations.services.answering import Earlier, approve, decline
from invitations.services.batches import run_batch, start_batch, start_resending
from invitations.services.closing import close_space
from invitations.services.colleagues import (
    Entry,
    colleague_invitation,
    invite_colleague,
    is_for,
    join_as,
    join_as_new,
    resend_colleague,
    revoke_colleague,
)
from invitations.services.following import expire_invitations, follow_mail
from invitations.services.inviting import invite, renew_expired, revoke
from invitations.services.preferences import save_settings
from invitations.services.reminding import send_reminders
from invitations.services.sending import LIFETIME

__all__ = [
    "LIFETIME",
    "Acceptance",
    "Consent",
    "Earlier",
    "Entry",
    "accept_as",
    "accept_as_new",
    "approve",
    "close_space",
    "colleague_invitation",
    "decline",
    "expire_invitations",
    "follow_mail",
    "invite",
    "invite_colleague",
    "is_for",
    "join_as",
    "join_as_new",
    "mark_opened",
    "open_invitation",
    "renew_expired",
    "resend_colleague",
    "revoke",
    "revoke_colleague",
    "run_batch",
    "save_settings",
    "send_reminders",
    "start_batch",
    "start_resending",
]
