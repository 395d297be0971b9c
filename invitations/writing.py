"""The invitation's e-mail, as it leaves and as the firm sees it before."""

from dataclasses import dataclass
from datetime import datetime

from clients.models import Client
from outbox.rendering import Rendering, render_email


@dataclass(frozen=True)
class Message:
    subject: str
    parts: Rendering


def write_message(client: Client, *, link: str, expires_at: datetime, words: str, reminder: bool = False) -> Message:
    """`words`: the firm's own, plain text; what looks like an address in them stays text."""
    firm_name = client.firm.name
    subject = f"{'Rappel : ' if reminder else ''}{firm_name} vous invite sur jefacture"
    context = {
        "subject": subject,
        "client": client,
        "firm_name": firm_name,
        "words": words,
        "reminder": reminder,
        "expires_at": expires_at,
        "button_url": link,
        "button_label": "Ouvrir mon espace",
        "why": f"{firm_name} tient la comptabilité de {client.name} et a indiqué cette adresse comme contact.",
    }
    return Message(subject=subject, parts=render_email("invitation", context))
