from collections.abc import Iterable
from uuid import UUID

from outbox.models import OutgoingEmail


def latest_emails(about: Iterable[UUID]) -> dict[UUID, OutgoingEmail]:
    """The latest message about each of these, in the open tenant."""
    emails = OutgoingEmail.objects.filter(about__in=list(about)).order_by("about", "-created_at").distinct("about")
    return {email.about: email for email in emails if email.about is not None}
