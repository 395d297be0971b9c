"""The invitation's e-mail, as it leaves and as the firm sees it before."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from clients.models import Client
from common.typography import date_fr
from outbox.rendering import Rendering, blank, render_email


@dataclass(frozen=True)
class Message:
    subject: str
    parts: Rendering


def write_message(client: Client, *, link: str, expires_at: datetime, words: str, reminder: bool = False) -> Message:
    """`words`: the firm's own, plain text; what looks like an address in them stays text."""
    letter = _letter(
        client.firm.sender,
        client.firm.contact,
        words,
        date_fr(expires_at),
        reminder=reminder,
        greets=bool(client.contact_first_name),
    )
    own = {"client_name": client.name, "first_name": client.contact_first_name, "link": link}
    return Message(letter.subject, letter.parts.filled(own))


@lru_cache(maxsize=64)
def _letter(firm_name: str, contact: str, words: str, until: str, *, reminder: bool, greets: bool) -> Message:
    """What the invitations of a batch have in common: rendered for each of them, it would cost half of the sending."""
    subject = f"{'Rappel : ' if reminder else ''}{firm_name} vous invite sur jefacture"
    client_name = blank("client_name")
    context = {
        "subject": subject,
        "client_name": client_name,
        "first_name": blank("first_name") if greets else "",
        "firm_name": firm_name,
        "contact": contact,
        "words": words,
        "reminder": reminder,
        "until": until,
        "button_url": blank("link"),
        "button_label": "Ouvrir mon espace",
        "why": f"{firm_name} tient la comptabilité de {client_name} et a indiqué cette adresse comme contact.",
    }
    return Message(subject=subject, parts=render_email("invitation", context))
