"""What this room keeps in the storage."""

from uuid import UUID

from firms.logo import stored_as
from firms.models import Firm


def named_by_rows(names: set[str]) -> set[str]:
    """Those that are the logo of a firm."""
    if not any(name.startswith("logos/") for name in names):
        return set()
    logos: set[UUID] = {logo for logo in Firm.objects.values_list("logo", flat=True) if logo}
    return names & {stored_as(logo) for logo in logos}
