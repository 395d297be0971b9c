"""The OpenID provider's rules, which are Authlib's: authorization code with PKCE for one confidential client."""

import json
import os
import secrets
from typing import Any, cast

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientMixin,
    InvalidRequestError,
    OAuth2Payload,
    OAuth2Request,
    ResourceProtector,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator, BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt

from sandbox.comptexpert.config import Config
from sandbox.comptexpert.faults import Draft, Faults
from sandbox.comptexpert.keys import ALGORITHM, KeyRing
from sandbox.comptexpert.people import Claims
from sandbox.comptexpert.state import TOKEN_SECONDS, AccessToken, Code, Session, State
from sandbox.web import Request, Response

# Authlib refuses plain http unless told; the stand-in only listens on the loopback interface.
os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")

SCOPES = ["openid", "profile", "email"]


class Client(ClientMixin):  # type: ignore[misc]  # Authlib publishes no types
    """The one confidential client."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def get_client_id(self) -> str:
        return self.config.client_id

    def get_default_redirect_uri(self) -> str | None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        asked = (scope or "").split()
        return " ".join(asked) if "openid" in asked else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return self.config.accepts_redirect(redirect_uri)

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret.encode(), self.config.client_secret.encode())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Payload(OAuth2Payload):  # type: ignore[misc]  # Authlib publishes no types
    def __init__(self, request: Request) -> None:
        self._data = {**request.query, **request.form}

    @property
    def data(self) -> dict[str, str]:
        return self._data

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._data.items()}


class ProviderRequest(OAuth2Request):  # type: ignore[misc]  # Authlib publishes no types
    """A request as Authlib reads it."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.method, f"http://localhost{request.path}", headers=request.headers)
        self.payload = _Payload(request)
        self.cookies = request.cookies
        self._form = request.form

    @property
    def form(self) -> dict[str, str]:
        return self._form


class _RequiredS256(CodeChallenge):  # type: ignore[misc]  # Authlib publishes no types
    """PKCE for a confidential client too, and never « plain »."""

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if data.get("code_challenge_method") != "S256" or not data.get("code_challenge"):
            raise InvalidRequestError("PKCE with code_challenge_method S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class _CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib publishes no types
    """The grant over our state. A « user » here is the session that signed in."""

    server: "Provider"

    def save_authorization_code(self, code: str, request: ProviderRequest) -> None:
        data = request.payload.data
        self.server.state.save_code(
            Code(
                code=code,
                session=request.user,
                redirect_uri=data["redirect_uri"],
                scope=request.scope,
                nonce=data.get("nonce"),
                code_challenge=data["code_challenge"],
                code_challenge_method=data["code_challenge_method"],
            )
        )

    def query_authorization_code(self, code: str, _client: Client) -> Code | None:
        return self.server.state.take_code(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Do nothing: the code was taken when it was looked up, so a failed exchange burns it too."""

    def authenticate_user(self, authorization_code: Code) -> Session | None:
        session = authorization_code.session
        return session if self.server.state.person(session.sub) else None


class _IdToken(OpenIDCode):  # type: ignore[misc]  # Authlib publishes no types
    def __init__(self, provider: "Provider") -> None:
        super().__init__(require_nonce=False)
        self.provider = provider

    def exists_nonce(self, _nonce: str, _request: ProviderRequest) -> bool:
        # Refusing a nonce seen before is the client's part to test, so the provider lets it through.
        return False

    def resolve_client_private_key(self, _client: Client) -> Any:
        return self.provider.keys.current

    def get_encode_header(self, _client: Client) -> dict[str, Any]:
        return {"alg": ALGORITHM, "kid": self.provider.keys.current.kid}

    def get_client_claims(self, client: Client) -> Claims:
        client_id = client.get_client_id()
        return {"iss": self.provider.config.issuer, "aud": client_id, "azp": client_id}

    def get_authorization_code_claims(self, authorization_code: Code) -> Claims:
        claims = cast("Claims", super().get_authorization_code_claims(authorization_code))
        return {**claims, "sid": authorization_code.session.sid}

    def generate_user_info(self, user: Session, _scope: str) -> Claims:
        # Only who it is: the rest is the userinfo endpoint's, so that an id_token_hint stays short.
        return {"sub": user.sub}

    def encode_id_token(self, token: dict[str, Any], request: ProviderRequest) -> str:
        honest = jwt.decode(super().encode_id_token(token, request), self.provider.keys.published, [ALGORITHM])
        draft = Draft(dict(honest.header), dict(honest.claims), self.provider.keys)
        return self.provider.faults.spoil(draft, kind="id_token", sub=request.user.sub)


class _TokenValidator(BearerTokenValidator):  # type: ignore[misc]  # Authlib publishes no types
    def __init__(self, state: State) -> None:
        super().__init__(realm="comptexpert")
        self.state = state

    def authenticate_token(self, token_string: str) -> AccessToken | None:
        return self.state.token(token_string)


class Provider(AuthorizationServer):  # type: ignore[misc]  # Authlib publishes no types
    """Authlib's server over our requests, responses and state."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config, self.state, self.keys, self.faults = config, State(), KeyRing(), Faults()
        self.client = Client(config)
        generator = BearerTokenGenerator(lambda **_: secrets.token_urlsafe(32), expires_generator=TOKEN_SECONDS)
        self.register_token_generator("default", generator)
        self.register_grant(_CodeGrant, [_RequiredS256(required=True), _IdToken(self)])
        self.protector = ResourceProtector()
        self.protector.register_token_validator(_TokenValidator(self.state))

    def query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == self.config.client_id else None

    def save_token(self, token: dict[str, Any], request: ProviderRequest) -> None:
        issued = AccessToken(session=request.user, scope=token["scope"], code=request.authorization_code.code)
        self.state.save_token(token["access_token"], issued)

    def create_oauth2_request(self, request: Request | ProviderRequest) -> ProviderRequest:
        return request if isinstance(request, ProviderRequest) else ProviderRequest(request)

    def send_signal(self, _name: str, *_arguments: Any, **_named: Any) -> None:
        """Do nothing: nobody listens."""

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else body
        return Response(text.encode(), status, list(headers))

    def access_token(self, request: Request) -> AccessToken:
        """Answer the request's live bearer token. OAuth2Error when there is none."""
        return cast("AccessToken", self.protector.validate_request(["openid"], ProviderRequest(request)))
