"""A deposit by API: kept once for one `Idempotency-Key`, for a client that its SIREN or the file itself names."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from clients.models import Client
from common import vault
from common.identifiers import IdentifierError, clean_siren
from common.tenancy import tenant
from exports.selectors.partner_deposits import FoundDeposit, find_deposit
from exports.selectors.pull import pullable_clients
from firms.models import ApiKey
from invoices.enums import Channel
from invoices.formats.errors import InvoiceRefused
from invoices.models import Deposit, Parcel, PartnerDeposit
from invoices.opening import READ_LIMITS, Quarantined, open_invoice
from invoices.services.receiving import DepositError, Origin, check_file, keep_stored

MAX_IDEMPOTENCY_KEY: Final = 255
_NO_CLIENT: Final = "Aucun client actif du cabinet ne porte ce SIREN."
_NEEDED: Final = (
    "Le fichier ne nomme en données structurées aucun client actif du cabinet : donnez son SIREN dans `siren`."
)
_AMBIGUOUS: Final = "Le vendeur et l'acheteur sont tous deux clients du cabinet : donnez dans `siren` celui qui dépose."


class Refused(Exception):  # noqa: N818 - reads as what happened
    """Nothing was taken; the French `reason`, a stable `code` and the HTTP `status` that says it."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(code)
        self.status, self.code, self.reason = status, code, reason


@dataclass(frozen=True, slots=True)
class Sent:
    """What a call says; `siren` and `idempotency_key` are empty where it says nothing of them."""

    file: "UploadedFile[Any]"
    siren: str
    idempotency_key: str

    @property
    def name(self) -> str:
        return (self.file.name or "sans nom")[-255:]

    def fingerprint(self) -> str:
        """Two calls are the same where it is: their file, its name and their SIREN."""
        content = hashlib.sha256()
        for chunk in self.file.chunks():
            content.update(chunk)
        return hashlib.sha256(f"{content.hexdigest()}\n{self.siren}\n{self.name}".encode()).hexdigest()


def deposit_by_key(key: ApiKey, *, sent: Sent) -> FoundDeposit:
    """
    Keep the file for the client it is for. Raises Refused; then nothing is kept.

    Where the call names no SIREN, the file is read first, in a child and no longer than it takes to read one: what
    cannot be told at once is asked for, so that no file ever waits without a company.
    """
    _check(sent)
    fingerprint = sent.fingerprint()
    with tenant(firm=key.firm_id):
        former = _former(key, sent)
    if former is not None:
        return _answer(key, former, fingerprint)
    named = _named_client(key, sent) if sent.siren else None
    with vault.undone_on_error():
        stored = vault.keep(sent.file.chunks(), folder="depots")
        kept = _keep(key, named or _client_in(key, stored.name), sent, stored, fingerprint)
    if kept is None:
        vault.forget(stored.name)
        return _answer(key, _lasting(key, sent), fingerprint)
    return kept


def _check(sent: Sent) -> None:
    if len(sent.idempotency_key) > MAX_IDEMPOTENCY_KEY or "\0" in sent.idempotency_key:
        raise Refused(422, "invalid_idempotency_key", "`Idempotency-Key` a 255 caractères au plus.")
    try:
        check_file(next(iter(sent.file.chunks()), b""), size=sent.file.size or 0)
    except DepositError as error:
        raise Refused(422, "invalid_file", str(error)) from None


def _keep(key: ApiKey, client: Client, sent: Sent, stored: vault.Stored, fingerprint: str) -> FoundDeposit | None:
    """None where another call with the same `Idempotency-Key` is there: it was quicker, and has been waited for."""
    assert client.company is not None  # noqa: S101 - see pullable_clients
    row = PartnerDeposit(
        firm_id=key.firm_id,
        key=key,
        company=client.company,
        idempotency_key=sent.idempotency_key or None,
        fingerprint=fingerprint,
    )
    with tenant(firm=key.firm_id, company=client.company.pk):
        PartnerDeposit.objects.bulk_create([row], ignore_conflicts=True)
        if not PartnerDeposit.objects.filter(pk=row.pk).exists():
            return None
        origin = Origin(actor=key, company=client.company, channel=Channel.API, firm_id=key.firm_id)
        item, _new = keep_stored(origin, file_name=sent.name, stored=stored)
        row.deposit = item if isinstance(item, Deposit) else None
        row.parcel = item if isinstance(item, Parcel) else None
        row.save(update_fields=["deposit", "parcel"])
        return FoundDeposit(_whole(item), client.siren)


def _named_client(key: ApiKey, sent: Sent) -> Client:
    try:
        siren = clean_siren(sent.siren)
    except IdentifierError as error:
        raise Refused(422, "invalid_siren", f"{sent.siren} : {error}") from None
    with tenant(firm=key.firm_id):
        client = pullable_clients(key.firm_id).select_related("company").filter(siren=siren).first()
    if client is None:
        raise Refused(404, "client_not_found", _NO_CLIENT)
    return client


def _client_in(key: ApiKey, stored_as: str) -> Client:
    """The one client of the firm that is the seller or the buyer by the file's structured identifiers."""
    try:
        with vault.as_local_file(stored_as) as path:
            typed = open_invoice(path, check=False, limits=READ_LIMITS).invoice
    except (InvoiceRefused, Quarantined):
        typed = None
    sirens = {party.siren for party in (typed.seller, typed.buyer) if party.siren} if typed else set()
    with tenant(firm=key.firm_id):
        found = list(pullable_clients(key.firm_id).filter(siren__in=sirens).select_related("company")[:2])
    if len(found) != 1:
        raise Refused(422, *(("siren_ambiguous", _AMBIGUOUS) if found else ("siren_needed", _NEEDED)))
    return found[0]


def _former(key: ApiKey, sent: Sent) -> PartnerDeposit | None:
    if not sent.idempotency_key:
        return None
    return PartnerDeposit.objects.filter(key=key, idempotency_key=sent.idempotency_key).first()


def _lasting(key: ApiKey, sent: Sent) -> PartnerDeposit:
    with tenant(firm=key.firm_id):
        return PartnerDeposit.objects.get(key=key, idempotency_key=sent.idempotency_key)


def _answer(key: ApiKey, former: PartnerDeposit, fingerprint: str) -> FoundDeposit:
    if former.fingerprint != fingerprint:
        reason = "Cette `Idempotency-Key` a déjà servi à un autre envoi : donnez-en une nouvelle."
        raise Refused(422, "idempotency_key_reused", reason)
    found = find_deposit(key.firm_id, pk=former.answered_id)
    if found is None:
        raise Refused(404, "client_not_found", _NO_CLIENT)
    return found


def _whole(item: Deposit | Parcel) -> Deposit | Parcel:
    """With its invoice, which the answer names where the same bytes were filed before."""
    if isinstance(item, Deposit) and item.invoice_id is not None:
        return Deposit.objects.select_related("invoice").get(pk=item.pk)
    return item
