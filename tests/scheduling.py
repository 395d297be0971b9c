"""Which process of a parallel run takes which tests: a folder whose tests use the stack stays together."""

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # nothing is published for it

#: Each is one unit: a browser alone is busy on more than one core, so two never run at once.
_TOGETHER = ("tests/browser/", "tests/processes/")


def unit_of(nodeid: str) -> str:
    """Tests of one unit run in one process: a folder that uses the stack, elsewhere a file."""
    return next((folder for folder in _TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def uses_stack(item: pytest.Item) -> bool:
    return unit_of(item.nodeid) in _TOGETHER


class Scheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
