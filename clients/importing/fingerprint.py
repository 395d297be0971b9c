from uuid import UUID

from django.db.models import Count, Max, Sum

from clients.models import Client


def directory_fingerprint(firm_id: UUID) -> str:
    """What tells that a firm's directory has not changed: how many files, how often changed, and when last."""
    figures = Client.objects.filter(firm=firm_id).aggregate(
        files=Count("pk"), changes=Sum("version"), last=Max("updated_at")
    )
    return f"{figures['files']}/{figures['changes'] or 0}/{figures['last'].isoformat() if figures['last'] else '-'}"
