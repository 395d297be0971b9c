from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client, Company
from clients.permissions import can_archive_client, can_create_client, can_edit_client, can_set_confidential
from clients.selectors import lock_client
from clients.services.bulk import archive_clients, assign_clients, restore_clients, unassign_clients
from common.folding import fold
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from firms.models import Membership
from firms.services import accept_firm_terms

#: What a person or an import may write on a client file.
EDITABLE = (
    "name",
    "siren",
    "siret",
    "vat_number",
    "street",
    "postal_code",
    "city",
    "country",
    "iban",
    "bic",
    "language",
    "contact_last_name",
    "contact_first_name",
    "contact_email",
    "contact_phone",
    "code",
)
#: What a client file is found by, in the order in which files are listed.
SEARCHED = ("name", "siren", "code", "contact_email", "contact_last_name", "contact_first_name", "city")
_SEARCH_LENGTH = Client._meta.get_field("search").max_length


class ClientExistsError(ValueError):
    """The firm already has a file on this SIREN."""

    def __init__(self) -> None:
        super().__init__("Un dossier client existe déjà pour ce SIREN.")


class StaleClientError(ValueError):
    """The file was changed by somebody else since it was opened."""


def search_text(client: Client) -> str:
    """`Client.search` of this file as it is now."""
    return searched(" ".join(getattr(client, name) for name in SEARCHED))


def searched(words: str) -> str:
    """The values of the SEARCHED fields, one after the other, as `Client.search` holds them."""
    return fold(words)[:_SEARCH_LENGTH]


def create_client(actor: Membership, *, values: dict[str, Any]) -> Client:
    """Open a client file. Raises ClientExistsError when the firm has one on this SIREN."""
    require(can_create_client(actor), "Vous ne pouvez pas créer de dossier client.")
    with tenant(firm=actor.firm_id):
        client = Client(firm_id=actor.firm_id, created_by=actor, **values)
        client.search = search_text(client)
        try:
            with transaction.atomic():
                client.save(force_insert=True)
        except IntegrityError as error:
            if Client.objects.filter(firm=actor.firm_id, siren=client.siren).exists():
                raise ClientExistsError from error
            raise
        record(actor, "client.created", client)
    return client


def update_client(actor: Membership, *, client: Client, values: dict[str, Any], version: int) -> Client:
    """Change a file that was read at `version`. Raises StaleClientError when somebody changed it since."""
    require(can_edit_client(actor, client), "Seul un administrateur modifie le dossier du cabinet.")
    hides = "confidential" in values
    require(not hides or can_set_confidential(actor), "Seul un administrateur rend un dossier confidentiel.")
    with tenant(firm=actor.firm_id):
        locked = lock_client(client.pk)
        if locked.version != version:
            raise StaleClientError("Ce dossier a été modifié entre-temps par une autre personne.")
        changes = {
            name: [getattr(locked, name), value] for name, value in values.items() if getattr(locked, name) != value
        }
        if changes:
            for name, (_old, new) in changes.items():
                setattr(locked, name, new)
            locked.search = search_text(locked)
            locked.version += 1
            locked.updated_at = timezone.now()
            locked.save(update_fields=[*changes, "search", "version", "updated_at"])
            record(actor, "client.updated", locked, changes=changes)
    return locked


def archive_client(actor: Membership, *, client: Client) -> None:
    """« Archivé »: no new invoice reaches the firm by this file; what was received stays readable."""
    require(can_archive_client(actor) and not client.is_firm_file, "Seul un administrateur archive un dossier client.")
    archive_clients(actor, clients=Client.objects.filter(pk=client.pk))


def restore_client(actor: Membership, *, client: Client) -> None:
    restore_clients(actor, clients=Client.objects.filter(pk=client.pk))


def assign(actor: Membership, *, client: Client, member: Membership) -> None:
    """« Affectation »: give `member` the file. Repeating it is harmless. Raises NoAccessError."""
    assign_clients(actor, clients=Client.objects.filter(pk=client.pk), members=[member])


def unassign(actor: Membership, *, client: Client, member: Membership) -> None:
    unassign_clients(actor, clients=Client.objects.filter(pk=client.pk), members=[member])


def open_firm(actor: Membership, *, ip: str | None, user_agent: str) -> None:
    """
    The expert-comptable accepts the CGU: the firm's own file and company space are made in the same transaction.

    Two offices of one SIREN share that space: the SIREN is the firm's own, no approval is asked.
    """
    with transaction.atomic():
        with tenant(firm=actor.firm_id):
            if not accept_firm_terms(actor, ip=ip, user_agent=user_agent):
                return
        company = ensure_company(siren=actor.firm.siren, name=actor.firm.name)
        with tenant(firm=actor.firm_id):
            _open_firm_file(actor, company)


def ensure_company(*, siren: str, name: str) -> Company:
    """The company space of `siren`, made where it is missing. Opens its own context: call it outside any other."""
    with tenant(platform="a company space is looked up, and made, before its tenant is known"):
        company = Company.objects.filter(siren=siren).first()
        if company is None:
            Company.objects.bulk_create([Company(id=uuid4(), siren=siren, name=name)], ignore_conflicts=True)
            company = Company.objects.get(siren=siren)
    return company


def _open_firm_file(actor: Membership, company: Company) -> None:
    firm = actor.firm
    file = Client(
        firm=firm,
        company=company,
        status=ClientStatus.ACTIVE,
        activated_at=timezone.now(),
        is_firm_file=True,
        name=firm.name,
        siren=firm.siren,
        siret=firm.siret,
        street=firm.street,
        postal_code=firm.postal_code,
        city=firm.city,
    )
    file.search = search_text(file)
    existing = Client.objects.select_for_update().filter(firm=firm, siren=firm.siren).first()
    if existing is None:
        file.save(force_insert=True)
        record(actor, "client.firm_file_opened", file)
