"""The authorization endpoint: the page with one button per person, and what each button answers."""

from html import escape
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from authlib.oauth2.rfc6749 import OAuth2Error

from sandbox.comptexpert.people import SHOWS, Claims
from sandbox.comptexpert.provider import Provider, ProviderRequest
from sandbox.comptexpert.state import Session
from sandbox.pages import page
from sandbox.web import App, Request, Response, html_response

COOKIE = "comptexpert_session"


def serve_signin(app: App, provider: Provider) -> None:
    @app.route("GET", "/authorize")
    def show(request: Request) -> Response:
        session = provider.state.session(request.cookies.get(COOKIE))
        try:
            grant = provider.get_consent_grant(ProviderRequest(request), session)
        except OAuth2Error as error:
            return _refused(provider, error)
        if request.query.get("prompt") == "none":
            # Authlib has answered login_required where there is no session.
            return _send_back(provider, grant, cast("Session", session))
        return _signin_page(provider.state.people(), session)

    @app.route("POST", "/authorize")
    def choose(request: Request) -> Response:
        sub = request.form.get("sub", "")
        known = provider.state.person(sub) is not None
        if not known and "annuler" not in request.form:
            return _problem_page(
                f"Personne ne s’appelle «\u00a0{sub}\u00a0» ici", "Choisissez un nom de la page de connexion."
            )
        cookie, session = "", None
        if known:
            cookie, session = provider.state.open_session(sub, replacing=request.cookies.get(COOKIE))
        try:
            grant = provider.get_consent_grant(ProviderRequest(request), session)
        except OAuth2Error as error:
            return _refused(provider, error)
        answer = _send_back(provider, grant, session)
        if cookie:
            answer.headers.append(("Set-Cookie", f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax"))
        return answer


def _send_back(provider: Provider, grant: Any, session: Session | None) -> Response:
    """Redirect to the client with a code, or with the error that a fault asks for; `session` None is a refusal."""
    sub = session.sub if session else None
    for error in ("access_denied", "server_error", "login_required"):
        if provider.faults.take(f"authorize_{error}", sub=sub):
            state = grant.request.payload.state
            return _refused(provider, OAuth2Error(error=error, state=state, redirect_uri=grant.redirect_uri))
    answer: Response = provider.create_authorization_response(grant.request, grant_user=session, grant=grant)
    if provider.faults.take("authorize_wrong_state", sub=sub):
        _rewrite_location(answer, {"state": "un-autre-etat"})
    if provider.faults.take("authorize_missing_code", sub=sub):
        _rewrite_location(answer, {"code": None})
    return answer


def _rewrite_location(answer: Response, changes: dict[str, str | None]) -> None:
    headers = dict(answer.headers)
    parts = urlsplit(headers["Location"])
    query = {**dict(parse_qsl(parts.query)), **changes}
    kept = {name: value for name, value in query.items() if value is not None}
    headers["Location"] = urlunsplit(parts._replace(query=urlencode(kept)))
    answer.headers = list(headers.items())


def _refused(provider: Provider, error: OAuth2Error) -> Response:
    """Send the error back to the client; on a page where the client or its address is not known."""
    if error.redirect_uri:
        return cast("Response", provider.handle_error_response(None, error))
    return _problem_page("Cette demande de connexion n’est pas valable", f"{error.error}\u00a0: {error.description}")


def _problem_page(title: str, detail: str) -> Response:
    body = f'<div class="narrow"><h1>{escape(title)}</h1><p class="note">{escape(detail)}</p></div>'
    return html_response(page(body, title=title, brand="ComptExpert", theme="comptexpert"), status=400)


def _signin_page(people: list[Claims], session: Session | None) -> Response:
    current = session.sub if session else None
    buttons = "\n".join(_button(person, current=person["sub"] == current) for person in people)
    # The form has no action: it posts to the page's own address, which holds the client's request.
    # No form-action in the policy either: browsers apply it to the redirection that follows, which is the client's.
    body = f"""<div class="narrow">
<h1>Connexion à ComptExpert</h1>
<p class="soft">jefacture.com vous demande de vous identifier. Qui êtes-vous\u202f?</p>
<form method="post">
<ul class="people">
{buttons}
</ul>
<button class="quiet" name="annuler" value="1">Annuler et revenir à jefacture.com</button>
</form>
</div>"""
    return html_response(page(body, title="Connexion", brand="ComptExpert", theme="comptexpert"))


def _button(person: Claims, *, current: bool) -> str:
    sub = escape(person["sub"])
    shows = escape(SHOWS.get(person["sub"], "personne créée pendant un essai"))
    cabinets = escape(
        ", ".join(cabinet.get("name") or "" for cabinet in person.get("cabinets") or []) or "aucun cabinet"
    )
    mark = ' <span class="tag">session ouverte</span>' if current else ""
    return (
        f'<li><button class="person{" current" if current else ""}" name="sub" value="{sub}">'
        f"<b>{escape(full_name(person))}{mark}</b><span>{cabinets}</span><small>{shows} · {sub}</small></button></li>"
    )


def full_name(person: Claims) -> str:
    return f"{person.get('given_name') or ''} {person.get('family_name') or ''}".strip() or str(person["sub"])
