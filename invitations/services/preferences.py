from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from firms.models import Membership
from invitations.models import InvitationSettings
from invitations.permissions import can_change_settings


def save_settings(actor: Membership, *, words: str, reminder_days: int, max_reminders: int) -> None:
    """How the firm invites from now on. Invitations under way keep their words and follow the new delay."""
    require(can_change_settings(actor), "Seul un administrateur change les paramètres d'invitation.")
    with tenant(firm=actor.firm_id):
        saved, _made = InvitationSettings.objects.update_or_create(
            firm_id=actor.firm_id,
            defaults={"words": words, "reminder_days": reminder_days, "max_reminders": max_reminders},
        )
        record(
            actor,
            "invitation.settings_changed",
            saved,
            words=words,
            reminder_days=reminder_days,
            max_reminders=max_reminders,
        )
