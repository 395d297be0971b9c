"""The secret of an invitation's link: only its hash is kept."""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('invitations:open', args=[token])}"


def colleague_link_of(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('invitations:join', args=[token])}"
