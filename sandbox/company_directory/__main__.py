"""`python -m sandbox.company_directory`: run the stand-in until SIGTERM. It prints its address once it listens."""

import argparse
from html import escape

from sandbox.company_directory.answers import page_of
from sandbox.company_directory.companies import (
    SIREN_LENGTH,
    SIRET_LENGTH,
    Company,
    find_by_name,
    find_company,
    find_office,
)
from sandbox.company_directory.gate import FAULTS, Gate
from sandbox.company_directory.named import NAMED
from sandbox.pages import page, serve_style
from sandbox.web import App, Request, Response, html_response, json_response, listen, run

_MOST_PER_PAGE = 25
_SHORTEST = 3


def build_app() -> App:
    app, gate = App(), Gate()
    serve_style(app)
    _serve_control(app, gate)

    @app.route("GET", "/search")
    def search(request: Request) -> Response:
        text = request.query.get("q", "").strip()
        return gate.refusal(text) or _search(text, request)

    @app.route("GET", "/")
    def home(_request: Request) -> Response:
        return html_response(_home_page(gate))

    return app


def _serve_control(app: App, gate: Gate) -> None:
    @app.route("GET", "/requests")
    def requests(_request: Request) -> Response:
        return json_response(gate.told())

    @app.route("PUT", "/faults")
    def arm(request: Request) -> Response:
        return gate.arm(request)

    @app.route("POST", "/reset")
    def reset(_request: Request) -> Response:
        gate.reset()
        return json_response(gate.told())


def _search(text: str, request: Request) -> Response:
    if not text:
        return _wrong("Veuillez indiquer au moins un paramètre de recherche.")
    if len(text) < _SHORTEST:
        return _wrong("3 caractères minimum pour les termes de la requête (ou utilisez au moins un filtre)")
    number, per_page = request.query.get("page", "1"), request.query.get("per_page", "10")
    if not number.isdecimal() or not 1 <= int(number) <= 1000:  # noqa: PLR2004 - as the real service
        return _wrong("Veuillez indiquer un paramètre `page` entre `1` et `1000`, par défaut `1`.")
    if not per_page.isdecimal() or not 1 <= int(per_page) <= _MOST_PER_PAGE:
        return _wrong("Veuillez indiquer un paramètre `per_page` entre `1` et `25`, par défaut `10`.")
    return json_response(page_of(_found(text), page=int(number), per_page=int(per_page)))


def _found(text: str) -> list[tuple[Company, int]]:
    digits = text.replace(" ", "")
    if digits.isdecimal() and len(digits) == SIRET_LENGTH:
        office = find_office(digits)
        return [office] if office else []
    if digits.isdecimal() and len(digits) == SIREN_LENGTH:
        company = find_company(digits)
        return [(company, 1)] if company else []
    return [(company, 1) for company in find_by_name(text)]


def _wrong(sentence: str) -> Response:
    return json_response({"erreur": sentence}, status=400)


def _home_page(gate: Gate) -> str:
    rows = "\n".join(
        f"<tr><td>{escape(name)}</td><td><code>{siren}</code></td><td>{escape(f'{postal_code} {town}')}</td></tr>"
        for siren, (name, _street, postal_code, town) in NAMED.items()
    )
    body = f"""<h1>Recherche d’entreprises, version bac à sable</h1>
<p class="soft">L’annuaire public des entreprises, peuplé de sociétés inventées. Tout SIREN dont la clé est juste a sa
société\u00a0; celles-ci se trouvent aussi par leur nom.</p>
<div class="card"><dl>
<dt>Recherche</dt><dd><a href="/search?q=boulangerie">/search?q=boulangerie</a></dd>
<dt>Demandes reçues</dt><dd><a href="/requests">/requests</a></dd>
<dt>Faute armée</dt><dd>{escape(gate.fault or "aucune")} (<code>PUT /faults</code>\u00a0: {", ".join(FAULTS)})</dd>
</dl></div>
<div class="scroll"><table>
<thead><tr><th scope="col">Société</th><th scope="col">SIREN</th><th scope="col">Ville</th></tr></thead>
<tbody>
{rows}
</tbody>
</table></div>"""
    return page(body, title="Sociétés", brand="Recherche d’entreprises", theme="directory")


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.company_directory", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free one")
    run(listen(parser.parse_args().port), build_app())


if __name__ == "__main__":
    main()
