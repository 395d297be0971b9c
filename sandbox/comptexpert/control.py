"""What a test or a curious reader asks of the stand-in itself: people, faults, keys, reset and a page."""

from html import escape
from typing import Any

from sandbox.comptexpert.faults import KNOWN, Fault
from sandbox.comptexpert.logout import send_logout
from sandbox.comptexpert.people import SHOWS, Claims
from sandbox.comptexpert.provider import Provider
from sandbox.comptexpert.signin import full_name
from sandbox.pages import page
from sandbox.web import App, BadRequestError, Request, Response, html_response, json_response


def serve_control(app: App, provider: Provider) -> None:
    _serve_people(app, provider)
    _serve_faults(app, provider)

    @app.route("POST", "/keys/rotate")
    def rotate(request: Request) -> Response:
        return json_response({"published": provider.keys.rotate(forget=request.query.get("forget") == "1")})

    @app.route("PUT", "/backchannel-logout-uris")
    def backchannel(request: Request) -> Response:
        uris = request.json()
        if not isinstance(uris, list):
            raise BadRequestError("Une liste d’adresses est attendue")
        provider.config.backchannel_logout_uris[:] = uris
        return json_response(uris)

    @app.route("POST", "/reset")
    def reset(_request: Request) -> Response:
        provider.state.reset()
        provider.faults.clear()
        return json_response(_listed(provider))

    @app.route("GET", "/")
    def home(_request: Request) -> Response:
        return html_response(_home_page(provider))


def _serve_people(app: App, provider: Provider) -> None:
    @app.route("GET", "/people")
    def people(_request: Request) -> Response:
        return json_response(_listed(provider))

    @app.route("GET", "/people/{sub}")
    def person(_request: Request, sub: str) -> Response:
        claims = provider.state.person(sub)
        return json_response({"error": "not found"}, status=404) if claims is None else json_response(claims)

    @app.route("PUT", "/people/{sub}")
    def change(request: Request, sub: str) -> Response:
        claims = provider.state.merge_person(sub, _object(request))
        return _changed(provider, request, sub, claims)

    @app.route("DELETE", "/people/{sub}")
    def restore(request: Request, sub: str) -> Response:
        return _changed(provider, request, sub, provider.state.restore_person(sub))


def _changed(provider: Provider, request: Request, sub: str, claims: Claims | None) -> Response:
    logout = send_logout(provider, sub) if request.query.get("logout") == "1" else []
    return json_response({"person": claims, "logout": logout})


def _serve_faults(app: App, provider: Provider) -> None:
    @app.route("GET", "/faults")
    def faults(_request: Request) -> Response:
        return json_response({"armed": provider.faults.listed(), "known": sorted(KNOWN)})

    @app.route("PUT", "/faults")
    def arm(request: Request) -> Response:
        asked = _object(request)
        sub = asked.get("sub")
        once, seconds = bool(asked.get("once", False)), float(asked.get("seconds", 10))
        names = asked.get("faults", [])
        _check_faults(names, sub)
        provider.faults.arm([Fault(name, sub, once, seconds) for name in names], sub=sub)
        return json_response({"armed": provider.faults.listed()})

    @app.route("DELETE", "/faults")
    def clear(request: Request) -> Response:
        if sub := request.query.get("sub"):
            provider.faults.arm([], sub=sub)
        else:
            provider.faults.clear()
        return json_response({"armed": provider.faults.listed()})


def _check_faults(names: list[str], sub: str | None) -> None:
    if unknown := sorted(set(names) - KNOWN):
        raise BadRequestError(
            f"Fautes inconnues\u00a0: {', '.join(unknown)}. Connues\u00a0: {', '.join(sorted(KNOWN))}"
        )
    if sub is not None and any(name.startswith("jwks_") for name in names):
        raise BadRequestError("Les clés sont lues sans dire pour qui\u00a0: une faute jwks_… vaut pour tout le monde")


def _object(request: Request) -> dict[str, Any]:
    value = request.json()
    if not isinstance(value, dict):
        raise BadRequestError("Un objet JSON est attendu")
    return value


def _listed(provider: Provider) -> list[Claims]:
    return [{**person, "shows": SHOWS.get(person["sub"], "")} for person in provider.state.people()]


def _home_page(provider: Provider) -> str:
    rows = "\n".join(_row(person) for person in _listed(provider))
    armed = ", ".join(f"{fault['name']} ({fault['sub'] or 'tous'})" for fault in provider.faults.listed()) or "aucune"
    body = f"""<h1>ComptExpert, version bac à sable</h1>
<p class="soft">Un fournisseur d’identité OpenID Connect pour la démonstration et les essais.
Les personnes sont fictives.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Personne</th><th scope="col">Profil</th><th scope="col">Cabinets</th>
<th scope="col">Montre</th></tr></thead>
<tbody>
{rows}
</tbody>
</table></div>
<h2>Adresses</h2>
<div class="card"><dl>
<dt>Émetteur</dt><dd><code>{escape(provider.config.issuer)}</code></dd>
<dt>Découverte</dt><dd><a href="/.well-known/openid-configuration">/.well-known/openid-configuration</a></dd>
<dt>Clés</dt><dd><a href="/jwks">/jwks</a></dd>
<dt>Personnes</dt><dd><a href="/people">/people</a>, puis <code>PUT /people/&lt;sub&gt;</code></dd>
<dt>Fautes armées</dt><dd>{escape(armed)} (<a href="/faults">/faults</a>)</dd>
</dl></div>"""
    return page(body, title="Personnes", brand="ComptExpert", theme="comptexpert")


def _row(person: Claims) -> str:
    cabinets = "<br>".join(
        f"{escape(str(cabinet.get('name')))} <small>{escape(cabinet.get('siret') or 'sans SIRET')}</small>"
        for cabinet in person.get("cabinets") or []
    )
    return (
        f"<tr><td><b>{escape(full_name(person))}</b><br><small>{escape(person['sub'])}</small></td>"
        f"<td>{escape(str(person['profile_type']))}</td><td>{cabinets or '–'}</td>"
        f"<td>{escape(person['shows'])}</td></tr>"
    )
