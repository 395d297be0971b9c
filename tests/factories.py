"""Rows for tests. What a fence protects is made inside the tenant it belongs to, as the product does."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import factory
from django.utils import timezone
from factory.declarations import LazyFunction, Sequence, SubFactory

from accounts.enums import Kind
from accounts.models import User
from clients.enums import ClientStatus
from clients.models import (
    Client,
    ClientAssignment,
    Company,
    CompanyMembership,
    Portfolio,
    PortfolioClient,
    PortfolioMember,
)
from clients.services import search_text
from common.tenancy import tenant
from firms.enums import MembershipStatus, Profile, Role
from firms.models import Firm, Membership

ISSUER = "https://comptexpert.test"
PASSWORD = "Correct-Horse-42"


def luhn_number(seed: int, *, length: int = 9) -> str:
    """A number of `length` digits that passes Luhn, different for each seed."""
    body = f"{seed:0{length - 1}d}"
    for check in "0123456789":
        digits = [int(d) for d in reversed(body + check)]
        total = sum(d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits))
        if total % 10 == 0:
            return body + check
    raise AssertionError("one of ten check digits always fits")


def siren(n: int) -> str:
    return luhn_number(80_000_000 + n)


def siret(n: int, *, office: int = 1) -> str:
    base = siren(n)
    for last in range(10):
        candidate = f"{base}{office:04d}{last}"
        digits = [int(d) for d in reversed(candidate)]
        if sum(d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits)) % 10 == 0:
            return candidate
    raise AssertionError("one of ten check digits always fits")


class FirmUserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    kind = Kind.COMPTEXPERT
    issuer = ISSUER
    subject = Sequence(lambda n: f"personne.{n}")
    first_name = Sequence(lambda n: f"Prénom{n}")
    last_name = Sequence(lambda n: f"Nom{n}")
    contact_email = Sequence(lambda n: f"personne{n}@cabinet.test")
    password = "!"


class CompanyUserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    kind = Kind.COMPANY
    email = Sequence(lambda n: f"gerant{n}@entreprise.test")
    password = factory.django.Password(PASSWORD)


class FirmFactory(factory.django.DjangoModelFactory[Firm]):
    class Meta:
        model = Firm

    siret = Sequence(lambda n: siret(9000 + n))
    name = Sequence(lambda n: f"Cabinet {n}")
    terms_accepted_at = LazyFunction(timezone.now)


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    firm = SubFactory(FirmFactory)
    user = SubFactory(FirmUserFactory)
    role = Role.USER
    profile = Profile.COLLABORATOR
    status = MembershipStatus.ACTIVE


class AdministratorFactory(MembershipFactory):
    role = Role.ADMINISTRATOR
    profile = Profile.EXPERT


_counter = iter(range(100_000, 10_000_000))  # the tests themselves use the numbers below


def make_client(
    firm: Firm, *, status: str = ClientStatus.CREATED, company: Company | None = None, **fields: Any
) -> Client:
    n = next(_counter)
    fields.setdefault("siren", company.siren if company else siren(n))
    fields.setdefault("name", company.name if company else f"Client {n}")
    fields.setdefault("contact_email", f"client{n}@entreprise.test")
    with tenant(firm=firm.pk):
        client = Client(firm=firm, status=status, company=company, **fields)
        client.search = search_text(client)
        client.save(force_insert=True)
    return client


def make_company(**fields: Any) -> Company:
    n = next(_counter)
    fields.setdefault("siren", siren(n))
    fields.setdefault("name", f"Entreprise {n}")
    company = Company(pk=uuid4(), **fields)
    with tenant(platform="tests make a company space"):
        company.save(force_insert=True)
    return company


def make_owner(company: Company, **fields: Any) -> CompanyMembership:
    person = CompanyUserFactory.create(**fields)
    with tenant(company=company.pk):
        return CompanyMembership.objects.create(company=company, person=person)


def make_active_client(firm: Firm, **fields: Any) -> Client:
    """An « Actif » client file with its company space."""
    return make_client(firm, status=ClientStatus.ACTIVE, company=make_company(), activated_at=timezone.now(), **fields)


def assign_to(client: Client, member: Membership) -> ClientAssignment:
    with tenant(firm=client.firm_id):
        return ClientAssignment.objects.create(firm_id=client.firm_id, client=client, membership=member)


def make_portfolio(
    firm: Firm, name: str, *, clients: Iterable[Client] = (), members: Iterable[Membership] = ()
) -> Portfolio:
    with tenant(firm=firm.pk):
        portfolio = Portfolio.objects.create(firm=firm, name=name)
        for client in clients:
            PortfolioClient.objects.create(firm=firm, portfolio=portfolio, client=client)
        for member in members:
            PortfolioMember.objects.create(firm=firm, portfolio=portfolio, membership=member)
    return portfolio


@dataclass(frozen=True)
class Cabinet:
    """A firm as the tests always have it: who administers, who is assigned to `client`, who is not."""

    firm: Firm
    administrator: Membership
    assigned: Membership
    unassigned: Membership
    client: Client


def make_cabinet(**firm_fields: Any) -> Cabinet:
    firm = FirmFactory.create(**firm_fields)
    administrator = AdministratorFactory.create(firm=firm)
    assigned, unassigned = MembershipFactory.create(firm=firm), MembershipFactory.create(firm=firm)
    client = make_client(firm)
    assign_to(client, assigned)
    return Cabinet(firm=firm, administrator=administrator, assigned=assigned, unassigned=unassigned, client=client)
