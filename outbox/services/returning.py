"""Mail that comes back: the message counts as « Rejeté », and the rooms above find it as any other refusal."""

from uuid import UUID

from common.tenancy import tenant
from outbox.enums import EmailState
from outbox.models import OutgoingEmail
from outbox.refusals import reason_of_return
from outbox.reports import Report

#: « En file » and « À réessayer » too: the server may tell before a worker that was killed has noted that it left.
_MAY_RETURN = (EmailState.SENT, EmailState.QUEUED, EmailState.RETRYING)


def note_return(pk: UUID, report: Report) -> bool:
    """Whether the message is « Rejeté » by this; a second report changes nothing."""
    with tenant(platform="a returned message is known by its return address alone"):
        email = OutgoingEmail.objects.select_for_update().filter(pk=pk, state__in=_MAY_RETURN).first()
        if email is None:
            return False
        email.state, email.wake_at, email.sealed_body = EmailState.BOUNCED, None, b""
        email.last_error = reason_of_return(report.status, said=report.said)
        email.save(update_fields=["state", "wake_at", "sealed_body", "last_error"])
    return True
