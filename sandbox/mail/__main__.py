"""`python -m sandbox.mail`: run the sink until SIGTERM. It prints its page's address once both ports listen."""

import argparse
from pathlib import Path

from sandbox.mail.bounces import serve_bounces
from sandbox.mail.smtp import make_controller
from sandbox.mail.store import MailStore
from sandbox.mail.views import serve_messages
from sandbox.pages import serve_style
from sandbox.web import App, listen, run


def build_app(store: MailStore, *, returns_port: int = 0) -> App:
    app = App()
    serve_style(app)
    serve_messages(app, store, can_bounce=returns_port > 0)
    if returns_port:
        serve_bounces(app, store, port=returns_port)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.mail", description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True, help="0 takes any free one")
    parser.add_argument("--maildir", type=Path, required=True)
    parser.add_argument("--returns-port", type=int, default=0, help="where a message that bounces is sent back to")
    options = parser.parse_args()
    store = MailStore(options.maildir)
    server = listen(options.http_port)
    controller = make_controller(store, options.smtp_port)
    controller.start()
    try:
        run(server, build_app(store, returns_port=options.returns_port))
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
