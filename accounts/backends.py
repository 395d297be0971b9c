from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.models import User


class CompanyBackend(AuthenticationBackend):
    """E-mail and password, for company accounts alone: a ComptExpert identity never comes in this way."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        # allauth also finds an account by the address that it is changing to, which nobody has proven yet.
        own = isinstance(user, User) and user.is_company_user and user.email == credentials.get("email", "").lower()
        return user if own else None

    def get_user(self, user_id: UUID | str) -> AbstractBaseUser | None:
        return User.objects.company_users().filter(pk=user_id, is_active=True).first()
