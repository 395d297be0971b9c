from datetime import timedelta

from django.utils import timezone

from accounts.services import accept_terms, current_terms
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from firms.enums import Role
from firms.models import Firm, Membership
from firms.permissions import can_accept_terms, can_manage_users, can_read_emails
from firms.selectors import acting_administrators
from outbox.models import OutgoingEmail
from outbox.services import hurry

_ENTRY_PRECISION = timedelta(minutes=5)
_ONLY_ADMINISTRATORS = "Seul un administrateur change les rôles."


def note_entry(membership: Membership) -> None:
    """Remember the firm last used, so that it comes first; written every five minutes, and whenever it changes."""
    now = timezone.now()
    last = membership.last_entered_at
    if last is None or last < now - _ENTRY_PRECISION or membership.entered_elsewhere:
        Membership.objects.filter(pk=membership.pk).update(last_entered_at=now)


def accept_firm_terms(actor: Membership, *, ip: str | None, user_agent: str) -> bool:
    """
    The expert-comptable binds the firm to the current CGU. Runs in the caller's transaction and tenant.

    False when the firm was bound already: two presses at once leave one proof.
    """
    require(can_accept_terms(actor), "Seul un expert-comptable accepte les CGU pour son cabinet.")
    actor.firm = firm = Firm.objects.select_for_update().get(pk=actor.firm_id)
    if firm.terms_accepted_at is not None:
        return False
    acceptance = accept_terms(actor.user, terms=current_terms("firm"), party=firm.pk, ip=ip, user_agent=user_agent)
    firm.terms_accepted_at = acceptance.accepted_at
    firm.save(update_fields=["terms_accepted_at"])
    record(actor, "firm.terms_accepted", firm, version=acceptance.terms.version)
    return True


def hurry_email(actor: Membership, *, email: OutgoingEmail) -> bool:
    """Try a message of the firm again at once; False where it does not wait for its next try."""
    require(can_read_emails(actor), "Seul un administrateur réessaie un e-mail.")
    with tenant(firm=actor.firm_id):
        if not hurry(email.pk):
            return False
        record(actor, "email.hurried", email, recipient=email.recipient)
    return True


class LastAdministratorError(ValueError):
    """The firm would be left without an administrateur who can act."""


def change_role(actor: Membership, *, member: Membership, role: Role) -> None:
    """Raises LastAdministratorError when `member` is the last acting administrateur and would no longer be one."""
    require(can_manage_users(actor), _ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        # ComptExpert's changes hold the same lock: two at once, whoever makes them, cannot both pass.
        Firm.objects.select_for_update(no_key=True).get(pk=actor.firm_id)
        administrators = set(acting_administrators(actor.firm_id).values_list("pk", flat=True))
        # Whoever lost the role while waiting for the lock decides nothing any more.
        require(actor.pk in administrators, _ONLY_ADMINISTRATORS)
        if role != Role.ADMINISTRATOR and administrators == {member.pk}:
            raise LastAdministratorError("Le dernier administrateur actif ne peut pas être rétrogradé.")
        member.refresh_from_db(fields=["role"])
        before = member.role
        if before == role:
            return
        member.role, member.role_chosen = role, True
        member.save(update_fields=["role", "role_chosen"])
        record(actor, "membership.role_changed", member, before=before, after=role)
