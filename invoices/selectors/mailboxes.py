from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404

from clients.models import Company, CompanyMembership
from common.tenancy import tenant
from invoices.enums import ParcelKind, ParcelState
from invoices.models import KnownSender, Mailbox, Parcel


def mailbox_at(address: str) -> Mailbox | None:
    """The mailbox in force with this address, of a company whose space somebody can still enter."""
    local_part, _at, domain = address.lower().rpartition("@")
    if not settings.INVOICE_MAIL_DOMAIN or domain != settings.INVOICE_MAIL_DOMAIN.lower():
        return None
    with tenant(platform="a message is known by the address that it was sent to alone"):
        mailbox = Mailbox.objects.filter(local_part=local_part, ended_at__isnull=True).first()
    if mailbox is None:
        return None
    with tenant(company=mailbox.company_id):
        members = CompanyMembership.objects.filter(company=mailbox.company_id, ended_at__isnull=True)
        return mailbox if members.exists() else None


def known_senders(company: Company) -> QuerySet[KnownSender]:
    return KnownSender.objects.filter(company=company.pk).select_related("added_by__person").order_by("address")


def get_sender_or_404(company: Company, *, pk: UUID) -> KnownSender:
    sender = known_senders(company).filter(pk=pk).first()
    if sender is None:
        raise Http404("Expéditeur inconnu.")
    return sender


def get_mailbox_or_404(company: Company, *, pk: UUID) -> Mailbox:
    mailbox = Mailbox.objects.filter(company=company.pk, pk=pk).first()
    if mailbox is None:
        raise Http404("Adresse inconnue.")
    return mailbox


def is_known_sender(company_id: UUID, address: str) -> bool:
    """One of the company's own people, or an address that it lists. `address` is lower case."""
    people = CompanyMembership.objects.filter(company=company_id, ended_at__isnull=True)
    return bool(address) and (
        people.annotate(address=Lower("person__email")).filter(address=address).exists()
        or KnownSender.objects.filter(company=company_id, address=address).exists()
    )


def member_who_wrote(company_id: UUID, address: str) -> CompanyMembership | None:
    people = CompanyMembership.objects.filter(company=company_id, ended_at__isnull=True).select_related("person")
    return people.annotate(address=Lower("person__email")).filter(address=address).first() if address else None


def held_messages(company: Company) -> QuerySet[Parcel]:
    held = Parcel.objects.filter(company=company.pk, kind=ParcelKind.MESSAGE, state=ParcelState.HELD)
    return held.select_related("mailbox").order_by("-created_at")


def get_message_or_404(company: Company, *, pk: UUID) -> Parcel:
    message = Parcel.objects.filter(company=company.pk, kind=ParcelKind.MESSAGE, pk=pk).first()
    if message is None:
        raise Http404("Message inconnu.")
    return message
