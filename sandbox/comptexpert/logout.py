"""Signing out: at the client's asking (RP-initiated logout), and of the client (back-channel logout)."""

import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oidc.rpinitiated import EndSessionEndpoint
from authlib.oidc.rpinitiated.end_session import EndSessionRequest

from sandbox.comptexpert.faults import Draft
from sandbox.comptexpert.provider import Client, Provider, ProviderRequest
from sandbox.comptexpert.signin import COOKIE
from sandbox.pages import page
from sandbox.web import App, Request, Response, html_response

EVENT = "http://schemas.openid.net/event/backchannel-logout"
_SECONDS = 10

# The client is on this machine: whatever proxy the environment names is not for it.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send_logout(provider: Provider, sub: str, *, sid: str | None = None) -> list[dict[str, Any]]:
    """End a person's sessions (all, or the one named `sid`) and tell the client by OpenID Connect Back-Channel Logout.

    Answers what was sent and what came back: `[{"uri", "status", "error", "logout_token"}]`.
    """
    provider.state.end_sessions(sub, sid=sid)
    token = _logout_token(provider, sub, sid=sid)
    return [_post(uri, token) for uri in provider.config.backchannel_logout_uris]


def _logout_token(provider: Provider, sub: str, *, sid: str | None) -> str:
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": provider.config.issuer,
        "aud": provider.config.client_id,
        "iat": now,
        "exp": now + 120,
        "jti": secrets.token_urlsafe(16),
        "sub": sub,
        "events": {EVENT: {}},
    }
    if sid is not None:
        claims["sid"] = sid
    header = {"typ": "logout+jwt", "kid": provider.keys.current.kid}
    return provider.faults.spoil(Draft(header, claims, provider.keys), kind="logout_token", sub=sub)


def _post(uri: str, token: str) -> dict[str, Any]:
    body = urllib.parse.urlencode({"logout_token": token}).encode()
    answer: dict[str, Any] = {"uri": uri, "status": None, "error": None, "logout_token": token}
    try:
        with _opener.open(uri, body, timeout=_SECONDS) as response:
            answer["status"] = response.status
    except urllib.error.HTTPError as error:
        answer["status"] = error.code
    except OSError as error:
        answer["error"] = str(error)
    return answer


class _EndSession(EndSessionEndpoint):  # type: ignore[misc]  # Authlib publishes no types
    server: Provider

    def _is_valid_post_logout_redirect_uri(self, _client: Client, uri: str) -> bool:
        return self.server.config.accepts_post_logout_redirect(uri)

    def is_post_logout_redirect_uri_legitimate(self, *_arguments: Any) -> bool:
        # Without an id_token_hint the client_id is enough here: the list of addresses was checked before.
        return True

    def get_server_jwks(self) -> Any:
        return self.server.keys.published

    def get_algorithms(self) -> list[str]:
        return ["RS256"]

    def end_session(self, asked: EndSessionRequest) -> None:
        claims = asked.id_token_claims or {}
        session = self.server.state.session(asked.request.cookies.get(COOKIE))
        sub, sid = claims.get("sub"), claims.get("sid")
        if sub is None and session is not None:
            sub, sid = session.sub, session.sid
        if sub is not None:
            send_logout(self.server, sub, sid=sid)


def serve_logout(app: App, provider: Provider) -> None:
    provider.register_endpoint(_EndSession)

    def end_session(request: Request) -> Response:
        try:
            asked = provider.validate_endpoint_request("end_session", ProviderRequest(request))
        except OAuth2Error as error:
            refused: Response = provider.handle_error_response(None, error)
            return refused
        answer: Response = provider.create_endpoint_response("end_session", asked) or _signed_out()
        answer.headers.append(("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
        return answer

    app.route("GET", "/end-session")(end_session)
    app.route("POST", "/end-session")(end_session)


def _signed_out() -> Response:
    body = '<div class="narrow"><h1>Vous êtes déconnecté de ComptExpert</h1><p>Vous pouvez fermer cette page.</p></div>'
    return html_response(page(body, title="Déconnexion", brand="ComptExpert", theme="comptexpert"))
