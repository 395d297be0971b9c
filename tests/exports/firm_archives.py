"""The archive of a firm, asked for and looked into."""

import csv
import io
import time
import zipfile
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.test import Client as Browser

from common.archives.slices import Limits
from common.tenancy import tenant
from exports.models import FirmExport
from tests.world import World

ONE_ROW = Limits(rows=1)


def confirmed(browser: Browser) -> Browser:
    """As after ComptExpert has asked for the password again."""
    session = browser.session
    session["comptexpert_confirmed_at"] = time.time()
    session.save()
    return browser


def page_of(world: World, rest: str = "") -> str:
    return f"/cabinets/{world.cabinet.firm.siret}/profil/donnees/{rest}"


def latest(world: World) -> FirmExport:
    with tenant(firm=world.cabinet.firm.pk):
        return FirmExport.objects.latest("created_at")


def set_export(export: FirmExport, **values: Any) -> None:
    with tenant(firm=export.firm_id):
        FirmExport.objects.filter(pk=export.pk).update(**values)


def order(world: World, browser: Browser) -> FirmExport:
    assert browser.post(page_of(world)).status_code == 302
    return latest(world)


def fetch(world: World, browser: Browser, export: FirmExport) -> bytes:
    answer = browser.get(page_of(world, f"{export.pk}/archive/"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    data: bytes = answer.getvalue()
    assert int(answer["Content-Length"]) == len(data)
    return data


def opened(data: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return archive


def sheet(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def stored(export: FirmExport) -> set[str]:
    folder = Path(default_storage.path(f"exports/{export.pk}"))
    return {str(file.relative_to(folder.parents[1])) for file in folder.rglob("*") if file.is_file()}


def names_of(export: FirmExport) -> set[str]:
    return {part[name] for part in export.parts for name in ("body", "index") if name in part}
