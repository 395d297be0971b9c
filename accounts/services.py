from collections.abc import Iterable
from uuid import UUID

from allauth.account.models import EmailAddress

from accounts.models import Terms, TermsAcceptance, User
from common.tables import Choice, columns_from


def current_terms(audience: str) -> Terms:
    """The version of the CGU in force for `firm` or `company`."""
    return Terms.objects.filter(audience=audience).latest("published_at")


def accept_terms(user: User, *, terms: Terms, party: UUID, ip: str | None, user_agent: str) -> TermsAcceptance:
    """Keep the proof that `user` accepted this very text for the firm or company `party`."""
    return TermsAcceptance.objects.create(
        terms=terms, sha256=terms.sha256, user=user, party=party, ip=ip, user_agent=user_agent[:400]
    )


def vouch_for_address(user: User) -> None:
    """
    Tell allauth that the account's own address is proven, by the invitation that was received there.

    allauth would otherwise take it for one that waits, and put it in the place of the one that really does.
    """
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def choose_columns(user: User, *, choice: Choice, names: Iterable[str]) -> None:
    """Remember which columns of a list the person wants to see, from now on and on every device."""
    user.columns = {**user.columns, choice.key: columns_from(choice, names)}
    user.save(update_fields=["columns"])
