from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from accounts.models import User
from clients.enums import RUNNING_IMPORTS, ClientStatus, CompanyRole, EnrichmentState, RowAction
from clients.models import (
    Client,
    Company,
    CompanyMembership,
    Enrichment,
    ImportJob,
    ImportRow,
    Portfolio,
    PortfolioClient,
)
from clients.permissions import can_complete_clients, can_manage_portfolios, can_see_every_client
from clients.seeing import SeenFile
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.models import Membership
from firms.selectors import open_memberships, present_members_of

_BY_NAME = ("name__unaccent", "pk")


def clients_visible_to(membership: Membership) -> QuerySet[Client]:
    """
    The client files this member sees, inside the firm's tenant.

    An administrateur sees all; an utilisateur those assigned to him or her, created by him or her or in one of his or
    her portfolios, never the firm's own file, and a confidential one only by assignment.
    """
    clients = Client.objects.filter(firm=membership.firm_id)
    if can_see_every_client(membership):
        return clients
    return clients.filter(SeenFile(membership), is_firm_file=False)


def counts_by_status(membership: Membership) -> dict[str, int]:
    """How many client files this member sees in each status; the firm's own file is not one of its clients."""
    visible = clients_visible_to(membership).filter(is_firm_file=False)
    return dict(visible.order_by().values_list("status").annotate(Count("pk")))


def get_client_or_404(membership: Membership, *, pk: UUID) -> Client:
    client = clients_visible_to(membership).filter(pk=pk).first()
    if client is None:
        raise Http404("Dossier client inconnu.")
    return client


def lock_client(pk: UUID) -> Client:
    """The file with its firm, held until the transaction ends; a 404 where it was removed since it was read."""
    client = Client.objects.select_for_update(no_key=True, of=("self",)).select_related("firm").filter(pk=pk).first()
    if client is None:
        raise Http404("L'import de ce dossier vient d'être annulé.")
    return client


def journal_of(client: Client) -> QuerySet[JournalEntry]:
    """The journal's lines on this file, latest first."""
    return JournalEntry.objects.filter(firm_id=client.firm_id, object_id=client.pk).order_by("-id")


def companies_of(user: User) -> list[Company]:
    """The company spaces this person belongs to."""
    with tenant(person=user.pk):
        return list(
            Company.objects.filter(memberships__person=user.pk, memberships__ended_at__isnull=True).order_by("name")
        )


def company_membership(user: User, *, siren: str) -> CompanyMembership | None:
    with tenant(person=user.pk):
        return (
            CompanyMembership.objects.filter(person=user.pk, company__siren=siren, ended_at__isnull=True)
            .select_related("company", "person")
            .first()
        )


def former_company_membership(user: User, *, siren: str) -> CompanyMembership | None:
    """The place that this person once had in the company space of `siren`."""
    with tenant(person=user.pk):
        return CompanyMembership.objects.filter(person=user.pk, company__siren=siren, ended_at__isnull=False).first()


def members_of(company: Company) -> QuerySet[CompanyMembership]:
    """Those who have their place in the company space now, inside its tenant, in the order in which they came."""
    return (
        CompanyMembership.objects.filter(company=company, ended_at__isnull=True)
        .select_related("person")
        .order_by("created_at", "pk")
    )


def owners_of(company: UUID) -> QuerySet[CompanyMembership]:
    return CompanyMembership.objects.filter(
        company=company, role=CompanyRole.OWNER, ended_at__isnull=True
    ).select_related("person")


def is_closed(company: UUID) -> bool:
    """
    Whether its people have closed the space, inside its tenant: it had some, and has no owner any more.

    A firm's own space, which nobody but the firm has entered yet, is not closed.
    """
    return CompanyMembership.objects.filter(company=company).exists() and not owners_of(company).exists()


def may_reopen(user: User, *, company: UUID) -> bool:
    """Whether this person was an owner when the space was closed."""
    with tenant(company=company):
        people = CompanyMembership.objects.filter(company=company)
        closed_at = people.aggregate(at=Max("ended_at"))["at"]
        last_owners = people.filter(role=CompanyRole.OWNER, ended_at=closed_at)
        return is_closed(company) and last_owners.filter(person=user).exists()


def get_company_member_or_404(company: Company, *, pk: UUID) -> CompanyMembership:
    member = members_of(company).filter(pk=pk).first()
    if member is None:
        raise Http404("Utilisateur inconnu.")
    return member


def firms_connected_to(company: Company) -> QuerySet[Client]:
    """The « Actif » client files by which firms see this company's invoices, inside its tenant."""
    return (
        Client.objects.filter(company=company, status=ClientStatus.ACTIVE)
        .select_related("firm")
        .order_by("activated_at", "pk")
    )


def active_client_for(user: User, *, siren: str) -> tuple[Membership, Client] | None:
    """The « Actif » client file by which a firm's member may enter the company space of `siren`."""
    for membership in open_memberships(user):
        with tenant(firm=membership.firm_id):
            client = (
                clients_visible_to(membership)
                .filter(siren=siren, status=ClientStatus.ACTIVE, company__isnull=False)
                .select_related("company")
                .first()
            )
        if client is not None:
            return membership, client
    return None


def assignable_to(membership: Membership) -> QuerySet[Membership]:
    """Whom the firm's files can be assigned to: administrateurs see every file anyway."""
    return present_members_of(membership).filter(role=Role.USER).order_by("user__last_name", "user__first_name", "pk")


def who_assigns(membership: Membership) -> QuerySet[Membership]:
    """Whom an utilisateur may ask for files."""
    return (
        Membership.objects.filter(firm=membership.firm_id, role=Role.ADMINISTRATOR, status=MembershipStatus.ACTIVE)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def assignable_members(membership: Membership, client: Client) -> QuerySet[Membership]:
    """Those who do not have this file yet."""
    return assignable_to(membership).exclude(assignments__client=client)


def portfolios_seen_by(membership: Membership) -> QuerySet[Portfolio]:
    """An administrateur sees the firm's portfolios, an utilisateur his or her own."""
    every = Portfolio.objects.filter(firm=membership.firm_id).order_by(*_BY_NAME)
    return every if can_manage_portfolios(membership) else every.filter(members__membership=membership.pk)


def portfolios_with_counts(membership: Membership) -> QuerySet[Portfolio]:
    """With the number of `people` and of `clients` in each."""
    people = Count("members", distinct=True)
    files = PortfolioClient.objects.filter(portfolio=OuterRef("pk")).order_by().values("portfolio")
    clients = Coalesce(Subquery(files.annotate(n=Count("pk")).values("n")), 0)
    return portfolios_seen_by(membership).annotate(people=people, clients=clients)


def people_of_portfolio(portfolio: Portfolio) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(portfolios__portfolio=portfolio)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def clients_of_portfolio(portfolio: Portfolio) -> QuerySet[Client]:
    return Client.objects.filter(portfolios__portfolio=portfolio).order_by("search", "pk")


def get_portfolio_or_404(membership: Membership, *, pk: UUID) -> Portfolio:
    portfolio = portfolios_seen_by(membership).filter(pk=pk).first()
    if portfolio is None:
        raise Http404("Portefeuille inconnu.")
    return portfolio


def portfolios_around(membership: Membership, client: Client) -> QuerySet[Portfolio]:
    """Those that this member knows of; `holds` says whether the file stands in it."""
    holds = Exists(PortfolioClient.objects.filter(portfolio=OuterRef("pk"), client=client))
    return portfolios_seen_by(membership).annotate(holds=holds)


def portfolios_of(member: Membership) -> QuerySet[Portfolio]:
    """The portfolios through which this person sees client files."""
    return Portfolio.objects.filter(members__membership=member.pk).order_by(*_BY_NAME)


def imports_of(membership: Membership) -> QuerySet[ImportJob]:
    """The imports this member sees: an administrateur every one, an utilisateur his or her own."""
    jobs = ImportJob.objects.filter(firm=membership.firm_id).order_by("-created_at")
    return jobs if can_see_every_client(membership) else jobs.filter(created_by=membership.pk)


def get_import_or_404(membership: Membership, *, pk: UUID) -> ImportJob:
    job = imports_of(membership).filter(pk=pk).first()
    if job is None:
        raise Http404("Import inconnu.")
    return job


def latest_running_imports(membership: Membership) -> list[ImportJob]:
    return list(imports_of(membership).filter(state__in=RUNNING_IMPORTS)[:3])


def rows_of(membership: Membership, job: ImportJob) -> QuerySet[ImportRow]:
    """Without those on a file that this member does not see, or no longer does; what was rejected is his or her own."""
    rows = ImportRow.objects.filter(job=job).order_by("number")
    if can_see_every_client(membership):
        return rows
    seen = clients_visible_to(membership).values("pk")
    hidden = Client.objects.filter(firm=membership.firm_id).exclude(pk__in=seen)
    return rows.exclude(~Q(action=RowAction.REJECT), siren__in=hidden.values("siren"))


def rejected_rows(job: ImportJob) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(job=job, action=RowAction.REJECT).order_by("number")


def rows_to_undo(job: ImportJob) -> QuerySet[ImportRow]:
    """The rows that wrote something and that « Annuler cet import » has not come by."""
    return ImportRow.objects.filter(job=job, applied=True, client_id__isnull=False, undone__isnull=True)


def files_to_complete(firm_id: UUID) -> QuerySet[Client]:
    """What « Compléter mes clients » looks up, in the order in which it does."""
    return Client.objects.filter(firm=firm_id).exclude(status=ClientStatus.ARCHIVED).order_by("siren")


def files_with_blanks(firm_id: UUID) -> QuerySet[Client]:
    """Those of them that lack something the directory may know."""
    blank = (Q(**{name: ""}) for name in ("siret", "vat_number", "street", "postal_code", "city"))
    return files_to_complete(firm_id).filter(reduce(or_, blank))


def enrichments_of(membership: Membership) -> QuerySet[Enrichment]:
    """An administrateur sees the firm's, nobody else any."""
    found = Enrichment.objects.filter(firm=membership.firm_id).order_by("-created_at")
    return found if can_complete_clients(membership) else found.none()


def running_enrichments(membership: Membership) -> QuerySet[Enrichment]:
    """One at most."""
    return enrichments_of(membership).filter(state=EnrichmentState.RUNNING)


def get_enrichment_or_404(membership: Membership, *, pk: UUID) -> Enrichment:
    enrichment = enrichments_of(membership).filter(pk=pk).first()
    if enrichment is None:
        raise Http404("Complément inconnu.")
    return enrichment


def clients_by_siren(membership: Membership, *, sirens: list[str]) -> dict[str, Client | None]:
    """
    SIREN → the firm's file on it; None where this member does not see it.

    That it exists is no secret: nobody can open a second one.
    """
    present = Client.objects.filter(firm=membership.firm_id, siren__in=sirens).values_list("siren", flat=True)
    seen = {client.siren: client for client in clients_visible_to(membership).filter(siren__in=sirens)}
    return {siren: seen.get(siren) for siren in present}
