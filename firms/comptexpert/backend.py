"""The code that the browser brings back becomes proven claims, whatever ComptExpert answers on the way."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import requests
from django.conf import settings
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts.models import User
from firms.comptexpert.claims import Claims, read_claims
from firms.comptexpert.discovery import discovery, fetch_object, provider_errors
from firms.comptexpert.errors import AccessTokenRefusedError, ComptExpertError, Reason
from firms.comptexpert.flows import Flow, redirect_uri
from firms.comptexpert.tokens import read_id_token


@dataclass(frozen=True)
class Proof:
    """Who came back from ComptExpert, and the token that reads his or her rights again."""

    claims: Claims
    access_token: str = field(repr=False)
    #: How long the access token lasts, in seconds; 0 where ComptExpert does not say.
    expires_in: int
    sid: str
    #: When the password was last asked for (Unix seconds); 0 where ComptExpert does not say.
    auth_time: int


class ComptExpertBackend(OIDCAuthenticationBackend):  # type: ignore[misc] # mozilla-django-oidc publishes no types
    """
    mozilla-django-oidc's code flow, with the checks that it leaves out and typed errors instead of a 500.

    Nobody is matched by e-mail: `firms.comptexpert.services.enter` finds people by issuer and subject.
    """

    def __init__(self) -> None:
        # Not the parent's: it reads every endpoint at once, and Django makes a backend for each request.
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID
        self.OIDC_RP_CLIENT_SECRET = settings.OIDC_RP_CLIENT_SECRET
        self.UserModel = User

    @property
    def OIDC_OP_TOKEN_ENDPOINT(self) -> str:  # noqa: N802 - the parent's name
        return discovery().provider().token_endpoint

    @property
    def OIDC_OP_USER_ENDPOINT(self) -> str:  # noqa: N802 - the parent's name
        return discovery().provider().userinfo_endpoint

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:  # noqa: ARG002 - Django's signature
        """Nobody by a password form: the callback alone calls `prove`."""
        return

    def get_user(self, user_id: UUID | str) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()

    def prove(self, request: HttpRequest, flow: Flow, *, code: str) -> Proof:
        """Exchange the code and check all that comes with it. Raises ComptExpertError."""
        answer = self.get_token(
            {
                "client_id": self.OIDC_RP_CLIENT_ID,
                "client_secret": self.OIDC_RP_CLIENT_SECRET,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri(request),
                "code_verifier": flow.verifier,
            }
        )
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise ComptExpertError(Reason.TOKEN_MISSING)
        proven = self.verify_token(id_token, nonce=flow.nonce)
        found = self.get_userinfo(access_token, id_token, proven)
        return Proof(
            claims=read_claims(found, issuer=proven["iss"]),
            access_token=access_token,
            expires_in=_seconds(answer.get("expires_in")),
            sid=str(proven.get("sid", ""))[:255],
            auth_time=_seconds(proven.get("auth_time")),
        )

    def get_token(self, payload: dict[str, str]) -> dict[str, Any]:
        with provider_errors("token"):
            found = super().get_token(payload)
        if not isinstance(found, dict):
            raise ComptExpertError(Reason.PROVIDER_UNREADABLE, "token")
        return found

    def raise_token_response_error(self, response: requests.Response) -> None:
        """The parent's message holds the body, which has no place in a log."""
        if response.status_code == requests.codes.bad_request:
            raise ComptExpertError(Reason.CODE_REFUSED, "token 400")
        if response.status_code != requests.codes.ok:
            raise requests.HTTPError("token endpoint", response=response)

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        return read_id_token(token, nonce=kwargs["nonce"])

    def get_userinfo(
        self, access_token: str, id_token: str, payload: dict[str, Any], *, timeout: float | None = None
    ) -> dict[str, Any]:
        """Raises AccessTokenRefusedError when the token is over, ComptExpertError for anything else."""
        del id_token  # the parent's signature
        headers = {"Authorization": f"Bearer {access_token}"}
        try:
            found = fetch_object(self.OIDC_OP_USER_ENDPOINT, endpoint="userinfo", headers=headers, timeout=timeout)
        except ComptExpertError as error:
            answer = getattr(error.__cause__, "response", None)
            if answer is not None and answer.status_code in {401, 403}:
                raise AccessTokenRefusedError from error
            raise
        if found.get("sub") != payload["sub"]:
            raise ComptExpertError(Reason.USERINFO_OTHER_PERSON)
        return found

    def read_again(self, access_token: str, *, subject: str, timeout: float) -> Claims:
        """What ComptExpert says now of a person who is signed in. Raises as `get_userinfo`."""
        found = self.get_userinfo(access_token, "", {"sub": subject}, timeout=timeout)
        return read_claims(found, issuer=discovery().provider().issuer)


def _seconds(value: object) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0
