"""The e-mails of a company space: to its owners, to the firm that asked, to a colleague."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.urls import reverse

from clients.models import Client, Company, CompanyMembership
from firms.models import Firm, Membership
from invitations.models import CompanyInvitation, Invitation
from outbox.enums import EmailKind
from outbox.rendering import render_email
from outbox.services import InvalidAddressError, queue


def tell_owner(owner: CompanyMembership, *, space: Company, invitation: Invitation, firm: Firm) -> None:
    """A firm asks to be let in; the button leads to where it is decided, after signing in."""
    context: dict[str, Any] = {
        "subject": f"{firm.name} demande à voir les factures de {space.name}",
        "firm_name": firm.name,
        "contact": firm.contact,
        "company_name": space.name,
        "invited": invitation.email,
        "button_url": settings.SITE_URL + reverse("invitations:company_firms", args=[space.siren]),
        "button_label": "Voir la demande",
        "why": f"Vous êtes propriétaire de l'espace de {space.name} sur jefacture.",
    }
    _leave("connection_request", context, to=owner.person.email or "", reply_to=firm.contact_email)


def tell_firm(invitation: Invitation, *, client: Client, company_name: str) -> None:
    """The owner's answer, to the member of the firm who had invited."""
    approved = not invitation.refusal
    context: dict[str, Any] = {
        "subject": f"{company_name} a {'accepté' if approved else 'refusé'} votre demande de connexion",
        "approved": approved,
        "reason": invitation.refusal,
        "company_name": company_name,
        "button_url": settings.SITE_URL + reverse("clients:detail", args=[client.firm.siret, client.pk]),
        "button_label": "Ouvrir le dossier",
        "why": f"Vous avez invité {company_name} sur jefacture pour {client.firm.name}.",
    }
    _leave("connection_answer", context, to=invitation.created_by.user.any_email)


def invite_colleague(invitation: CompanyInvitation, *, space: Company, inviter: CompanyMembership, link: str) -> None:
    """Raises InvalidAddressError."""
    context: dict[str, Any] = {
        "subject": f"Rejoignez l'espace de {space.name} sur jefacture",
        "company_name": space.name,
        "inviter": str(inviter.person),
        "expires_at": invitation.expires_at,
        "button_url": link,
        "button_label": "Rejoindre l'espace",
        "why": f"{inviter.person} a indiqué cette adresse pour vous faire entrer dans l'espace de {space.name}.",
    }
    message = render_email("colleague", context)
    queue(
        kind=EmailKind.COMPANY,
        recipient=invitation.email,
        subject=context["subject"],
        text=message.text,
        html=message.html,
        about=invitation.pk,
    )


def tell_of_closing(administrator: Membership, *, client: Client, company_name: str) -> None:
    context: dict[str, Any] = {
        "subject": f"{company_name} a fermé son espace",
        "company_name": company_name,
        "button_url": settings.SITE_URL + reverse("clients:detail", args=[administrator.firm.siret, client.pk]),
        "button_label": "Ouvrir le dossier",
        "why": f"Vous administrez {administrator.firm.name} sur jefacture.",
    }
    _leave("space_closed", context, to=administrator.user.any_email)


def _leave(name: str, context: dict[str, Any], *, to: str, reply_to: str = "") -> None:
    """For somebody who is told of an act: an address that takes no mail does not undo it."""
    message = render_email(name, context)
    with suppress(InvalidAddressError):
        queue(
            kind=EmailKind.COMPANY,
            recipient=to,
            subject=context["subject"],
            text=message.text,
            html=message.html,
            reply_to=reply_to,
        )
