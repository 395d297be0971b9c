"""API keys: `jf_` and 43 random characters; the database holds a hash to find it and a sealed copy to show it again."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NotRequired, TypedDict, Unpack

from django.db.models import Q
from django.utils import timezone

from common import typography
from common.journal import record
from common.permissions import require
from common.sealing import seal, unseal
from common.tenancy import tenant
from firms.models import ApiKey, Firm, Membership, PartnerSoftware
from firms.networks import is_within
from firms.permissions import can_manage_api_keys

ONLY_ADMINISTRATORS = "Seul un administrateur du cabinet voit et gère les clés API."
_USE_PRECISION = timedelta(minutes=1)
#: A software that calls from the wrong place calls again and again.
_REFUSAL_PRECISION = timedelta(hours=1)


class Rules(TypedDict):
    """What a key may do, for whom, from where and until when; everything, anybody, anywhere and always unless given."""

    scopes: NotRequired[Sequence[str]]
    software: NotRequired[PartnerSoftware | None]
    networks: NotRequired[Sequence[str]]
    expires_at: NotRequired[datetime | None]


class KeyReplacedError(ValueError):
    """The key has a successor already, or has ended."""

    def __init__(self) -> None:
        super().__init__("Cette clé est déjà remplacée.")


def find_key(raw: str) -> ApiKey | None:
    """The key in force with this value; None for an unknown, expired or revoked one."""
    now = timezone.now()
    return (
        ApiKey.objects.filter(sha256=_hash(raw), revoked_at__isnull=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .select_related("firm", "software")
        .first()
    )


def may_call_from(key: ApiKey, address: str | None) -> bool:
    return not key.networks or is_within(address, key.networks)


def note_use(key: ApiKey) -> None:
    """Remember the last use, written at most once a minute."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - _USE_PRECISION:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def note_refusal(key: ApiKey, *, address: str | None) -> None:
    """Remember a call from where none may come, with a line of the journal, at most once an hour."""
    now = timezone.now()
    long_ago = Q(refused_at__isnull=True) | Q(refused_at__lt=now - _REFUSAL_PRECISION)
    with tenant(firm=key.firm_id):
        if ApiKey.objects.filter(long_ago, pk=key.pk).update(refused_at=now, refused_from=address):
            record(key, "api_key.refused", key, refused_from=address)


def issue_key(firm: Firm, *, name: str, raw: str | None = None, **rules: Unpack[Rules]) -> tuple[ApiKey, str]:
    """A new key of the firm and its value."""
    raw = raw or f"jf_{secrets.token_urlsafe(32)}"
    return ApiKey.objects.create(firm=firm, name=name, sha256=_hash(raw), sealed=seal(raw), **rules), raw


def create_key(actor: Membership, *, name: str, **rules: Unpack[Rules]) -> ApiKey:
    require(can_manage_api_keys(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        key, _raw = issue_key(actor.firm, name=name, **rules)
        record(actor, "api_key.issued", key, **_told(key))
    return key


def change_key(actor: Membership, *, key: ApiKey, name: str, **rules: Unpack[Rules]) -> None:
    """Raises KeyReplacedError."""
    require(can_manage_api_keys(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        locked = _lock(actor, key)
        before = _told(locked)
        changed: Mapping[str, object] = {"name": name, **rules}
        for field, value in changed.items():
            setattr(locked, field, value)
        after = {field: value for field, value in _told(locked).items() if value != before[field]}
        if after:
            locked.save(update_fields=list(changed))
            record(actor, "api_key.changed", locked, before={field: before[field] for field in after}, after=after)


def reveal_key(actor: Membership, *, key: ApiKey) -> str:
    """The key's value, shown to an administrateur; the journal says so."""
    require(can_manage_api_keys(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        record(actor, "api_key.shown", key)
    return unseal(bytes(key.sealed))


def regenerate_key(actor: Membership, *, key: ApiKey, grace: timedelta) -> tuple[ApiKey, datetime]:
    """
    A new key with the old one's name and rules; the old one works until the end of the grace period, given back.

    A key that was to end lives as long again. Raises KeyReplacedError when somebody else, or the same press made
    twice, was quicker.
    """
    require(can_manage_api_keys(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        old, now = _lock(actor, key), timezone.now()
        life = old.expires_at - old.created_at if old.expires_at else None
        until = min(now + grace, old.expires_at or now + grace)
        old.expires_at, old.replaced_at = until, now
        old.save(update_fields=["expires_at", "replaced_at"])
        new, _raw = issue_key(
            actor.firm,
            name=old.name,
            scopes=old.scopes,
            software=old.software,
            networks=old.networks,
            expires_at=now + life if life else None,
        )
        record(actor, "api_key.regenerated", new, replaces=str(old.pk), old_key_until=typography.datetime_fr(until))
    return new, until


def revoke_key(actor: Membership, *, key: ApiKey) -> None:
    """From now on it opens nothing, a replaced one neither; harmless when repeated."""
    require(can_manage_api_keys(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        in_force = ApiKey.objects.filter(pk=key.pk, firm=actor.firm_id, revoked_at__isnull=True)
        if in_force.update(revoked_at=timezone.now()):
            record(actor, "api_key.revoked", key)


def _lock(actor: Membership, key: ApiKey) -> ApiKey:
    """Raises KeyReplacedError."""
    locked = (
        ApiKey.objects.select_for_update(of=("self",)).select_related("software").get(pk=key.pk, firm=actor.firm_id)
    )
    if locked.replaced_at is not None or locked.revoked_at is not None:
        raise KeyReplacedError
    return locked


def _told(key: ApiKey) -> dict[str, Any]:
    """Its rules in the journal's words."""
    return {
        "key_name": key.name,
        "scopes": ", ".join(key.scope_labels),
        "software": key.software.name if key.software else "",
        "networks": ", ".join(key.networks),
        "expires_at": typography.datetime_fr(key.expires_at) if key.expires_at else "",
    }


def _hash(raw: str) -> str:
    # A fast hash is enough: the key has 256 random bits, there is nothing to guess.
    return hashlib.sha256(raw.encode()).hexdigest()
