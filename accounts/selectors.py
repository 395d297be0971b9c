"""What a person sees of his or her own account, and the CGU with their acceptances."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from accounts.models import Terms, TermsAcceptance, User


@dataclass(frozen=True)
class Security:
    """How an account is guarded. `recovery_codes` are those not used yet; None where there are none to have."""

    new_email: str
    app: Any | None
    passkeys: list[Any]
    recovery_codes: int | None

    @property
    def has_second_factor(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def security_of(user: User) -> Security:
    found: dict[str, list[Any]] = {}
    for authenticator in Authenticator.objects.filter(user=user).order_by("created_at"):
        found.setdefault(authenticator.type, []).append(authenticator)
    codes = found.get(Authenticator.Type.RECOVERY_CODES)
    waiting = EmailAddress.objects.get_new(user)
    return Security(
        new_email=waiting.email if waiting else "",
        app=next(iter(found.get(Authenticator.Type.TOTP, [])), None),
        passkeys=found.get(Authenticator.Type.WEBAUTHN, []),
        recovery_codes=len(codes[0].wrap().get_unused_codes()) if codes else None,
    )


def published_terms(audience: str) -> list[Terms]:
    """Every version for that audience, the one in force first."""
    return list(Terms.objects.filter(audience=audience).order_by("-published_at"))


def acceptances_of(party: UUID) -> QuerySet[TermsAcceptance]:
    """What binds this firm or company, latest first. The caller has proven that it may be seen."""
    return TermsAcceptance.objects.filter(party=party).select_related("terms", "user").order_by("-accepted_at")
