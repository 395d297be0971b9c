"""« Qui peut quoi », line by line: for each right and each role the act itself is tried, and must do what is shown."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

import clients.permissions as clients
import exports.permissions as exports
import firms.permissions as firms
import invitations.permissions as invitations
import invoices.permissions as invoices
from accounts.models import User
from accounts.services import accept_terms, current_terms
from clients.enums import CompanyRole, EnrichmentState
from clients.models import Client, CompanyMembership, Enrichment
from common.archives.models import ArchiveState
from common.models import JournalEntry
from common.permissions import Right
from common.tenancy import tenant
from exports.models import ClientExport, ExportConfiguration, FirmExport
from firms.enums import Profile, Role
from firms.models import ApiKey, Firm, Membership
from invitations.models import CompanyInvitation
from invoices.enums import Channel, DepositState
from invoices.models import Deposit, Mailbox
from jefacture import rights
from tests.browsing import signed_in
from tests.factories import CompanyUserFactory, make_client, siren
from tests.world import World, make_world


@dataclass(frozen=True)
class Stage:
    world: World
    #: One person for each role.
    people: dict[str, User]
    values: dict[str, Any]


@dataclass(frozen=True)
class Act:
    """What the right allows. It is done when the page is there or, where it writes, when the journal has its line."""

    name: str
    arguments: str
    #: Bytes are a file; words take the values of the stage.
    form: dict[str, str | bytes] | None = None
    line: str = ""
    #: The field that its line says was changed, where it may tell of others.
    changed: str = ""
    #: What must be so for the person to try.
    before: Callable[[Stage, User], None] = field(default=lambda _stage, _person: None)


def _as_expert_before_the_terms(stage: Stage, person: User) -> None:
    Membership.objects.filter(user=person).update(profile=Profile.EXPERT)
    Firm.objects.filter(pk=stage.world.cabinet.firm.pk).update(terms_accepted_at=None)


def _after_the_terms(stage: Stage, _person: User) -> None:
    accept_terms(
        stage.people[Role.ADMINISTRATOR],
        terms=current_terms("firm"),
        party=stage.world.cabinet.firm.pk,
        ip=None,
        user_agent="",
    )


def _after_the_last_archive(stage: Stage, _person: User) -> None:
    with tenant(firm=stage.world.cabinet.firm.pk):
        FirmExport.objects.update(state=ArchiveState.READY)


def _edited(**changes: str) -> dict[str, str | bytes]:
    same = {"siren": "{client_siren}", "name": "{name}", "contact_email": "{contact_email}", "version": "1"}
    return {**same, "country": "FR", "language": "fr", **changes}


ACTS: dict[str, Act] = {
    "can_enter": Act("firms:users", "siret"),
    "can_accept_terms": Act(
        "clients:terms", "siret", {"accept": "on"}, "firm.terms_accepted", before=_as_expert_before_the_terms
    ),
    "can_see_terms_proof": Act("firms:terms_proof", "siret", before=_after_the_terms),
    "can_manage_users": Act("firms:set_role", "siret pk=member", {"role": "administrator"}, "membership.role_changed"),
    "can_edit_profile": Act("firms:edit_profile", "siret", {"sender_name": "Durand"}, "firm.profile_changed"),
    "can_manage_api_keys": Act("firms:regenerate_key", "siret pk=key", {"grace": "0"}, "api_key.regenerated"),
    "can_read_journal": Act("firms:journal", "siret"),
    "can_read_emails": Act("firms:emails", "siret"),
    "can_see_every_client": Act("clients:detail", "siret pk=nobodys"),
    "can_configure_exports": Act(
        "exports:configuration_new",
        "siret",
        {"name": "Lien 2", "recipient": "prod2@cabinet.test"},
        "export.configuration_created",
    ),
    "can_create_client": Act("clients:create", "siret", _edited(siren=siren(77), name="Nouveau"), "client.created"),
    "can_import_clients": Act("clients:import", "siret", {"file": b"SIREN;Raison sociale\n"}, "import.started"),
    "can_edit_client": Act("clients:edit", "siret pk=created", _edited(name="Autre nom"), "client.updated"),
    "can_archive_client": Act("clients:archive", "siret pk=created", {}, "client.archived"),
    "can_assign": Act("clients:set_assignment", "siret pk=created member=member", {}, "client.assigned"),
    "can_manage_portfolios": Act("clients:portfolio_create", "siret", {"name": "Équipe 2"}, "portfolio.created"),
    "can_set_confidential": Act(
        "clients:edit", "siret pk=created", _edited(confidential="on"), "client.updated", "confidential"
    ),
    "can_complete_clients": Act("clients:complete", "siret", {}, "enrichment.started"),
    "can_invite": Act("invitations:start", "siret", {"ids": "{created}"}, "invitation.batch_started"),
    "can_invite_client": Act("invitations:invite", "siret pk=created", {}, "invitation.created"),
    "can_change_settings": Act(
        "invitations:settings",
        "siret",
        {"words": "Bonjour", "reminder_days": "7", "max_reminders": "2"},
        "invitation.settings_changed",
    ),
    "can_deposit": Act("invoices:deposit", "siren", {"file": b"%PDF-1.7"}, "deposit.received"),
    "can_complete": Act("invoices:deposit_refuse", "siren pk=incomplete", {"reason": "Un devis"}, "deposit.refused"),
    "can_sort": Act("invoices:deposit_sort", "siren pk=incomplete act=read_again", {}, "deposit.read_again"),
    "can_recheck": Act(
        "invoices:rechecks", "siren", {"since": "2026-01-01", "until": "2026-12-31"}, "invoice.recheck_started"
    ),
    "can_decide": Act("invoices:company_decide", "siren pk=invoice act=act", {}, "invoice.validated"),
    "can_comment": Act("invoices:company_comment", "siren pk=invoice", {"text": "Vu"}, "invoice.commented"),
    "can_automate": Act(
        "invoices:automatic", "siren", {"AP-enabled": "on", "AR-known_only": "on"}, "invoice.rule_changed"
    ),
    "can_hold": Act(
        "invoices:company_kept", "siren pk=invoice", {"act": "lift", "reason": "Contrôle clos"}, "invoice.released"
    ),
    "can_manage_mail": Act("invoices:mailbox_renew", "siren pk=mailbox", {}, "mailbox.renewed"),
    "can_connect_client": Act(
        "exports:client_connection",
        "siret pk=created",
        {"connexion-configuration": "{configuration}"},
        "export.client_connected",
    ),
    "can_export_firm": Act("exports:data", "siret", {}, "firm.export_started", before=_after_the_last_archive),
    "can_manage_company": Act("invitations:revoke_colleague", "siren pk=colleague", {}, "colleague.revoked"),
}

_MODULES = (firms, clients, invitations, invoices, exports)
RIGHTS: dict[str, Right[Any]] = {
    name: value for module in _MODULES for name, value in vars(module).items() if name.startswith("can_")
}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _make_stage()
        transaction.set_rollback(True)


def _make_stage() -> Stage:
    world = make_world()
    cabinet, company = world.cabinet, world.company
    nobodys = make_client(cabinet.firm)
    with tenant(firm=cabinet.firm.pk, company=company.pk):
        member = CompanyMembership.objects.create(
            company=company, person=CompanyUserFactory.create(), role=CompanyRole.MEMBER
        )
        Enrichment.objects.update(state=EnrichmentState.DONE, wake_at=None)
        ClientExport.objects.all().delete()
        incomplete = Deposit.objects.create(
            company=company,
            channel=Channel.WEB_COMPANY,
            file_name="photo.pdf",
            size=8,
            sha256="incomplete",
            stored_as="x",
            state=DepositState.INCOMPLETE,
            reason_code="no_data",
        )
        values = _values(world, nobodys=nobodys, incomplete=incomplete)
    people = {
        Role.ADMINISTRATOR: cabinet.administrator.user,
        Role.USER: cabinet.assigned.user,
        CompanyRole.OWNER: world.owner.person,
        CompanyRole.MEMBER: member.person,
    }
    return Stage(world, {str(role): person for role, person in people.items()}, values)


def _values(world: World, *, nobodys: Client, incomplete: Deposit) -> dict[str, Any]:
    """What the addresses and forms of the acts name, inside the tenant."""
    return {
        "siret": world.cabinet.firm.siret,
        "siren": world.company.siren,
        "member": world.cabinet.unassigned.pk,
        "created": world.cabinet.client.pk,
        "nobodys": nobodys.pk,
        "key": ApiKey.objects.get(firm=world.cabinet.firm).pk,
        "configuration": ExportConfiguration.objects.get().pk,
        "colleague": CompanyInvitation.objects.get().pk,
        "mailbox": Mailbox.objects.get().pk,
        "incomplete": incomplete.pk,
        "invoice": world.invoice.pk,
        "act": "valider",
        "read_again": "relire",
        "name": world.cabinet.client.name,
        "client_siren": world.cabinet.client.siren,
        "contact_email": world.cabinet.client.contact_email,
    }


@pytest.mark.parametrize("name", ACTS)
def test_right_is_held_by_the_roles_of_its_line_and_no_other(name: str, stage: Stage) -> None:
    assert {role for role in rights.ROLES if _does(role, ACTS[name], stage)} == RIGHTS[name].roles


def _does(role: str, act: Act, stage: Stage) -> bool:
    person = stage.people[role]
    with transaction.atomic():
        act.before(stage, person)
        done = _is_done(act, person, stage)
        transaction.set_rollback(True)
    return done


def _is_done(act: Act, person: User, stage: Stage) -> bool:
    browser = Browser()
    backend = "accounts.backends.CompanyBackend" if person.is_company_user else _COMPTEXPERT
    browser.force_login(person, backend=backend)
    pairs = (argument.partition("=") for argument in act.arguments.split())
    address = reverse(act.name, kwargs={key: stage.values[value or key] for key, _equals, value in pairs})
    if act.form is None:
        return browser.get(address).status_code == 200
    form = {name: _posted(value, stage) for name, value in act.form.items()}
    before = _lines(act, stage)
    answer = browser.post(address, form)
    assert answer.status_code in {302, 403, 404}, _plain(answer.content.decode())[-2000:]
    return _lines(act, stage) == before + 1


_COMPTEXPERT = "firms.comptexpert.backend.ComptExpertBackend"


def _posted(value: str | bytes, stage: Stage) -> str | SimpleUploadedFile:
    return value.format(**stage.values) if isinstance(value, str) else SimpleUploadedFile("fichier.pdf", value)


def _lines(act: Act, stage: Stage) -> int:
    world = stage.world
    with tenant(firm=world.cabinet.firm.pk, company=world.company.pk):
        lines = JournalEntry.objects.filter(action=act.line)
        return (lines.filter(data__changes__has_key=act.changed) if act.changed else lines).count()


@pytest.mark.parametrize("role", Role)
def test_the_firms_own_file_is_edited_by_administrateurs_alone(role: str, stage: Stage) -> None:
    person = stage.people[role]
    with transaction.atomic():
        with tenant(firm=stage.world.cabinet.firm.pk):
            Client.objects.filter(is_firm_file=True).delete()
            Client.objects.filter(pk=stage.world.cabinet.client.pk).update(is_firm_file=True)
            own = Client.objects.get(pk=stage.world.cabinet.client.pk)
        member = Membership.objects.get(user=person, firm=own.firm_id)
        done = _is_done(ACTS["can_edit_client"], person, stage)
        transaction.set_rollback(True)
    assert [done, clients.can_edit_client(member, own)] == [role == Role.ADMINISTRATOR] * 2


def test_every_right_is_in_the_table_and_is_tried() -> None:
    assert {name: type(value) for name, value in RIGHTS.items()} == dict.fromkeys(ACTS, Right)
    assert {right for part in rights.TABLE for right in part.all} == set(RIGHTS.values())


@pytest.mark.django_db
def test_page_shows_each_right_with_who_holds_it(stage: Stage) -> None:
    for role in Role:
        page = signed_in(stage.people[role]).get(reverse("rights", args=[stage.values["siret"]])).content.decode()
        lines = re.findall(r'<th scope="row">(.*?)</tr>', page, flags=re.DOTALL)
        shown = [re.findall(r"Oui|Non", line) for line in lines]
        table = [right for part in rights.TABLE for right in part.all]
        assert shown == [["Oui" if role in right.roles else "Non" for role in rights.ROLES] for right in table]
        labels = [right.label for right in table]
        assert [label for label, line in zip(labels, lines, strict=True) if label not in _plain(line)] == []


def _plain(line: str) -> str:
    return unescape(line).replace("\u00a0", " ")
