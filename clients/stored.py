"""What this room keeps in the storage. Called under platform."""

from clients.models import ImportJob


def named_by_rows(names: set[str]) -> set[str]:
    """Those that are the file of an import."""
    wanted = [name for name in names if name.startswith("imports/")]
    return set(ImportJob.objects.filter(stored_as__in=wanted).values_list("stored_as", flat=True)) if wanted else set()
