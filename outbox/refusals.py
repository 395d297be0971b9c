"""What a mail server's answer means: try later, the address is wrong, or the message is not wanted."""

import re
import smtplib
from typing import Final

_PERMANENT = 500
# Syntax and order of commands, authentication: about us, never about the recipient.
_ABOUT_US = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})
_ENHANCED = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
_MAX_WORDS = 200

#: Enhanced status codes (RFC 3463 and its registry) that name the recipient's address or mailbox.
_ADDRESS_REASONS: Final = {
    "5.1.0": "L'adresse est refusée.",
    "5.1.1": "Cette adresse n'existe pas.",
    "5.1.2": "Le domaine de cette adresse n'existe pas.",
    "5.1.3": "Cette adresse est mal écrite.",
    "5.1.6": "Cette boîte a changé d'adresse.",
    "5.1.10": "Ce domaine ne reçoit pas d'e-mail.",
    "5.2.0": "La boîte de cette adresse refuse le message.",
    "5.2.1": "La boîte de cette adresse est désactivée.",
    "5.2.2": "La boîte de cette adresse est pleine.",
}
#: The same for mail that comes back: the first that fits, from the most exact to the class.
_RETURN_REASONS: Final = _ADDRESS_REASONS | {
    "5.2.3": "Le message est trop lourd pour la boîte de cette adresse.",
    "5.3.4": "Le message est trop lourd pour le serveur du destinataire.",
    "4.4.1": "Le serveur du destinataire n'a pas répondu pendant plusieurs jours.",
    "4.4.7": "Le serveur du destinataire n'a pas pris le message pendant plusieurs jours.",
    "5.4.7": "Le serveur du destinataire n'a pas pris le message pendant plusieurs jours.",
    "5.1": "L'adresse est refusée.",
    "5.2": "La boîte de cette adresse refuse le message.",
    "5.4": "Le message n'a pas trouvé de chemin jusqu'à cette adresse.",
    "5.7": "Le serveur du destinataire refuse le message.",
    "4": "Le serveur du destinataire n'a pas pris le message pendant plusieurs jours.",
}


class DeliveryError(Exception):
    """The server did not take the message. `str()` is the reason in French; `code` the server's, when it gave one."""

    def __init__(self, reason: str, *, code: int | None = None, words: str = "") -> None:
        super().__init__(f"{reason} Réponse du serveur : {words}" if words else reason)
        self.code = code


class LaterError(DeliveryError):
    """Transient: the same message may pass later."""


class AddressRefusedError(DeliveryError):
    """Permanent, because of the recipient's address."""


class MessageRefusedError(DeliveryError):
    """Permanent, whatever the address."""


def refusal_of(error: smtplib.SMTPException | OSError) -> DeliveryError:
    """The meaning of what smtplib raised."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _refusal(code, said, of_recipient=True)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return _refusal(error.smtp_code, error.smtp_error, of_recipient=False)
    if isinstance(error, smtplib.SMTPResponseException):  # greeting, EHLO, authentication: ours to mend, mail waits
        words = _words(error.smtp_code, error.smtp_error)
        return LaterError("Le serveur d'envoi refuse la connexion.", code=error.smtp_code, words=words)
    return LaterError(f"Le serveur d'envoi ne répond pas ({type(error).__name__}).")


def reason_of_return(status: str, *, said: str) -> str:
    """Why a message came back, in French: by its enhanced status code where it has one, with the server's words."""
    parts = status.split(".")
    known = (_RETURN_REASONS.get(".".join(parts[:length])) for length in (3, 2, 1))
    reason = next(filter(None, known), "Le message est revenu : il n'a pas pu être remis.")
    words = " ".join(said.split())[:_MAX_WORDS]
    return f"{reason} Réponse du serveur : {words}" if words else reason


def _refusal(code: int, said: bytes | str, *, of_recipient: bool) -> DeliveryError:
    words = _words(code, said)
    if code < _PERMANENT:
        return LaterError("Le serveur demande de réessayer plus tard.", code=code, words=words)
    found = _ENHANCED.search(words)
    status = found.group() if found else ""
    if status in _ADDRESS_REASONS:
        return AddressRefusedError(_ADDRESS_REASONS[status], code=code, words=words)
    if of_recipient and code not in _ABOUT_US and not status.startswith(("5.5.", "5.7.")):
        return AddressRefusedError("L'adresse est refusée.", code=code, words=words)
    return MessageRefusedError("Le serveur refuse le message.", code=code, words=words)


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:_MAX_WORDS]
