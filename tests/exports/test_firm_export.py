"""« Données du cabinet »: everything of a firm as one archive, made in slices."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from common import vault
from common.archives import running
from common.archives.models import ArchiveState
from common.archives.running import MAX_ATTEMPTS
from common.archives.slices import Limits
from common.models import JournalEntry
from common.tenancy import tenant
from exports.models import FirmExport
from exports.services.firm_export import run_export
from exports.tasks import export_firm, remove_exports
from firms.keys import issue_key
from firms.models import ApiKey
from invitations.models import Invitation
from invoices.enums import Channel, DepositState
from invoices.models import Deposit
from tests.browsing import text_of
from tests.exports.factories import keep_original, make_part
from tests.exports.firm_archives import (
    ONE_ROW,
    fetch,
    latest,
    names_of,
    opened,
    order,
    page_of,
    set_export,
    sheet,
    stored,
)
from tests.factories import make_active_client
from tests.world import World


def written(world: World, *, number: str, content: bytes) -> None:
    """An invoice of another client of the firm, with its two files."""
    part = make_part(make_active_client(world.cabinet.firm), number=number, content=b"%PDF made " + content)
    keep_original(part, name=f"{number}.xml", content=content, media_type="application/xml")


def test_archive_holds_the_firms_own_and_the_manifest_tells_each_file(world: World, browser: Browser) -> None:
    written(world, number="F-2", content=b"<facture/>")
    export = order(world, browser)
    assert "Vous pouvez quitter cette page." in text_of(browser.get(page_of(world)))
    export_firm(str(export.pk))

    archive = opened(fetch(world, browser, latest(world)))
    manifest = json.loads(archive.read("manifest.json"))
    told = {file["path"]: (file["size"], file["sha256"]) for file in manifest["files"]}
    found = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
    assert told == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()}
    assert {name: len(sheet(archive, name)) for name in found if name.endswith(".csv")} == manifest["lists"]
    firm = world.cabinet.firm
    assert (manifest["format"], manifest["version"]) == ("jefacture-archive", 1)
    assert manifest["firm"] == {"name": firm.name, "siret": firm.siret}
    assert (manifest["asked_by"], manifest["asked_at"]) == (
        str(world.cabinet.administrator.user),
        export.created_at.isoformat(),
    )
    assert "Export complet d'un cabinet" in archive.read("LISEZMOI.txt").decode()
    # Two files of the client's, three members, and one row of each of the rest: the other firm's are not among them.
    counts = dict.fromkeys(manifest["lists"], 1)
    counts |= {"clients.csv": 3, "utilisateurs.csv": 3, "affectations.csv": 2, "factures.csv": 2, "cgu.csv": 0}
    with tenant(firm=firm.pk):
        counts["journal.csv"] = JournalEntry.objects.filter(at__lte=export.created_at).count()
    assert manifest["lists"] == counts
    rows = {row["Numéro"]: row for row in sheet(archive, "factures.csv")}
    assert archive.read(rows["F-2"]["Original"]) == b"<facture/>"
    assert archive.read(rows["F-2"]["Factur-X"]) == b"%PDF made <facture/>"
    assert rows["F-1"]["Original"] == "absent du stockage"
    assert sheet(archive, "portefeuilles-membres.csv")[0]["E-mail"] == world.cabinet.assigned.user.any_email


def test_archive_holds_no_secret(world: World, browser: Browser) -> None:
    key, raw = issue_key(world.cabinet.firm, name="=Clé")
    export = order(world, browser)
    export_firm(str(export.pk))

    archive = opened(fetch(world, browser, latest(world)))
    everything = b"\n".join(archive.read(name) for name in archive.namelist())
    assert "'=Clé" in [row["Nom"] for row in sheet(archive, "cles-api.csv")]
    with tenant(firm=world.cabinet.firm.pk):
        tokens = list(Invitation.objects.values_list("token_sha256", flat=True))
    keys = ApiKey.objects.filter(firm=world.cabinet.firm)
    secrets = [raw, raw[3:], *tokens, *keys.values_list("sha256", flat=True), world.owner.person.password]
    secrets += [bytes(sealed).decode() for sealed in keys.values_list("sealed", flat=True)]
    assert len(secrets) == 8
    assert [secret for secret in secrets if secret.encode() in everything] == []
    assert key.name.encode() in everything


def test_archive_of_slices_that_were_killed_is_that_of_one_go(world: World, browser: Browser) -> None:
    for number in ("F-2", "F-3", "F-4"):
        written(world, number=number, content=number.encode())
    export = order(world, browser)
    start = {"section": 0, "cursor": "", "parts": [], "counts": {}, "files": 0, "size": 0, "done": 0, "attempts": 0}
    run_export(export.pk)
    in_one_go = fetch(world, browser, latest(world))
    set_export(export, **start, state=ArchiveState.RUNNING, wake_at=timezone.now())

    slices = 0
    while latest(world).is_running:
        slices += 1
        if slices % 3 == 1:  # its worker is killed once the slice is in the storage, before its row is saved
            before = latest(world)
            run_export(export.pk, limits=ONE_ROW)
            kept = {name: getattr(before, name) for name in start} | {"attempts": 1, "wake_at": before.wake_at}
            set_export(export, **kept, state=ArchiveState.RUNNING)
        run_export(export.pk, limits=ONE_ROW)

    assert slices > 30
    assert fetch(world, browser, latest(world)) == in_one_go
    assert stored(export) > names_of(latest(world))  # what the killed ones left goes with the rest
    set_export(export, expires_at=timezone.now())
    remove_exports()
    assert (stored(export), latest(world).stored_as, latest(world).parts) == (set(), "", [])


def test_slice_that_fails_begins_again_where_the_last_one_ended(world: World, browser: Browser) -> None:
    export = order(world, browser)
    run_export(export.pk, limits=Limits(rows=3))
    after_one = latest(world)
    with tenant(firm=world.cabinet.firm.pk):
        FirmExport.objects.filter(pk=export.pk).update(parts=[*after_one.parts, {"section": after_one.section}])
    for attempt in (1, 2):
        export_firm(str(export.pk))
        failed = latest(world)
        assert (failed.attempts, failed.last_error, failed.is_running) == (attempt, "KeyError: 'index'", True)
        assert (failed.section, failed.cursor) == (after_one.section, after_one.cursor)
    set_export(export, parts=after_one.parts)

    export_firm(str(export.pk))
    assert (latest(world).state, latest(world).last_error) == (ArchiveState.READY, "")


def test_archive_that_comes_no_further_is_given_up(world: World, browser: Browser) -> None:
    export = order(world, browser)
    set_export(export, attempts=MAX_ATTEMPTS)
    export_firm(str(export.pk))
    assert (latest(world).state, latest(world).wake_at) == (ArchiveState.FAILED, None)
    assert "n'a pas pu être préparée" in text_of(browser.get(page_of(world)))


def test_all_that_have_expired_go_in_one_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_REMOVED_AT_ONCE", 1)
    firm, actor, gone = world.cabinet.firm, world.cabinet.administrator, timezone.now()
    with tenant(firm=firm.pk):
        for state in (ArchiveState.FAILED, ArchiveState.STOPPED):
            FirmExport.objects.create(firm=firm, created_by=actor, state=state, stored_as="exports/x", expires_at=gone)
    remove_exports()
    with tenant(firm=firm.pk):
        assert list(FirmExport.objects.filter(stored_as="exports/x")) == []


def test_journal_tells_each_step(world: World, browser: Browser) -> None:
    export = order(world, browser)
    export_firm(str(export.pk))
    export_firm(str(export.pk))  # a message too many
    fetch(world, browser, latest(world))
    set_export(export, expires_at=timezone.now() - timedelta(seconds=1))
    assert browser.get(page_of(world, f"{export.pk}/archive/")).status_code == 404
    remove_exports()
    remove_exports()

    with tenant(firm=world.cabinet.firm.pk):
        lines = JournalEntry.objects.filter(action__startswith="firm.export").order_by("id")
        told = list(lines.values_list("action", "actor"))
    who = str(world.cabinet.administrator.user)
    words = ("started", "made", "fetched")
    assert told == [*((f"firm.export_{word}", who) for word in words), ("firm.export_removed", "Système")]


def test_file_that_the_firm_deposited_and_that_was_not_filed_is_in_its_archive(world: World, browser: Browser) -> None:
    kept = [vault.keep_bytes(name, folder="depots").name for name in (b"le mien", b"d'un autre")]
    firm = world.cabinet.firm
    with tenant(firm=firm.pk, company=world.company.pk):
        for firm_id, stored_as in zip((firm.pk, None), kept, strict=True):
            Deposit.objects.create(
                company=world.company, firm_id=firm_id, channel=Channel.WEB_FIRM, file_name="devis.pdf", size=7,
                sha256=stored_as[-20:], stored_as=stored_as, state=DepositState.REFUSED, reason="Un devis",
            )  # fmt: skip
    run_export(order(world, browser).pk)
    archive = opened(fetch(world, browser, latest(world)))
    rows = sheet(archive, "depots.csv")
    mine = next(row for row in rows if row["Fichier"] == "devis.pdf")
    assert [row["Fichier"] for row in rows].count("devis.pdf") == 1
    assert (mine["État"], mine["Motif"]) == ("Refusé", "Un devis")
    assert archive.read(mine["Dans l'archive"]) == b"le mien"
