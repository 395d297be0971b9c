"""`python -m sandbox.jedeclare`: run the stand-in until SIGTERM. It prints its address once it listens."""

import argparse
import base64
import binascii
import time
from html import escape

from sandbox.jedeclare.documents import accounts_document, files_document
from sandbox.jedeclare.files import FILES, client_files
from sandbox.pages import page, serve_style
from sandbox.web import App, Request, Response, html_response, listen, run, text_response

PASSWORD = "jedeclare"  # noqa: S105 - everybody's here: the people are fictitious
#: Opens the same doors. It stands nowhere else, so that one can look where a password was left behind.
RECOGNISABLE = "Mot-de-passe-7413-reconnaissable"
ACCOUNTS = {"JD104512": "Cabinet Durand & Associés"}
SLOW_SECONDS = 5.0

USERS = {
    "cabinet@jedeclare.test": f"{FILES} dossiers clients",
    "sansdroit@jedeclare.test": "répond 403\u00a0: pas de droit de gestion",
    "panne@jedeclare.test": "répond 503\u00a0: service en panne",
    "lent@jedeclare.test": "répond après 5 secondes",
}


def build_app(*, slow_seconds: float = SLOW_SECONDS) -> App:
    app = App()
    serve_style(app)
    folders = files_document(client_files())

    @app.route("GET", "/compte")
    def accounts(request: Request) -> Response:
        return _refusal(request, slow_seconds) or _xml(accounts_document(ACCOUNTS))

    @app.route("GET", "/compte/{account}/dossierClient")
    def files(request: Request, account: str) -> Response:
        if refusal := _refusal(request, slow_seconds):
            return refusal
        return _xml(folders) if account in ACCOUNTS else text_response("Compte inconnu", status=404)

    @app.route("GET", "/")
    def home(_request: Request) -> Response:
        return html_response(_home_page())

    return app


def _refusal(request: Request, slow_seconds: float) -> Response | None:
    """Answer what keeps this user from an XML document, None when nothing does."""
    user = _user(request)
    if user is None:
        refused = text_response("Identifiants incorrects", status=401)
        refused.headers.append(("WWW-Authenticate", 'Basic realm="jedeclare", charset="UTF-8"'))
        return refused
    if user == "sansdroit@jedeclare.test":
        return text_response("Pas de droit de gestion", status=403)
    if user == "panne@jedeclare.test":
        return text_response("Service momentanément indisponible", status=503)
    if user == "lent@jedeclare.test":
        time.sleep(slow_seconds)
    accepted = request.headers.get("Accept", "*/*")
    if "application/xml" not in accepted and "*/*" not in accepted:
        return text_response("Seul application/xml est disponible", status=406)
    return None


def _user(request: Request) -> str | None:
    """Answer the e-mail of HTTP Basic's credentials when they are right."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        email, _colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    known = scheme.lower() == "basic" and email.lower() in USERS and password in {PASSWORD, RECOGNISABLE}
    return email.lower() if known else None


def _xml(document: bytes) -> Response:
    return Response(document, 200, [("Content-Type", "application/xml; charset=utf-8"), ("Cache-Control", "no-store")])


def _home_page() -> str:
    rows = "\n".join(
        f"<tr><td><code>{escape(user)}</code></td><td>{escape(shows)}</td></tr>" for user, shows in USERS.items()
    )
    body = f"""<h1>jedeclare.com, version bac à sable</h1>
<p class="soft">Un service qui rend des dossiers clients fictifs, pour l’import. Mot de passe de chacun\u00a0:
<code>{PASSWORD}</code> (ou <code>{RECOGNISABLE}</code>,
pour chercher où il aurait été écrit). Compte\u00a0: <code>{", ".join(ACCOUNTS)}</code>.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">E-mail</th><th scope="col">Montre</th></tr></thead>
<tbody>
{rows}
</tbody>
</table></div>"""
    return page(body, title="Utilisateurs", brand="jedeclare.com", theme="jedeclare")


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.jedeclare", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free one")
    parser.add_argument("--slow-seconds", type=float, default=SLOW_SECONDS)
    options = parser.parse_args()
    run(listen(options.port), build_app(slow_seconds=options.slow_seconds))


if __name__ == "__main__":
    main()
