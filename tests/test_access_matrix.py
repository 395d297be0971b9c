"""The matrix: (method, address, who, code) for every address of the product. A new address must be given its row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import redis
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.services import accept_terms, current_terms
from clients.models import Enrichment, ImportJob, Portfolio
from common.tenancy import tenant
from exports.models import Delivery, ExportConfiguration, FirmExport
from firms.enums import MembershipStatus
from firms.models import ApiKey
from firms.profile import set_logo
from invitations.models import CompanyInvitation, Invitation, InvitationBatch
from invoices.enums import Channel, DepositState
from invoices.models import CompanyExport, Deposit, FirmInvoice, InvoiceFile, KnownSender, Mailbox, Parcel, Recheck
from outbox.models import OutgoingEmail
from tests.factories import MembershipFactory
from tests.world import World, make_world

#: Own firm: administrateur, utilisateur assigned to the client, utilisateur who is not. Then the administrateur of
#: another firm, the client company's owner, another company's owner, nobody, a collaborateur whose access has ended.
WHO = ("administrator", "assigned", "unassigned", "other firm", "company", "other company", "anonymous", "revoked")

Codes = tuple[int, ...]

ANYBODY: Codes = (200,) * 8
FIRM: Codes = (200, 200, 200, 404, 404, 404, 302, 404)
ADMINISTRATORS: Codes = (200, 403, 403, 404, 404, 404, 302, 404)
CLIENT: Codes = (200, 200, 404, 404, 404, 404, 302, 404)
OWN: Codes = (200, 404, 404, 404, 404, 404, 302, 404)
SPACE: Codes = (200, 200, 404, 404, 200, 404, 302, 404)
#: What a company keeps from its firms.
COMPANY: Codes = (404, 404, 404, 404, 200, 404, 302, 404)
#: A company account's own pages: a ComptExpert identity is led to the page that says where its own is managed.
ACCOUNT: Codes = (302, 302, 302, 302, 200, 200, 302, 302)


def then(to: int, codes: Codes) -> Codes:
    """The same people, where the act does not end in a page of its own (302) or finds the form empty (422)."""
    return tuple(to if code == 200 else code for code in codes)


@dataclass(frozen=True)
class Row:
    codes: Codes
    method: str = "GET"
    arguments: str = ""
    data: str = ""


ROWS: dict[str, Row] = {
    "home": Row(ANYBODY),
    "healthz": Row(ANYBODY),
    "metrics": Row(ANYBODY),  # the test client calls from loopback
    "readyz": Row((503,) * 8),  # no worker beats here
    # Previews of e-mails: in development alone.
    "email_previews": Row((404,) * 8),
    "email_preview": Row((404,) * 8, arguments="key=kind"),
    "email_preview_html": Row((404,) * 8, arguments="key=kind theme=kind"),
    # accounts
    "accounts:login": Row((302, 302, 302, 302, 302, 302, 200, 302)),
    "accounts:logout": Row((302,) * 8, "POST"),
    "accounts:entrance": Row((302,) * 8),
    "accounts:columns": Row((302,) * 8, "POST", "name=list"),
    "accounts:terms": Row(ANYBODY, arguments="audience=audience"),
    "accounts:terms_version": Row((404,) * 8, arguments="audience=audience version=kind"),
    "accounts:account": Row((200, 200, 200, 200, 200, 200, 302, 200)),
    "accounts:close_session": Row((302,) * 8, "POST"),
    "account_login": Row((302, 302, 302, 302, 302, 302, 200, 302)),
    "account_logout": Row((302,) * 8, "POST"),
    "account_inactive": Row(ANYBODY),
    "account_signup": Row((302,) * 8),
    "account_reset_password": Row(ANYBODY),
    "account_reset_password_done": Row(ANYBODY),
    "account_reset_password_from_key": Row(ANYBODY, arguments="uidb36=uidb36 key=reset_key"),
    "account_reset_password_from_key_done": Row(ANYBODY),
    "account_email": Row(ACCOUNT),
    "account_confirm_email": Row(ANYBODY, arguments="key=token"),
    "account_change_password": Row(ACCOUNT),
    "account_reauthenticate": Row(ACCOUNT),
    # Second factors: each of their pages asks a company account to prove first who is there (302).
    "mfa_index": Row((200, 200, 200, 200, 200, 200, 302, 200)),
    "mfa_list_webauthn": Row((200, 200, 200, 200, 200, 200, 302, 200)),
    "mfa_authenticate": Row((302,) * 8),
    "mfa_login_webauthn": Row((302,) * 8),
    "mfa_activate_totp": Row((302,) * 8),
    "mfa_deactivate_totp": Row(then(404, ACCOUNT)),
    "mfa_view_recovery_codes": Row(then(404, ACCOUNT)),
    "mfa_generate_recovery_codes": Row((302,) * 8),
    "mfa_download_recovery_codes": Row(then(404, ACCOUNT)),
    "mfa_add_webauthn": Row((302,) * 8),
    "mfa_edit_webauthn": Row((302,) * 8, arguments="pk=number"),
    "mfa_remove_webauthn": Row((302,) * 8, arguments="pk=number"),
    "mfa_reauthenticate": Row((302,) * 8),
    "mfa_reauthenticate_webauthn": Row((302,) * 8),
    # firms
    "firms:comptexpert_login": Row((503,) * 8),  # no ComptExpert answers here: a page to start again
    "firms:comptexpert_callback": Row((400,) * 8),
    "firms:comptexpert_back": Row(ANYBODY),
    "firms:comptexpert_backchannel": Row((400,) * 8, "POST"),
    "firms:choose": Row((302, 302, 302, 302, 200, 200, 302, 200)),
    "firms:switch": Row((200, 200, 200, 200, 200, 200, 302, 200)),
    "firms:home": Row(FIRM, arguments="siret"),
    "first_steps": Row(FIRM, arguments="siret"),
    "rights": Row(FIRM, arguments="siret"),
    "firms:users": Row(FIRM, arguments="siret"),
    "firms:set_role": Row(then(302, ADMINISTRATORS), "POST", "siret pk=member", "role=user"),
    "firms:profile": Row(FIRM, arguments="siret"),
    "firms:edit_profile": Row(ADMINISTRATORS, arguments="siret"),
    "firms:logo": Row(ANYBODY, arguments="pk=logo"),  # invitations show it to people without an account
    "firms:create_key": Row(ADMINISTRATORS, arguments="siret"),
    "firms:edit_key": Row(ADMINISTRATORS, arguments="siret pk=key"),
    "firms:revoke_key": Row(then(302, ADMINISTRATORS), "POST", "siret pk=key"),
    "firms:terms_proof": Row(then(404, ADMINISTRATORS), arguments="siret"),  # this firm has none to show
    "firms:show_key": Row(then(503, ADMINISTRATORS), "POST", "siret pk=key"),
    "firms:regenerate_key": Row(then(302, ADMINISTRATORS), "POST", "siret pk=key"),
    "firms:journal": Row(ADMINISTRATORS, arguments="siret"),
    "firms:journal_export": Row(ADMINISTRATORS, arguments="siret"),
    "firms:emails": Row(ADMINISTRATORS, arguments="siret"),
    "firms:retry_email": Row(then(302, ADMINISTRATORS), "POST", "siret pk=email"),
    # clients
    "clients:companies": Row((200, 200, 200, 200, 302, 302, 302, 200)),
    "clients:terms": Row(then(302, FIRM), arguments="siret"),
    "clients:list": Row(FIRM, arguments="siret"),
    "clients:figures": Row(FIRM, arguments="siret"),
    "clients:export": Row(FIRM, arguments="siret"),
    "clients:archive_many": Row(then(302, ADMINISTRATORS), "POST", "siret"),
    "clients:restore_many": Row(then(302, ADMINISTRATORS), "POST", "siret"),
    "clients:assign_many": Row(then(302, ADMINISTRATORS), "POST", "siret"),
    "clients:group_many": Row(then(302, ADMINISTRATORS), "POST", "siret"),
    "clients:portfolios": Row(ADMINISTRATORS, arguments="siret"),
    "clients:portfolio_create": Row(ADMINISTRATORS, arguments="siret"),
    "clients:portfolio": Row(ADMINISTRATORS, arguments="siret pk=portfolio"),
    "clients:portfolio_rename": Row(ADMINISTRATORS, arguments="siret pk=portfolio"),
    "clients:portfolio_delete": Row(ADMINISTRATORS, arguments="siret pk=portfolio"),
    "clients:portfolio_member": Row(then(302, ADMINISTRATORS), "POST", "siret pk=portfolio member=member"),
    "clients:portfolio_client": Row(then(302, ADMINISTRATORS), "POST", "siret pk=portfolio client=client"),
    "clients:create": Row(FIRM, arguments="siret"),
    "clients:lookup": Row(FIRM, arguments="siret"),
    "clients:complete": Row(then(302, ADMINISTRATORS), arguments="siret"),  # one is under way
    "clients:enrichment": Row(ADMINISTRATORS, arguments="siret pk=enrichment"),
    "clients:enrichment_progress": Row(ADMINISTRATORS, arguments="siret pk=enrichment"),
    "clients:enrichment_stop": Row(then(302, ADMINISTRATORS), "POST", "siret pk=enrichment"),
    "clients:import": Row(FIRM, arguments="siret"),
    "clients:import_jedeclare": Row(FIRM, arguments="siret"),
    "clients:import_template": Row(FIRM, arguments="siret"),
    "clients:import_prefilled": Row(FIRM, arguments="siret"),
    "clients:running": Row(FIRM, arguments="siret"),
    "clients:import_review": Row(OWN, arguments="siret pk=import"),
    "clients:import_progress": Row(OWN, arguments="siret pk=import"),
    "clients:import_columns": Row(then(422, OWN), "POST", "siret pk=import"),
    "clients:import_confirm": Row(then(302, OWN), "POST", "siret pk=import"),
    "clients:import_cancel": Row(then(302, OWN), "POST", "siret pk=import"),
    "clients:import_undo": Row(then(302, OWN), "POST", "siret pk=import"),
    "clients:import_errors": Row(OWN, arguments="siret pk=import"),
    "clients:detail": Row(CLIENT, arguments="siret pk=client"),
    "clients:sight": Row(CLIENT, arguments="siret pk=client"),
    "clients:edit": Row(CLIENT, arguments="siret pk=client"),
    "clients:archive": Row((302, 403, 404, 404, 404, 404, 302, 404), "POST", "siret pk=client"),
    "clients:restore": Row((302, 403, 404, 404, 404, 404, 302, 404), "POST", "siret pk=client"),
    "clients:set_assignment": Row(then(302, ADMINISTRATORS), "POST", "siret pk=client member=member"),
    # `member` is the second utilisateur; each opens his or her own page.
    "clients:member": Row((200, 404, 200, 404, 404, 404, 302, 404), arguments="siret pk=member"),
    "clients:files_left": Row(FIRM, arguments="siret"),
    "clients:give_files": Row(then(302, ADMINISTRATORS), "POST", "siret pk=member"),
    "clients:take_files": Row(then(302, ADMINISTRATORS), "POST", "siret pk=member"),
    "clients:hand_over": Row(ADMINISTRATORS, arguments="siret pk=member"),
    # A company's own settings keep its firms out.
    "clients:company_settings": Row((404, 404, 404, 404, 200, 404, 302, 404), arguments="siren"),
    "clients:company_terms_proof": Row((404, 404, 404, 404, 200, 404, 302, 404), arguments="siren pk=acceptance"),
    # invitations
    "invitations:open": Row((404,) * 8, arguments="token=token"),
    "invitations:renew": Row(ANYBODY, "POST", "token=token"),
    "invitations:join": Row((404,) * 8, arguments="token=token"),
    # Who is in a company space, and which firms see it, is the company's own: its firms are kept out.
    "invitations:company_firms": Row(COMPANY, arguments="siren"),
    "invitations:approve": Row(then(302, COMPANY), "POST", "siren pk=request"),
    "invitations:decline": Row(then(302, COMPANY), "POST", "siren pk=request"),
    "invitations:close_space": Row(COMPANY, arguments="siren"),
    "invitations:company_users": Row(COMPANY, arguments="siren"),
    "invitations:resend_colleague": Row(then(302, COMPANY), "POST", "siren pk=colleague"),
    "invitations:revoke_colleague": Row(then(302, COMPANY), "POST", "siren pk=colleague"),
    "invitations:company_role": Row(then(302, COMPANY), "POST", "siren pk=company_member", "role=member"),
    "invitations:company_hand_over": Row(then(302, COMPANY), "POST", "siren pk=company_member"),
    "invitations:company_remove": Row(then(302, COMPANY), "POST", "siren pk=company_member"),
    "invitations:choose": Row(FIRM, arguments="siret"),
    "invitations:start": Row(then(302, FIRM), "POST", "siret"),
    "invitations:invite": Row(then(302, CLIENT), "POST", "siret pk=client"),
    "invitations:of_client": Row(CLIENT, arguments="siret pk=client"),
    "invitations:list": Row(FIRM, arguments="siret"),
    "invitations:send_again": Row(then(302, FIRM), "POST", "siret"),
    "invitations:settings": Row(FIRM, arguments="siret"),
    "invitations:preview": Row(FIRM, "POST", "siret"),
    "invitations:running": Row(FIRM, arguments="siret"),
    "invitations:batch": Row(OWN, arguments="siret pk=batch"),
    "invitations:batch_progress": Row(OWN, arguments="siret pk=batch"),
    "invitations:resend": Row(then(302, CLIENT), "POST", "siret pk=invitation"),
    "invitations:terms_proof": Row(then(404, CLIENT), arguments="siret pk=invitation"),  # as above
    "invitations:revoke": Row(then(302, CLIENT), "POST", "siret pk=invitation"),
    # invoices
    "invoices:figures": Row(FIRM, arguments="siret"),
    "invoices:company_list": Row(SPACE, arguments="siren"),
    "invoices:company_home": Row(SPACE, arguments="siren"),
    "invoices:company_sums": Row(SPACE, arguments="siren"),
    "invoices:company_list_export": Row(SPACE, arguments="siren"),
    "invoices:company_view": Row(then(302, SPACE), "POST", "siren", "nom=Vue"),
    "invoices:firm_sums": Row(FIRM, arguments="siret"),
    "invoices:firm_list_export": Row(FIRM, arguments="siret"),
    "invoices:firm_view": Row(then(302, FIRM), "POST", "siret", "nom=Vue"),
    "invoices:company_detail": Row(SPACE, arguments="siren pk=invoice"),
    "invoices:company_file": Row(SPACE, arguments="siren pk=invoice kind=kind"),
    "invoices:company_kept": Row(SPACE, arguments="siren pk=invoice"),
    "invoices:company_preview": Row(SPACE, arguments="siren pk=invoice kind=kind"),
    "invoices:company_decide": Row(then(302, SPACE), "POST", "siren pk=invoice act=act"),
    "invoices:company_status": Row(then(302, SPACE), "POST", "siren pk=invoice", "status=204"),
    "invoices:company_comment": Row(then(302, SPACE), "POST", "siren pk=invoice", "text=Vu"),
    "invoices:company_bulk": Row(then(302, SPACE), "POST", "siren"),
    "invoices:automatic": Row(COMPANY, arguments="siren"),
    "invoices:rechecks": Row(SPACE, arguments="siren"),
    "invoices:recheck": Row(SPACE, arguments="siren pk=recheck"),
    "invoices:recheck_progress": Row(SPACE, arguments="siren pk=recheck"),
    "invoices:earlier": Row(COMPANY, arguments="siren"),
    "invoices:leave": Row(COMPANY, arguments="siren"),
    "invoices:export_progress": Row(COMPANY, arguments="siren pk=archive"),
    "invoices:export_archive": Row(then(404, COMPANY), arguments="siren pk=archive"),  # not ready yet
    "invoices:deposit": Row(SPACE, arguments="siren"),
    "invoices:deposits_latest": Row(SPACE, arguments="siren"),
    "invoices:deposit_detail": Row(SPACE, arguments="siren pk=deposit"),
    "invoices:deposit_compare": Row(then(302, SPACE), arguments="siren pk=deposit"),
    "invoices:deposit_pair": Row(then(404, SPACE), "POST", "siren pk=deposit"),  # no invoice is named here
    "invoices:deposit_move": Row(then(302, SPACE), "POST", "siren pk=deposit"),
    "invoices:deposit_sort": Row(then(302, SPACE), "POST", "siren pk=deposit act=read_again"),
    "invoices:parcels_latest": Row(SPACE, arguments="siren"),
    "invoices:parcel_original": Row(SPACE, arguments="siren pk=parcel"),
    "invoices:mailboxes": Row(SPACE, arguments="siren"),
    # Who writes to a company is its own affair.
    "invoices:sender_add": Row(then(422, COMPANY), "POST", "siren"),
    "invoices:sender_remove": Row(then(302, COMPANY), "POST", "siren pk=sender"),
    "invoices:mailbox_renew": Row(then(302, COMPANY), "POST", "siren pk=mailbox"),
    "invoices:message_accept": Row(then(302, COMPANY), "POST", "siren pk=parcel"),
    "invoices:message_refuse": Row(then(302, COMPANY), "POST", "siren pk=parcel"),
    "invoices:deposit_original": Row(SPACE, arguments="siren pk=deposit"),
    "invoices:deposit_party": Row(SPACE, arguments="siren"),
    "invoices:deposit_preview": Row(SPACE, arguments="siren pk=deposit"),
    "invoices:deposit_complete": Row(SPACE, arguments="siren pk=incomplete"),
    "invoices:deposit_refuse": Row(then(302, SPACE), "POST", "siren pk=incomplete", "reason=Devis"),
    "invoices:deposit_for": Row(FIRM, arguments="siret"),
    "invoices:firm_list": Row(FIRM, arguments="siret"),
    "invoices:firm_detail": Row(CLIENT, arguments="siret pk=part"),
    "invoices:firm_file": Row(CLIENT, arguments="siret pk=part kind=kind"),
    "invoices:firm_kept": Row(CLIENT, arguments="siret pk=part"),
    "invoices:firm_preview": Row(CLIENT, arguments="siret pk=part kind=kind"),
    "invoices:firm_decide": Row(then(302, CLIENT), "POST", "siret pk=part act=act"),
    "invoices:firm_status": Row(then(302, CLIENT), "POST", "siret pk=part", "status=204"),
    "invoices:firm_comment": Row(then(302, CLIENT), "POST", "siret pk=part", "text=Vu"),
    "invoices:firm_bulk": Row(then(302, FIRM), "POST", "siret"),
    "invoices:of_client": Row(CLIENT, arguments="siret pk=client"),
    # exports; the partner API knows keys, not people (tests/exports has its matrix of keys)
    "exports:comapi_enterprise": Row((401,) * 8),
    "exports:comapi_invoices": Row((401,) * 8, arguments="siren=siren direction=direction state=transfer"),
    "exports:comapi_download": Row(
        (401,) * 8, arguments="siren=siren direction=direction state=transfer name=file_name"
    ),
    "exports:comapi_unknown": Row((404,) * 8),
    "api_v1:openapi-json": Row(ANYBODY),
    "api_v1:openapi-view": Row(ANYBODY),
    "api_v1:api-root": Row((404,) * 8),
    "api_v1:me": Row((401,) * 8),
    "api_v1:deposits": Row((401,) * 8, "POST"),
    "api_v1:deposit": Row((401,) * 8, arguments="pk=deposit"),
    "exports:partners": Row(FIRM, arguments="siret"),
    "exports:settings": Row(FIRM, arguments="siret"),
    "exports:configuration_new": Row(ADMINISTRATORS, arguments="siret"),
    "exports:configuration_edit": Row(ADMINISTRATORS, arguments="siret pk=configuration"),
    "exports:configuration_switch": Row(then(302, ADMINISTRATORS), "POST", "siret pk=configuration"),
    "exports:address_resume": Row(then(302, ADMINISTRATORS), "POST", "siret pk=configuration"),
    "exports:delivery_resend": Row(then(302, ADMINISTRATORS), "POST", "siret pk=delivery"),
    "exports:data": Row(ADMINISTRATORS, arguments="siret"),
    "exports:data_progress": Row(ADMINISTRATORS, arguments="siret pk=firm_export"),
    "exports:data_stop": Row(then(302, ADMINISTRATORS), "POST", "siret pk=firm_export"),
    "exports:data_confirm": Row(then(503, ADMINISTRATORS), "POST", "siret"),  # no ComptExpert answers here
    "exports:data_archive": Row(then(404, ADMINISTRATORS), arguments="siret pk=firm_export"),  # it is not ready
    "exports:client_connection": Row(CLIENT, arguments="siret pk=client"),
}


@dataclass(frozen=True)
class Stage:
    """The world of the matrix: who comes, and the values that its addresses take."""

    people: dict[str, User | None]
    values: dict[str, Any]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        own, other = make_world(), make_world()
        revoked = MembershipFactory.create(firm=own.cabinet.firm, status=MembershipStatus.DISABLED)
        people = {
            "administrator": own.cabinet.administrator.user,
            "assigned": own.cabinet.assigned.user,
            "unassigned": own.cabinet.unassigned.user,
            "other firm": other.cabinet.administrator.user,
            "company": own.owner.person,
            "other company": other.owner.person,
            "anonymous": None,
            "revoked": revoked.user,
        }
        yield Stage(people=people, values=_values(own))
        transaction.set_rollback(True)


def _values(world: World) -> dict[str, Any]:
    default_storage.delete("x")
    default_storage.save("x", ContentFile(b"%PDF-1.7"))
    logo = _logo(world)
    with tenant(firm=world.cabinet.firm.pk, company=world.company.pk):
        InvoiceFile.objects.update(stored_as="x")
        return {**_WORDS, **_firm_values(world), **_company_values(world), "logo": logo}


#: Values that name no row.
_WORDS = {
    "kind": "original",
    "number": 1,
    "act": "valider",
    "audience": "cabinet",
    "list": "clients",
    "uidb36": "abc",
    "reset_key": "set-password",
    "token": "unknown-token-unknown-token-unknown-token",
    "direction": "AP",
    "transfer": "Transfer",
}


def _firm_values(world: World) -> dict[str, Any]:
    part = FirmInvoice.objects.get()
    return {
        "siret": world.cabinet.firm.siret,
        "client": world.client.pk,
        "member": world.cabinet.unassigned.pk,
        "import": ImportJob.objects.get().pk,
        "portfolio": Portfolio.objects.get().pk,
        "enrichment": Enrichment.objects.get().pk,
        "batch": InvitationBatch.objects.get().pk,
        "invitation": Invitation.objects.get().pk,
        "part": part.pk,
        "file_name": part.file_name,
        "configuration": ExportConfiguration.objects.get().pk,
        "delivery": Delivery.objects.get().pk,
        "firm_export": FirmExport.objects.get().pk,
        "email": OutgoingEmail.objects.get().pk,
        "key": ApiKey.objects.filter(firm=world.cabinet.firm).latest("created_at").pk,
    }


def _logo(world: World) -> UUID:
    set_logo(world.cabinet.administrator, picture=b"a picture")
    logo = world.cabinet.administrator.firm.logo
    assert logo is not None
    return logo


def _company_values(world: World) -> dict[str, Any]:
    terms = current_terms("company")
    return {
        "siren": world.company.siren,
        "invoice": world.invoice.pk,
        "request": _request(world).pk,
        "archive": CompanyExport.objects.get().pk,
        "recheck": Recheck.objects.get().pk,
        "colleague": CompanyInvitation.objects.get().pk,
        "company_member": world.owner.pk,
        "mailbox": Mailbox.objects.get().pk,
        "sender": KnownSender.objects.get().pk,
        "parcel": Parcel.objects.get().pk,
        "deposit": Deposit.objects.get().pk,
        "incomplete": _incomplete_deposit(world).pk,
        "read_again": "relire",
        "acceptance": accept_terms(world.owner.person, terms=terms, party=world.company.pk, ip=None, user_agent="").pk,
    }


def _request(world: World) -> Invitation:
    """The invitation by which a firm waits for the company's owner."""
    Invitation.objects.update(waits_for_owner=True)
    return Invitation.objects.get()


def _incomplete_deposit(world: World) -> Deposit:
    return Deposit.objects.create(
        company=world.company,
        channel=Channel.WEB_COMPANY,
        file_name="photo.pdf",
        size=8,
        sha256="incomplete",
        stored_as="x",
        state=DepositState.INCOMPLETE,
        reason_code="no_data",
    )


def test_every_address_has_its_row() -> None:
    assert set(_names(get_resolver())) == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_address_answers_each_person_by_the_matrix(name: str, stage: Stage, redis_client: redis.Redis) -> None:
    row, answers = ROWS[name], {}
    for who, person in stage.people.items():
        redis_client.flushall()  # nobody is slowed down for what another did
        answers[who] = _answer(row, _address(name, row, stage), person)
    assert answers == dict(zip(WHO, row.codes, strict=True))


def _answer(row: Row, address: str, person: User | None) -> int:
    """The code of the answer; whatever it did is undone."""
    browser = Browser(raise_request_exception=True)
    with transaction.atomic():
        if person is not None:
            backend = "accounts.backends.CompanyBackend" if person.is_company_user else _COMPTEXPERT
            browser.force_login(person, backend=backend)
        response = browser.generic(row.method, address, _form(row), "application/x-www-form-urlencoded")
        response.getvalue()  # a streamed file is read inside the transaction
        transaction.set_rollback(True)
    return response.status_code


_COMPTEXPERT = "firms.comptexpert.backend.ComptExpertBackend"


def _address(name: str, row: Row, stage: Stage) -> str:
    pairs = (argument.partition("=") for argument in row.arguments.split())
    return reverse(name, kwargs={key: stage.values[value or key] for key, _equals, value in pairs})


def _form(row: Row) -> bytes:
    return row.data.encode()


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            yield from _names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
