"""`python -m sandbox.comptexpert`: run the provider until SIGTERM. It prints its address once it listens."""

import argparse

from sandbox.comptexpert.config import Config
from sandbox.comptexpert.control import serve_control
from sandbox.comptexpert.endpoints import serve_endpoints
from sandbox.comptexpert.logout import serve_logout
from sandbox.comptexpert.provider import Provider
from sandbox.comptexpert.signin import serve_signin
from sandbox.pages import serve_style
from sandbox.web import App, listen, run


def build_app(provider: Provider) -> App:
    app = App()
    serve_style(app)
    serve_signin(app, provider)
    serve_endpoints(app, provider)
    serve_logout(app, provider)
    serve_control(app, provider)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.comptexpert", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free one")
    parser.add_argument("--issuer", help="http://localhost:PORT where not given")
    parser.add_argument("--client-id", default="jefacture")
    parser.add_argument("--client-secret", default="jefacture-sandbox")
    parser.add_argument("--redirect-uri", action="append", default=[], metavar="URI")
    parser.add_argument("--any-loopback-redirect", action="store_true")
    parser.add_argument("--backchannel-logout-uri", action="append", default=[], metavar="URI")
    options = parser.parse_args()
    server = listen(options.port)
    config = Config(
        issuer=options.issuer or f"http://localhost:{server.server_port}",
        client_id=options.client_id,
        client_secret=options.client_secret,
        redirect_uris=options.redirect_uri,
        any_loopback_redirect=options.any_loopback_redirect,
        backchannel_logout_uris=options.backchannel_logout_uri,
    )
    run(server, build_app(Provider(config)))


if __name__ == "__main__":
    main()
