"""What this room keeps in the storage besides the archive."""

from common.health import PROBE


def named_by_rows(names: set[str]) -> set[str]:
    return names & {PROBE}
