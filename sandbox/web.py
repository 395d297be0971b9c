"""The little HTTP that the stand-ins share: requests, responses, routes and a threaded WSGI server."""

import json
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = "127.0.0.1"

# Pages have one style sheet of their own and no script.
PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Request:
    """One request, its body already read."""

    method: str
    path: str
    query_string: str
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def json(self) -> Any:
        """Answer the body's JSON value. BadRequestError when it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise BadRequestError(f"Le corps n’est pas du JSON\u00a0: {error}") from error


@dataclass
class Response:
    """One answer. The length is written by the server."""

    body: bytes = b""
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)


class BadRequestError(Exception):
    """The caller's fault: answered 400 with the message as JSON."""


Handler = Callable[..., Response]


def json_response(value: Any, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=1).encode()
    return Response(body, status, [("Content-Type", "application/json"), ("Cache-Control", "no-store"), *headers])


def html_response(text: str, *, status: int = 200, policy: str = PAGE_POLICY) -> Response:
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ]
    return Response(text.encode(), status, headers)


def text_response(text: str, *, status: int = 200, content_type: str = "text/plain") -> Response:
    return Response(text.encode(), status, [("Content-Type", f"{content_type}; charset=utf-8")])


class App:
    """A WSGI application: routes by method and by path, where `{name}` stands for one path segment."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self.route("GET", "/healthz")(lambda _request: text_response("ok"))

    def route(self, method: str, path: str) -> Callable[[Handler], Handler]:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))

        def register(handler: Handler) -> Handler:
            self._routes.append((method, pattern, handler))
            return handler

        return register

    def respond(self, request: Request) -> Response:
        # HEAD is answered like GET; the server drops the body.
        method = "GET" if request.method == "HEAD" else request.method
        allowed = set()
        for route_method, pattern, handler in self._routes:
            if match := pattern.fullmatch(request.path):
                if route_method == method:
                    return handler(request, **match.groupdict())
                allowed.add(route_method)
        if allowed:
            return json_response({"error": "method"}, status=405, headers=[("Allow", ", ".join(sorted(allowed)))])
        return json_response({"error": "not found"}, status=404)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = _read_request(environ)
        try:
            response = self.respond(request)
        except BadRequestError as error:
            response = json_response({"error": str(error)}, status=400)
        except Exception:  # noqa: BLE001 - one broken request must not close the connection without an answer
            traceback.print_exc(file=sys.stderr)
            response = text_response("Erreur du bac à sable", status=500)
        headers = [*response.headers, ("Content-Length", str(len(response.body)))]
        start_response(f"{response.status} {HTTPStatus(response.status).phrase}", headers)
        return [] if request.method == "HEAD" else [response.body]


def _read_request(environ: "WSGIEnvironment") -> Request:
    headers = {key[5:].replace("_", "-").title(): value for key, value in environ.items() if key.startswith("HTTP_")}
    headers["Content-Type"] = environ.get("CONTENT_TYPE", "")
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        query_string=environ.get("QUERY_STRING", ""),
        headers=headers,
        body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
        cookies={name: morsel.value for name, morsel in SimpleCookie(headers.get("Cookie", "")).items()},
    )


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the demo's terminal shows addresses and people, not each request."""


class Server(ThreadingMixIn, WSGIServer):
    """One thread per request; none is waited for at the end, so that SIGTERM is prompt."""

    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        # HTTPServer's own asks the resolver for this machine's full name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]
        self.setup_environ()


def listen(port: int) -> Server:
    """Bind the loopback port, 0 for any free one (then read `server_port`)."""
    return Server((LOOPBACK, port), _QuietHandler)


def run(server: Server, app: "WSGIApplication") -> None:
    """Print the address on standard output once ready, then serve until SIGTERM or Ctrl-C."""
    server.set_app(app)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"http://localhost:{server.server_port}", flush=True)  # noqa: T201 - the ready line
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
