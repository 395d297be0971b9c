"""Every object that the storage holds is named by a row: by the register, or by the room that its folder belongs to."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from django.apps import apps
from django.utils import timezone
from django.utils.module_loading import import_string, module_has_submodule

from common import vault
from common.chain_check import Report
from common.models import KeptObject
from common.storages.found import Found
from common.tenancy import tenant

NamedBy = Callable[[set[str]], set[str]]
BATCH: Final = 500
#: Bytes are stored before the transaction of their row ends, which takes no longer than this.
GRACE: Final = timedelta(minutes=1)
_WHY: Final = "the archive of every tenant is verified"


def check_listing(after: str, report: Report, *, limit: int, grace: timedelta = GRACE) -> str | None:
    """
    The next objects behind the name `after`; the last of them, None where there are no more.

    « added »: nothing names it. Younger ones than `grace` may belong to a transaction that goes on: they pass.
    """
    found = list(islice(vault.listed(after=after), limit))
    until = timezone.now() - grace
    for each in unnamed(found):
        if each.modified_at <= until:
            _add(each, report)
    report.checked += len(found)
    return found[-1].name if found else None


def check_whole_listing(report: Report) -> None:
    """All at once; what is younger than GRACE is waited for."""
    young: list[Found] = []
    everything = vault.listed()
    while group := list(islice(everything, BATCH)):
        for each in unnamed(group):
            if each.modified_at <= timezone.now() - GRACE:
                _add(each, report)
            else:
                young.append(each)
    while young and max(each.modified_at for each in young) > timezone.now() - GRACE:
        time.sleep(1)  # their transactions go on in other processes, which nothing tells of
        young = unnamed(young)
    for each in unnamed(young):
        _add(each, report)


def unnamed(found: Iterable[Found]) -> list[Found]:
    """Those that no row names."""
    left = {each.name: each for each in found}
    with tenant(platform=_WHY):
        known = set(KeptObject.objects.filter(name__in=left, gone=False).values_list("name", flat=True))
        for named_by_rows in _rooms():
            known |= named_by_rows(set(left) - known)
    return [each for name, each in left.items() if name not in known]


def _rooms() -> Iterator[NamedBy]:
    """What `stored.py` of each room that keeps bytes of its own says of names."""
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "stored"):
            yield import_string(f"{config.name}.stored.named_by_rows")


def _add(each: Found, report: Report) -> None:
    report.add("added", object=each.name, size=each.size, modified_at=each.modified_at.isoformat())
