"""Importing a directory of clients: ours, the least that any import must do, and django-import-export.

`python -m bench importing` takes some ten minutes on an idle machine.
"""

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from celery import current_app
from django.db import connection
from import_export import resources
from import_export.formats.base_formats import XLSX
from import_export.instance_loaders import CachedInstanceLoader
from openpyxl import Workbook
from psycopg import sql
from python_calamine import CalamineWorkbook
from stdnum import luhn

from accounts.enums import Kind
from accounts.models import User
from bench.database import database
from bench.timing import compare, print_table
from clients.enums import ClientStatus, ImportSource, ImportState, RowAction
from clients.importing.columns.registry import LABELS
from clients.importing.run import run_import
from clients.models import Client, ImportJob
from clients.services import EDITABLE, confirm_import, start_import
from common.identifiers import vat_of_siren
from common.tenancy import tenant
from firms.enums import MembershipStatus, Profile, Role
from firms.models import Firm, Membership
from jefacture.embedded.processes import children

ROWS: Final = 100_000
#: The peer takes some 7 ms for a row that it knows: a tenth of an hour for these, whatever it finds.
KNOWN_ROWS: Final = 20_000
FIELDS: Final = EDITABLE


def show() -> None:
    current_app.conf.update(broker_url="memory://")  # no worker listens: what it would call is called here
    with tempfile.TemporaryDirectory() as folder, database():
        _show_new(Path(folder))
        _show_known(Path(folder))


def _show_new(folder: Path) -> None:
    new, changed = _workbooks(folder, ROWS)
    member = make_administrator()
    worker, reader = peak_memory(lambda: import_ours(member, new))
    print(f"\nMemory at its highest, {ROWS:,} new rows: worker {worker} MB, reading child {reader} MB")
    ways: dict[str, Callable[[], object]] = {
        "ours, from upload to the end": lambda: import_ours(make_administrator(), new),
        "limit: calamine, COPY, one merge": lambda: import_barely(make_administrator(), new),
    }
    print_table(f"Importing {ROWS:,} new clients", compare(ways, rounds=3, warm=False))
    beside = {
        "ours": ways["ours, from upload to the end"],
        "peer: django-import-export": lambda: import_by_peer(make_administrator(), new),
    }
    print_table(f"Importing {ROWS:,} new clients", compare(beside, rounds=1, warm=False))
    again = {
        "the same file again (nothing changes)": lambda: import_ours(member, new),
        "the same with one value changed in each row": lambda: import_ours(member, changed),
    }
    print_table(f"Importing {ROWS:,} known clients, ours", compare(again, rounds=1, warm=False))


def _show_known(folder: Path) -> None:
    new, changed = _workbooks(folder, KNOWN_ROWS)
    member, customer = make_administrator(), make_administrator()
    import_ours(member, new)
    import_by_peer(customer, new)
    for what, path in {"nothing changes": new, "one value changes in each row": changed}.items():
        ways = {
            "ours": partial(import_ours, member, path),
            "peer: django-import-export": partial(import_by_peer, customer, path),
        }
        print_table(f"Importing {KNOWN_ROWS:,} known clients, {what}", compare(ways, rounds=1, warm=False))


def _workbooks(folder: Path, rows: int) -> tuple[Path, Path]:
    """New clients, and the same with other streets."""
    new = make_workbook(folder / f"new{rows}.xlsx", rows=rows)
    return new, make_workbook(folder / f"changed{rows}.xlsx", rows=rows, street="9, rue du Port")


def peak_memory(way: Callable[[], object]) -> tuple[int, int]:
    """Megabytes that this process and the child that reads sheets held at most while `way` ran."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the maximum until now
    way()
    return _highest(os.getpid()), max(map(_highest, _descendants(os.getpid())))


def _descendants(pid: int) -> set[int]:
    found = children(pid)
    return found.union(*map(_descendants, found))


def _highest(pid: int) -> int:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def make_workbook(path: Path, *, rows: int, street: str = "") -> Path:
    """Invented clients, every column filled; `street` gives each of them another one."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Clients")
    sheet.append([LABELS[name] for name in FIELDS])
    for number in range(rows):
        values = _invented(number)
        sheet.append([street if street and name == "street" else values[name] for name in FIELDS])
    book.save(path)
    return path


def _invented(number: int) -> dict[str, str]:
    siren = _with_check_digit(f"{40_000_000 + number:08d}")
    bban = f"30004{number % 99_999:05d}{number:011d}"
    bban += f"{97 - (89 * int(bban[:5]) + 15 * int(bban[5:10]) + 3 * int(bban[10:])) % 97:02d}"
    return {
        "name": f"Société Générale de Menuiserie {number} SARL",
        "siren": siren,
        "siret": _with_check_digit(f"{siren}0001"),
        "vat_number": vat_of_siren(siren),
        "street": f"{number % 200 + 1} rue de la République",
        "postal_code": f"{number % 90_000 + 5_000:05d}",
        "city": ("Épinay-sur-Seine", "Lyon", "Saint-Étienne", "Nice")[number % 4],
        "country": "FR",
        "iban": f"FR{98 - int(f'{bban}152700') % 97:02d}{bban}",
        "bic": "BNPAFRPPXXX",
        "language": "fr",
        "contact_last_name": ("Durand", "Lefèvre", "Müller")[number % 3],
        "contact_first_name": ("Zoé", "Paul", "François")[number % 3],
        "contact_email": f"contact{number}@exemple-client.fr",
        "contact_phone": f"+33 4 {number % 100:02d} {number // 100 % 100:02d} 10 20",
        "code": f"C{number:06d}",
    }


def _with_check_digit(digits: str) -> str:
    return f"{digits}{luhn.calc_check_digit(digits)}"


def make_administrator() -> Membership:
    """An administrateur of a firm without clients."""
    unique = uuid4().int
    user = User.objects.create(kind=Kind.COMPTEXPERT, issuer="bench", subject=str(unique), contact_email="a@cabinet.fr")
    firm = Firm.objects.create(siret=f"{unique % 10**14:014d}", name="Cabinet")
    return Membership.objects.create(
        firm=firm, user=user, role=Role.ADMINISTRATOR, profile=Profile.EXPERT, status=MembershipStatus.ACTIVE
    )


def import_ours(member: Membership, path: Path) -> None:
    """From the upload to « Terminé », by the calls of the pages and of the worker."""
    job = start_import(member, source=ImportSource.FILE, file_name=path.name, chunks=(path.read_bytes(),))
    run_import(job.pk)
    ready = _reload(job)
    assert ready.state == ImportState.READY
    assert ready.counts[RowAction.REJECT] == 0
    assert confirm_import(member, job=ready)
    run_import(job.pk)
    assert _reload(job).state == ImportState.DONE


def _reload(job: ImportJob) -> ImportJob:
    with tenant(firm=job.firm_id):
        return ImportJob.objects.select_related("created_by__user").get(pk=job.pk)


def import_barely(member: Membership, path: Path) -> None:
    """The limit: read the sheet, COPY it, one merge; nothing is checked, shown or recorded."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    names = sql.SQL(", ").join(map(sql.Identifier, FIELDS))
    with tenant(firm=member.firm_id), connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE barely ON COMMIT DROP AS SELECT {} FROM clients_client LIMIT 0").format(
                names
            )
        )
        with cursor.copy(sql.SQL("COPY barely ({}) FROM STDIN").format(names)) as copy:
            for row in rows[1:]:
                copy.write_row(row)
        cursor.execute(sql.SQL(_MERGE).format(names), {"firm": member.firm_id, "status": ClientStatus.CREATED})


_MERGE: Final = """
    INSERT INTO clients_client (id, firm_id, status, is_firm_file, confidential, search, status_before_archive, version,
                                created_at, updated_at, {0})
    SELECT gen_random_uuid(), %(firm)s, %(status)s, false, false, '', '', 1, now(), now(), {0} FROM barely
    ON CONFLICT (firm_id, siren) DO UPDATE SET name = EXCLUDED.name, street = EXCLUDED.street
"""


class PeerResource(resources.ModelResource):  # type: ignore[misc] # untyped
    """django-import-export as its documentation advises for many rows."""

    class Meta:
        model = Client
        fields = FIELDS
        import_id_fields = ("siren",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 1000
        skip_diff = True

    def __init__(self, firm_id: UUID) -> None:
        super().__init__()
        self.firm_id = firm_id

    def get_queryset(self) -> Any:
        return Client.objects.filter(firm=self.firm_id)

    def init_instance(self, row: Any = None) -> Client:  # noqa: ARG002 - the peer passes it
        return Client(firm_id=self.firm_id)


def import_by_peer(member: Membership, path: Path) -> None:
    """A dry run, which its admin page shows, then the import of the same file: both read it."""
    for dry_run in (True, False):
        with tenant(firm=member.firm_id):
            dataset = XLSX().create_dataset(path.read_bytes())
            dataset.headers = list(FIELDS)
            result = PeerResource(member.firm_id).import_data(dataset, dry_run=dry_run, raise_errors=True)
        assert result.total_rows == len(dataset)
