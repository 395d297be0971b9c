"""One invoice per e-mail, from the product's one sender, to the address that the production tool gave."""

from typing import Any

from django.conf import settings

from common.identifiers import format_siren
from common.typography import amount, date_fr
from exports.channels.parcel import Outcome, Parcel
from exports.models import Delivery
from exports.selectors.push import carrying_email
from outbox.enums import EmailKind, EmailState
from outbox.messages import address_of
from outbox.models import OutgoingEmail
from outbox.parts import Attachment
from outbox.rendering import render_email
from outbox.services import queue

#: Production tools refuse 15 MB and more.
MAXIMUM_BYTES = 15_000_000


def sender_address() -> str:
    """What a production tool that accepts known senders only must accept; the same for every firm."""
    return address_of(settings.DEFAULT_FROM_EMAIL)


def refuse(parcel: Parcel) -> str:
    if parcel.size >= MAXIMUM_BYTES:
        return "Les pièces jointes dépassent 15 Mo, la taille que les logiciels de production acceptent."
    return ""


def send(parcel: Parcel) -> None:
    """Queue the e-mail in the running transaction: it exists if and only if the delivery remembers it."""
    delivery, invoice = parcel.delivery, parcel.part.invoice
    body = render_email("delivery", _context(parcel))
    email = queue(
        kind=EmailKind.DELIVERY,
        recipient=delivery.recipient,
        subject=f"{invoice.get_direction_display()} {invoice.number} – {parcel.part.client.name}",
        text=body.text,
        html=body.html,
        about=delivery.pk,
        firm_id=delivery.firm_id,
        attachments=[_attachment(parcel, position) for position in range(len(parcel.files))],
    )
    delivery.email_id = email.pk


def _context(parcel: Parcel) -> dict[str, Any]:
    invoice, client, firm = parcel.part.invoice, parcel.part.client, parcel.delivery.firm
    facts = [
        ("Dossier", f"{client.name} ({format_siren(client.siren)})"),
        ("Sens", invoice.get_direction_display()),
        ("Numéro", invoice.number),
        ("Date", date_fr(invoice.issue_date)),
        ("Vendeur", invoice.seller_name),
        ("Acheteur", invoice.buyer_name),
        ("Total TTC", amount(invoice.total_with_vat, invoice.currency)),
    ]
    return {
        "number": invoice.number,
        "facts": [(term, value) for term, value in facts if value],
        "firm_name": firm.name,
        "why": f"{firm.name} a choisi cette adresse pour recevoir les factures de ce dossier.",
    }


def outcome(delivery: Delivery) -> Outcome:
    email = carrying_email(delivery)
    if email is None:
        return Outcome(settled=True, problem="L'e-mail de cette livraison n'existe plus.")
    match email.state:
        case EmailState.SENT:
            return Outcome(settled=True, sent_at=email.sent_at)
        case EmailState.BOUNCED:
            return Outcome(settled=True, bounced=True, problem=f"L'adresse {delivery.recipient} a rejeté l'e-mail.")
        case EmailState.FAILED | EmailState.CANCELLED:
            return Outcome(settled=True, problem=_problem(email))
        case EmailState.RETRYING:
            return Outcome(settled=False, problem=_problem(email))
    return Outcome(settled=False)


def _problem(email: OutgoingEmail) -> str:
    return email.last_error or "Le serveur de messagerie n'a pas pris l'e-mail."


def _attachment(parcel: Parcel, position: int) -> Attachment:
    """The file that leaves bears the name that partner software sees; the original its own."""
    file = parcel.files[position]
    name = parcel.part.file_name if position == 0 else f"original_{file.name}"
    return Attachment(stored_as=file.stored_as, file_name=name, media_type=file.media_type)
