"""
Where a message comes back to when it cannot be delivered: an address of its own (VERP), signed.

Only we can write one, so that a stranger cannot report a message that he or she never received.
"""

import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

from django.conf import settings

from outbox.messages import address_of
from outbox.models import OutgoingEmail

# Hexadecimal: local parts come back in whatever case. 60 characters, of the 64 that one may have.
_LOCAL_PART: Final = re.compile(r"rebond-([0-9a-f]{32})-([0-9a-f]{20})")
_SIGNED: Final = 20


def return_address(email: OutgoingEmail) -> str:
    """The envelope's sender; the address that readers see stays the same for all."""
    if not settings.BOUNCE_DOMAIN:
        return address_of(email.sender)
    name = email.pk.hex
    return f"rebond-{name}-{_signature(name, settings.ENCRYPTION_KEYS[0])}@{settings.BOUNCE_DOMAIN}"


def email_behind(address: str) -> UUID | None:
    """The message whose return address this is; None where it is not one of ours."""
    local, _at, domain = address.lower().rpartition("@")
    found = _LOCAL_PART.fullmatch(local)
    if found is None or not settings.BOUNCE_DOMAIN or domain != settings.BOUNCE_DOMAIN.lower():
        return None
    name, signature = found.groups()
    # Any key: what left before they were changed may still come back.
    known = [hmac.compare_digest(signature, _signature(name, key)) for key in settings.ENCRYPTION_KEYS]
    return UUID(hex=name) if any(known) else None


def _signature(name: str, key: str) -> str:
    return hmac.new(key.encode(), f"return address {name}".encode(), hashlib.sha256).hexdigest()[:_SIGNED]
