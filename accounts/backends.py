from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.models import User


class CompanyBackend(AuthenticationBackend):
    """E-mail and password, for company accounts alone: a ComptExpert identity never comes in this way."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) and user.is_company_user else None

    def get_user(self, user_id: UUID | str) -> AbstractBaseUser | None:
        return User.objects.company_users().filter(pk=user_id, is_active=True).first()
