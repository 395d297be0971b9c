from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from accounts.models import User
from common.sealing import seal, unseal


class CompanyMFAAdapter(DefaultMFAAdapter):
    """Second factors: sealed in the database, and bound to the name of the site, whatever the request's host says."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n'est pas le bon, ou il a déjà servi.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text.encode("ascii"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": "jefacture"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002, ARG002 - allauth's signature
        return "Clé d'accès"
