"""The people of a company space: who is let in, in which role, and who leaves. One change after the other."""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from clients.enums import CompanyRole
from clients.models import Company, CompanyMembership
from clients.permissions import can_manage_company
from clients.selectors import owners_of
from common.journal import record
from common.permissions import require
from common.tenancy import tenant

_OWNERS_ONLY = "Seul un propriétaire de l'espace gère ses utilisateurs."


class LastOwnerError(ValueError):
    """A company space without an owner would be nobody's."""

    def __init__(self) -> None:
        super().__init__("Cette personne est la seule propriétaire : nommez d'abord quelqu'un d'autre.")


def let_in(person: User, *, company: UUID, role: CompanyRole) -> CompanyMembership:
    """
    A place in the space, or the former one again; whoever has one keeps it as it is.

    Call it inside the company's tenant: whoever opened that has proven that the person may enter.
    """
    lock_company(company)
    found = CompanyMembership.objects.filter(company=company, person=person).first()
    if found is None:
        return CompanyMembership.objects.create(company_id=company, person=person, role=role)
    if found.ended_at is not None:
        found.role, found.ended_at = role, None
        found.save(update_fields=["role", "ended_at"])
    return found


def set_company_role(actor: CompanyMembership, *, member: CompanyMembership, role: CompanyRole) -> None:
    """Raises LastOwnerError."""
    with tenant(company=actor.company_id):
        locked = _lock(actor, member)
        if locked.role == role:
            return
        before = locked.get_role_display()
        _check_not_the_last_owner(locked)
        locked.role = role
        locked.save(update_fields=["role"])
        record(actor, "company.role_changed", locked, before=before, after=role.label)


def end_company_membership(actor: CompanyMembership, *, member: CompanyMembership) -> None:
    """From the person's next request on, open sessions included. Raises LastOwnerError."""
    with tenant(company=actor.company_id):
        locked = _lock(actor, member)
        _check_not_the_last_owner(locked)
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        record(actor, "company.member_removed", locked)


def hand_over(actor: CompanyMembership, *, member: CompanyMembership) -> None:
    """The other person becomes « Propriétaire » and the one who hands over « Membre », in one step."""
    with tenant(company=actor.company_id):
        locked = _lock(actor, member)
        CompanyMembership.objects.filter(pk=locked.pk).update(role=CompanyRole.OWNER)
        if locked.pk != actor.pk:
            CompanyMembership.objects.filter(pk=actor.pk).update(role=CompanyRole.MEMBER)
            record(actor, "company.handed_over", locked)


def end_every_membership(actor: CompanyMembership) -> None:
    """Nobody enters any more; who was an owner then may open the space again (see selectors.may_reopen)."""
    with tenant(company=actor.company_id):
        _lock(actor, actor)
        now = timezone.now()
        CompanyMembership.objects.filter(company=actor.company_id, ended_at__isnull=True).update(ended_at=now)
        record(actor, "company.closed", actor.company)


def lock_company(company: UUID) -> Company:
    """Whoever changes its people waits here."""
    return Company.objects.select_for_update(no_key=True).get(pk=company)


def _lock(actor: CompanyMembership, member: CompanyMembership) -> CompanyMembership:
    """The member as he or she is now; the actor too may have changed while we waited."""
    lock_company(actor.company_id)
    people = CompanyMembership.objects.select_related("person").in_bulk([actor.pk, member.pk])
    require(can_manage_company(people[actor.pk]), _OWNERS_ONLY)
    locked = people[member.pk]
    require(locked.ended_at is None, "Cette personne n'a plus accès à l'espace.")
    return locked


def _check_not_the_last_owner(member: CompanyMembership) -> None:
    if member.role == CompanyRole.OWNER and not owners_of(member.company_id).exclude(pk=member.pk).exists():
        raise LastOwnerError
