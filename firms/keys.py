"""API keys: `jf_` and 43 random characters; the database holds a hash to find it and a sealed copy to show it again."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from common.journal import record
from common.permissions import require
from common.sealing import seal, unseal
from common.tenancy import tenant
from firms.models import ApiKey, Firm, Membership
from firms.permissions import can_manage_api_keys

_ONLY_ADMINISTRATORS = "Seul un administrateur du cabinet voit et gère la clé API."
_USE_PRECISION = timedelta(minutes=1)


def find_key(raw: str) -> ApiKey | None:
    """The key in force with this value; None for an unknown, expired or revoked one."""
    now = timezone.now()
    return (
        ApiKey.objects.filter(sha256=_hash(raw), revoked_at__isnull=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .select_related("firm", "software")
        .first()
    )


def note_use(key: ApiKey) -> None:
    """Remember the last use, written at most once a minute."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - _USE_PRECISION:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def issue_key(firm: Firm, *, name: str, raw: str | None = None) -> tuple[ApiKey, str]:
    """A new key of the firm and its value."""
    raw = raw or f"jf_{secrets.token_urlsafe(32)}"
    return ApiKey.objects.create(firm=firm, name=name, sha256=_hash(raw), sealed=seal(raw)), raw


def reveal_key(actor: Membership, *, key: ApiKey) -> str:
    """The key's value, shown to an administrateur; the journal says so."""
    require(can_manage_api_keys(actor), _ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        record(actor, "api_key.shown", key)
    return unseal(bytes(key.sealed))


class KeyReplacedError(ValueError):
    """The key has a successor already, or has ended."""

    def __init__(self) -> None:
        super().__init__("Cette clé est déjà remplacée.")


def regenerate_key(actor: Membership, *, key: ApiKey, grace: timedelta) -> tuple[ApiKey, datetime]:
    """
    A new key of the same name; the old one works until the end of the grace period, which is returned.

    Raises KeyReplacedError when somebody else, or the same press made twice, was quicker.
    """
    require(can_manage_api_keys(actor), _ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        old = ApiKey.objects.select_for_update().get(pk=key.pk, firm=actor.firm_id)
        if old.expires_at is not None or old.revoked_at is not None:
            raise KeyReplacedError
        until = timezone.now() + grace
        old.expires_at = until
        old.save(update_fields=["expires_at"])
        new, _raw = issue_key(actor.firm, name=old.name)
        record(actor, "api_key.regenerated", new, replaces=str(old.pk), old_key_until=until.isoformat())
    return new, until


def _hash(raw: str) -> str:
    # A fast hash is enough: the key has 256 random bits, there is nothing to guess.
    return hashlib.sha256(raw.encode()).hexdigest()
