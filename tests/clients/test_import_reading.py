"""A sheet's rows are planned and written while its child still reads on: what becomes of them where it ends badly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from clients.enums import ImportState
from clients.importing import dryrun, plan
from clients.importing.sources import opening, refusal
from clients.models import ImportRow
from common.tenancy import tenant
from common.typography import french
from tests.clients.test_imports import read
from tests.factories import Cabinet


@pytest.mark.parametrize(
    ("end", "reason"),
    [("refuse", "Trop de lignes."), ("crash", refusal.DAMAGED)],
)
def test_file_that_ends_badly_after_rows_were_written_leaves_none(
    cabinet: Cabinet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, reason: str
) -> None:
    monkeypatch.setattr(opening, "_CHILD", f"tests.clients.importing.children:{end}")
    for module in (plan, dryrun):
        monkeypatch.setattr(module, "BATCH", 100)
    sign = tmp_path / "rows-are-written"

    def tell(execute: Callable[..., Any], statement: Any, *arguments: Any) -> Any:
        done = execute(statement, *arguments)
        if isinstance(statement, sql.Composed) and 'INTO "clients_importrow"' in statement.as_string():
            sign.touch()
        return done

    with connection.execute_wrapper(tell):
        job = read(cabinet.administrator, str(sign).encode())
    assert sign.exists()
    assert (job.state, job.reason, job.counts) == (ImportState.REFUSED, french(reason), {})
    with tenant(firm=cabinet.firm.pk):
        assert not ImportRow.objects.filter(job=job).exists()
