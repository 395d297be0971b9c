"""The accounts of ComptExpert people, found by issuer and subject: an e-mail or a name never finds anybody."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.enums import Kind
from accounts.models import User
from firms.comptexpert.claims import Person


def find_person(*, issuer: str, subject: str) -> User | None:
    return User.objects.filter(kind=Kind.COMPTEXPERT, issuer=issuer, subject=subject).first()


def keep_people(people: Iterable[Person], *, issuer: str) -> dict[str, User]:
    """The account of each person by subject; those not yet known are created. In one order, so that none deadlocks."""
    wanted = {person.subject: person for person in people}
    known = User.objects.filter(kind=Kind.COMPTEXPERT, issuer=issuer, subject__in=wanted)
    found = {user.subject: user for user in known}
    for subject in sorted(wanted.keys() - found.keys()):
        found[subject] = _create(wanted[subject], issuer=issuer)
    return found


def _create(person: Person, *, issuer: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_comptexpert_user(issuer=issuer, subject=person.subject, **_identity(person))
    except IntegrityError:
        # Two sign-ins at once met the same new person.
        return User.objects.get(kind=Kind.COMPTEXPERT, issuer=issuer, subject=person.subject)


def update_person(user: User, person: Person) -> None:
    """Give the account what ComptExpert says now; written only when it differs."""
    changed = {name: value for name, value in _identity(person).items() if getattr(user, name) != value}
    for name, value in changed.items():
        setattr(user, name, value)
    if changed:
        user.save(update_fields=list(changed))


def _identity(person: Person) -> dict[str, str]:
    return {
        "contact_email": person.email,
        "first_name": person.given_name,
        "last_name": person.family_name,
        "preferred_username": person.preferred_username,
        "website": person.website,
    }
