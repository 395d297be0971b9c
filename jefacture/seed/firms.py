"""A firm of the demonstration: its people enter as from ComptExpert, its CGU are accepted, its client files made."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from clients.enums import ClientStatus
from clients.models import Client, Company, CompanyMembership
from clients.services import assign, ensure_company, open_firm, search_text
from common.identifiers import vat_of_siren
from common.tenancy import tenant
from firms.comptexpert.claims import read_claims
from firms.comptexpert.services import enter
from firms.models import Membership
from invitations.enums import InvitationState
from invitations.models import Invitation
from jefacture.seed.directory import Sample

#: The password of every company account of the demonstration.
PASSWORD = "Demo-jefacture-2026"  # noqa: S105 - shown by `make demo`

_INVITATIONS = {
    ClientStatus.INVITED: InvitationState.SENT,
    ClientStatus.PENDING: InvitationState.OPENED,
    ClientStatus.EXPIRED: InvitationState.EXPIRED,
    ClientStatus.BOUNCED: InvitationState.BOUNCED,
    ClientStatus.ACTIVE: InvitationState.ACCEPTED,
}


def open_demo_firm(claims: dict[str, Any]) -> Membership:
    """The expert-comptable's membership; the firm is opened and its CGU accepted where they were not."""
    entry = enter(read_claims(claims, issuer=settings.COMPTEXPERT_ISSUER))
    expert = entry.memberships[0]
    if expert.firm.terms_accepted_at is None:
        open_firm(expert, ip="127.0.0.1", user_agent="seed_demo")
    return expert


def make_clients(expert: Membership, samples: list[Sample]) -> dict[str, Client]:
    """SIREN → client file, in its status, with its invitation; those that exist stay as they are."""
    made: dict[str, Client] = {}
    for number, sample in enumerate(samples, start=12):
        with tenant(firm=expert.firm_id):
            found = Client.objects.filter(firm=expert.firm_id, siren=sample.siren)
            # With its company: it is read later, outside this tenant.
            client = found.select_related("company").first()
        made[sample.siren] = client or _make_client(expert, sample, code=f"CL-{number:04d}")
    return made


def _make_client(expert: Membership, sample: Sample, *, code: str) -> Client:
    company = ensure_company(siren=sample.siren, name=sample.name) if sample.status == ClientStatus.ACTIVE else None
    with tenant(firm=expert.firm_id):
        client = Client(
            firm=expert.firm,
            company=company,
            created_by=expert,
            name=sample.name,
            siren=sample.siren,
            vat_number=vat_of_siren(sample.siren),
            street="12 rue de la République",
            postal_code=sample.postal_code,
            city=sample.city,
            # A file or two without an e-mail: the list says so, and how to mend it.
            contact_email="" if sample.slug in ("tabacdupont", "taxilemaire") else sample.email,
            code=code,
            status=sample.status,
            status_before_archive=ClientStatus.CREATED if sample.status == ClientStatus.ARCHIVED else "",
            activated_at=timezone.now() if company else None,
        )
        client.search = search_text(client)
        client.save(force_insert=True)
        _invite(expert, client)
    if company is not None:
        _make_owner(company, email=sample.email)
    return client


def _invite(expert: Membership, client: Client) -> None:
    state = _INVITATIONS.get(ClientStatus(client.status))
    if state is None:
        return
    now = timezone.now()
    late = state == InvitationState.EXPIRED
    Invitation.objects.create(
        firm_id=client.firm_id,
        company_id=client.company_id,
        client=client,
        email=client.contact_email,
        token_sha256=uuid4().hex,  # of no token: nobody was sent this one
        state=state,
        created_by=expert,
        created_at=now - timedelta(days=40 if late else 4),
        expires_at=now + timedelta(days=-10 if late else 26),
        accepted_at=now if state == InvitationState.ACCEPTED else None,
    )


def _make_owner(company: Company, *, email: str) -> None:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_company_user(email=email, password=PASSWORD)
    with tenant(company=company.pk):
        CompanyMembership.objects.get_or_create(company=company, person=user)


def assign_some(expert: Membership, clients: dict[str, Client]) -> None:
    """Every third file to Paul Martin, so that an utilisateur has a list of his own."""
    paul = Membership.objects.filter(firm=expert.firm_id, user__subject="paul.martin").first()
    if paul is not None:
        for client in list(clients.values())[::3]:
            assign(expert, client=client, member=paul)
