"""What this room keeps in the storage besides the archive of invoices. Called under platform."""

from common.archives.running import named_by_archives
from exports.models import FirmExport


def named_by_rows(names: set[str]) -> set[str]:
    return named_by_archives(FirmExport, names)
