from uuid import UUID

from accounts.models import Terms, TermsAcceptance, User


def current_terms(audience: str) -> Terms:
    """The version of the CGU in force for `firm` or `company`."""
    return Terms.objects.filter(audience=audience).latest("published_at")


def accept_terms(user: User, *, terms: Terms, party: UUID, ip: str | None, user_agent: str) -> TermsAcceptance:
    """Keep the proof that `user` accepted this very text for the firm or company `party`."""
    return TermsAcceptance.objects.create(
        terms=terms, sha256=terms.sha256, user=user, party=party, ip=ip, user_agent=user_agent[:400]
    )
