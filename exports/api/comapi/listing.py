"""A list of files as a stream, so that ten thousand of them need no more memory than a hundred."""

import json
from collections.abc import Iterator

from clients.models import Client
from common.tenancy import tenant
from exports.selectors.pull import Listed, listed_files
from invoices.enums import Direction, FirmState

BATCH = 1000


def json_list(client: Client, *, direction: Direction, state: FirmState, download_folder: str) -> Iterator[str]:
    """The JSON text in pieces; opens the firm's tenant for each batch, the view's being over when it is sent."""
    opening = "["
    after: Listed | None = None
    while True:
        with tenant(firm=client.firm_id):
            batch = listed_files(client, direction=direction, state=state, after=after, limit=BATCH)
        if batch:
            yield opening + ",".join(_line(listed, download_folder) for listed in batch)
            opening, after = ",", batch[-1]
        if len(batch) < BATCH:
            break
    yield "]" if after else "[]"


def _line(listed: Listed, download_folder: str) -> str:
    return json.dumps(
        {
            "name": listed.name,
            "size": listed.size,
            "mtime": int(listed.available_at.timestamp()),
            "ctime": int(listed.changed_at.timestamp()),
            "downloadurl": download_folder + listed.name,
        },
        ensure_ascii=False,
    )
