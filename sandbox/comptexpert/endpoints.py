"""What the client's server calls: discovery, keys, token and userinfo, with the faults of each."""

import time
from typing import cast

from authlib.oauth2.rfc6749 import OAuth2Error

from sandbox.comptexpert.keys import ALGORITHM
from sandbox.comptexpert.provider import SCOPES, Provider
from sandbox.web import App, Request, Response, json_response, text_response

CLAIMS = [
    "sub", "iss", "aud", "azp", "exp", "iat", "auth_time", "nonce", "sid", "email", "given_name", "family_name",
    "preferred_username", "website", "profile_type", "cabinets",
]  # fmt: skip


def serve_endpoints(app: App, provider: Provider) -> None:
    @app.route("GET", "/.well-known/openid-configuration")
    def discovery(_request: Request) -> Response:
        return json_response(_metadata(provider.config.issuer))

    @app.route("GET", "/jwks")
    def jwks(_request: Request) -> Response:
        broken = _broken_endpoint(provider, "jwks", sub=None)
        if broken is None and provider.faults.take("jwks_empty"):
            return json_response({"keys": []})
        return broken or json_response(provider.keys.jwks())

    @app.route("POST", "/token")
    def token(request: Request) -> Response:
        return _token(provider, request)

    def userinfo(request: Request) -> Response:
        return _userinfo(provider, request)

    app.route("GET", "/userinfo")(userinfo)
    app.route("POST", "/userinfo")(userinfo)


def _metadata(issuer: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end-session",
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login"],
        "claims_supported": CLAIMS,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }


def _broken_endpoint(provider: Provider, endpoint: str, *, sub: str | None) -> Response | None:
    """Commit the faults that every endpoint knows: slow (then go on), 500, and a 200 that is not JSON."""
    if slow := provider.faults.take(f"{endpoint}_slow", sub=sub):
        time.sleep(slow.seconds)
    if provider.faults.take(f"{endpoint}_500", sub=sub):
        return json_response({"error": "server_error"}, status=500)
    if provider.faults.take(f"{endpoint}_not_json", sub=sub):
        return text_response("<!doctype html><title>Maintenance</title>", content_type="text/html")
    return None


def _token(provider: Provider, request: Request) -> Response:
    # Who is asking is read from the code before Authlib takes it, so that a fault can be for one person only.
    code = provider.state.peek_code(request.form.get("code", ""))
    sub = code.session.sub if code else None
    if broken := _broken_endpoint(provider, "token", sub=sub):
        return broken
    if provider.faults.take("token_invalid_grant", sub=sub):
        return json_response({"error": "invalid_grant"}, status=400)
    answer = cast("Response", provider.create_token_response(request))
    if answer.status == 200 and provider.faults.take("id_token_missing", sub=sub):  # noqa: PLR2004 - HTTP's own number
        return _without_id_token(answer)
    return answer


def _without_id_token(answer: Response) -> Response:
    body = Request("GET", "", "", {}, answer.body, {}).json()
    body.pop("id_token")
    return json_response(body)


def _userinfo(provider: Provider, request: Request) -> Response:
    try:
        token = provider.access_token(request)
    except OAuth2Error as error:
        return cast("Response", provider.handle_error_response(None, error))
    sub = token.session.sub
    if broken := _broken_endpoint(provider, "userinfo", sub=sub):
        return broken
    if provider.faults.take("userinfo_401", sub=sub):
        return json_response({"error": "invalid_token"}, status=401)
    claims = {**(provider.state.person(sub) or {}), "iss": provider.config.issuer}
    if provider.faults.take("userinfo_other_sub", sub=sub):
        claims["sub"] = "quelquun.dautre"
    return json_response(claims)
