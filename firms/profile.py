"""What a firm says of itself to its clients: its logo, the name it writes under, where it is reached."""

from functools import partial
from typing import TypedDict, Unpack
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from firms.logo import stored_as
from firms.models import Firm, Membership
from firms.permissions import can_edit_profile

ONLY_ADMINISTRATORS = "Seul un administrateur du cabinet modifie son profil."


class Contact(TypedDict):
    sender_name: str
    contact_email: str
    contact_phone: str


def save_contact(actor: Membership, **contact: Unpack[Contact]) -> None:
    require(can_edit_profile(actor), ONLY_ADMINISTRATORS)
    with tenant(firm=actor.firm_id):
        firm = _lock(actor)
        after = {name: value for name, value in contact.items() if getattr(firm, name) != value}
        if not after:
            return
        before = {name: getattr(firm, name) for name in after}
        for name, value in after.items():
            setattr(firm, name, value)
        firm.save(update_fields=list(after))
        record(actor, "firm.profile_changed", firm, before=before, after=after)


def set_logo(actor: Membership, *, picture: bytes) -> None:
    """`picture` is a PNG of our own (firms.logo.redrawn)."""
    require(can_edit_profile(actor), ONLY_ADMINISTRATORS)
    logo = uuid4()
    default_storage.save(stored_as(logo), ContentFile(picture))
    try:
        _replace_logo(actor, logo)
    except BaseException:  # whatever ended it, no row names the picture
        default_storage.delete(stored_as(logo))
        raise


def remove_logo(actor: Membership) -> None:
    require(can_edit_profile(actor), ONLY_ADMINISTRATORS)
    _replace_logo(actor, None)


def _replace_logo(actor: Membership, logo: UUID | None) -> None:
    with tenant(firm=actor.firm_id):
        firm = _lock(actor)
        former = firm.logo
        if former == logo:
            return
        firm.logo = logo
        firm.save(update_fields=["logo"])
        record(actor, "firm.logo_changed" if logo else "firm.logo_removed", firm)
        if former:
            transaction.on_commit(partial(default_storage.delete, stored_as(former)))


def _lock(actor: Membership) -> Firm:
    """The row that is written, which is from now on the actor's own."""
    actor.firm = Firm.objects.select_for_update().get(pk=actor.firm_id)
    return actor.firm
