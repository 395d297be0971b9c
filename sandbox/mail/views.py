"""The page of the mail: a list, one message, its HTML part fenced in, and the same as JSON."""

import re
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sandbox.mail.bounces import CHOICES
from sandbox.mail.store import MailStore, Message
from sandbox.pages import page
from sandbox.web import PAGE_POLICY, App, Request, Response, html_response, json_response

_SHOWN = 200
_PARIS = ZoneInfo("Europe/Paris")

# A message's own page: no script, nothing fetched, links open beside it.
_FENCE = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
_PAGE_WITH_FRAME = PAGE_POLICY + "; frame-src 'self'"


def serve_messages(app: App, store: MailStore, *, can_bounce: bool = False) -> None:
    @app.route("GET", "/")
    def index(request: Request) -> Response:
        to = request.query.get("to", "").strip()
        return html_response(_list_page(store.messages(to=to or None), to=to, note=request.query.get("note", "")))

    @app.route("GET", "/messages.json")
    def listing(request: Request) -> Response:
        return json_response([message.as_json() for message in store.messages(to=request.query.get("to"))])

    @app.route("DELETE", "/messages")
    def clear(_request: Request) -> Response:
        store.clear()
        return json_response([])

    @app.route("GET", "/messages/{identifier}")
    def message(_request: Request, identifier: str) -> Response:
        found = store.message(identifier)
        return (
            html_response(_message_page(found, can_bounce=can_bounce), policy=_PAGE_WITH_FRAME) if found else _missing()
        )

    _serve_parts(app, store)


def _serve_parts(app: App, store: MailStore) -> None:
    @app.route("GET", "/messages/{identifier}/html")
    def html_part(_request: Request, identifier: str) -> Response:
        found = store.message(identifier)
        return html_response(_with_new_tabs(found.html), policy=_FENCE) if found else _missing()

    @app.route("GET", "/messages/{identifier}/raw")
    def raw(_request: Request, identifier: str) -> Response:
        found = store.message(identifier)
        return Response(found.raw(), 200, [("Content-Type", "text/plain; charset=utf-8")]) if found else _missing()

    @app.route("GET", "/messages/{identifier}/attachments/{number}")
    def attachment(_request: Request, identifier: str, number: str) -> Response:
        found = store.message(identifier)
        if found is None or not number.isdecimal() or int(number) >= len(found.attachments):
            return _missing()
        part = found.attachments[int(number)]
        disposition = f"attachment; filename*=UTF-8''{quote(part.name)}"
        headers = [("Content-Type", part.content_type), ("Content-Disposition", disposition)]
        return Response(found.attachment_content(int(number)), 200, [*headers, ("X-Content-Type-Options", "nosniff")])


def _missing() -> Response:
    body = '<h1>Message introuvable</h1><p><a href="/">Retour aux messages</a></p>'
    return html_response(_page(body, "Message introuvable"), status=404)


def _page(body: str, title: str) -> str:
    return page(body, title=title, brand="Courrier", theme="mail")


def _list_page(messages: list[Message], *, to: str, note: str) -> str:
    rows = "\n".join(_row(message) for message in messages[:_SHOWN])
    table = f"""<div class="scroll"><table>
<thead><tr><th scope="col">Objet</th><th scope="col">De</th><th scope="col">À</th><th scope="col">Reçu</th></tr></thead>
<tbody>
{rows}
</tbody>
</table></div>"""
    empty = '<p class="card soft">Aucun message pour le moment. Les e-mails envoyés par jefacture arrivent ici.</p>'
    count = f"{len(messages)} message{'s' if len(messages) > 1 else ''}"
    more = f", les {_SHOWN} derniers sont affichés" if len(messages) > _SHOWN else ""
    body = f"""<h1>Messages reçus</h1>
{f'<p class="card" role="status">{escape(note)}</p>' if note else ""}
<p class="soft">{count}{more}. Rien ne sort de cette machine.
Une adresse qui commence par «\u00a0rejet\u00a0» est refusée,
«\u00a0plustard\u00a0» l’est la première fois.</p>
<form class="filter" method="get" action="/">
<label>Destinataire <input type="search" name="to" value="{escape(to)}" placeholder="adresse exacte"></label>
<button>Filtrer</button> <a href="/">Tout afficher</a>
</form>
{table if messages else empty}"""
    return _page(body, "Messages reçus")


def _row(message: Message) -> str:
    subject = escape(message.subject or "(sans objet)")
    return (
        f'<tr><td><a href="/messages/{escape(message.id)}">{subject}</a></td><td>{escape(message.sender)}</td>'
        f"<td>{escape(', '.join(message.recipients))}</td><td>{_moment(message)}</td></tr>"
    )


def _moment(message: Message) -> str:
    return message.received_at.astimezone(_PARIS).strftime("%d/%m/%Y %H:%M:%S")


def _message_page(message: Message, *, can_bounce: bool) -> str:
    address = f"/messages/{escape(message.id)}"
    links = "".join(f'<li><a href="{escape(link)}"><code>{escape(link)}</code></a></li>' for link in message.links)
    attachments = "".join(
        f'<li><a href="{address}/attachments/{number}">{escape(part.name)}</a> '
        f"<small>{escape(part.content_type)}, {part.size} octets</small></li>"
        for number, part in enumerate(message.attachments)
    )
    frame = f'<iframe title="Message en HTML" src="{address}/html"></iframe>'
    body = f"""<p><a href="/">Tous les messages</a></p>
<h1>{escape(message.subject or "(sans objet)")}</h1>
<div class="card"><dl>
<dt>De</dt><dd>{escape(message.sender)}</dd>
<dt>À</dt><dd>{escape(", ".join(message.recipients))}</dd>
<dt>Reçu</dt><dd>{_moment(message)}</dd>
<dt>Message-ID</dt><dd><code>{escape(message.message_id)}</code></dd>
<dt>Source</dt><dd><a href="{address}/raw">message brut</a></dd>
</dl>{_bounce_form(address) if can_bounce else ""}</div>
{_section("Liens du message", f"<ul>{links}</ul>" if links else "")}
{_section("Pièces jointes", f"<ul>{attachments}</ul>" if attachments else "")}
{_section("En HTML", frame if message.html else "")}
{_section("En texte", f'<div class="card"><pre>{escape(message.text)}</pre></div>' if message.text else "")}"""
    return _page(body, message.subject or "Message")


def _bounce_form(address: str) -> str:
    choices = "".join(f'<option value="{key}">{label}</option>' for key, label in CHOICES.items())
    return f"""<form class="filter" method="post" action="{address}/rebond">
<label>Motif <select name="kind">{choices}</select></label> <button>Faire rebondir</button></form>"""


def _section(title: str, content: str) -> str:
    return f"<h2>{title}</h2>\n{content}" if content else ""


def _with_new_tabs(html: str) -> str:
    """Make the message's links open in a tab of their own: the product refuses to be shown in a frame."""
    base = '<base target="_blank">'
    opened, count = re.subn(r"(<head[^>]*>)", rf"\1{base}", html, count=1, flags=re.IGNORECASE)
    return opened if count else base + html
