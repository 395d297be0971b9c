"""« Quitter jefacture »: the whole of a company space as one archive."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.utils import timezone

from accounts.services import accept_terms, current_terms
from clients.enums import CompanyRole
from clients.models import CompanyMembership
from common.archives.models import ArchiveState
from common.archives.running import MAX_ATTEMPTS
from common.models import JournalEntry
from common.tenancy import tenant
from invoices.models import CompanyExport, InvoiceFile
from invoices.tasks import export_company, remove_exports
from jefacture.embedded import roles
from outbox.models import OutgoingEmail
from tests import services
from tests.browsing import signed_in, text_of
from tests.factories import make_company, make_owner
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.together import in_the_background, wait_until_blocked


def page_of(space: Space) -> str:
    return f"/entreprises/{space.company.siren}/quitter/"


def latest(space: Space) -> CompanyExport:
    with tenant(company=space.company.pk):
        return CompanyExport.objects.latest("created_at")


def order(space: Space, owner: Browser) -> CompanyExport:
    assert owner.post(page_of(space)).status_code == 302
    return latest(space)


def set_export(export: CompanyExport, **values: Any) -> None:
    with tenant(company=export.company_id):
        CompanyExport.objects.filter(pk=export.pk).update(**values)


def fetch(space: Space, owner: Browser, pk: UUID) -> zipfile.ZipFile:
    answer = owner.get(f"{page_of(space)}{pk}/archive/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    data = answer.getvalue()
    assert int(answer["Content-Length"]) == len(data)
    return zipfile.ZipFile(io.BytesIO(data))


def sheet(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_archive_holds_every_file_and_the_lists_of_this_company_alone(space: Space, owner: Browser) -> None:
    facturx = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren, number="F-1"))
    cii = bytes_of(typed(seller=space.company.siren, buyer=SUPPLIER, number="=V/2"), container="cii")
    for data, name in ((facturx, "f1.pdf"), (cii, "v2.xml"), (b"%PDF-1.4 rien", "../photo.pdf")):
        deposit(space, data, name=name)
    other = make_company()
    make_owner(other)
    accept_terms(space.owner.person, terms=current_terms("company"), party=space.company.pk, ip=None, user_agent="")

    export = order(space, owner)
    assert "Vous pouvez quitter cette page." in text_of(owner.get(page_of(space)))
    export_company(str(export.pk))

    found = fetch(space, owner, export.pk)
    assert found.testzip() is None
    lists = ["cabinets.csv", "cgu.csv", "depots.csv", "entreprise.csv", "factures.csv", "utilisateurs.csv"]
    lists += ["LISEZMOI.txt", "manifest.json"]
    rows = {row["Numéro"]: row for row in sheet(found, "factures.csv")}
    purchase, sale = rows["F-1"], rows["'=V/2"]
    [photo] = sheet(found, "depots.csv")
    paths = [purchase["Original"], sale["Original"], sale["Factur-X"], photo["Dans l'archive"]]
    assert sorted(found.namelist()) == sorted([*lists, *paths])
    assert [found.read(path) for path in (paths[0], paths[1])] == [facturx, cii]
    assert found.read(paths[2]).startswith(b"%PDF")
    assert (paths[0].split("/")[:2], paths[1].split("/")[:2]) == (["achats", "2026"], ["ventes", "2026"])
    assert photo["Dans l'archive"].split("/")[::2] == ["depots", "photo.pdf"]
    assert (purchase["Factur-X"], purchase["Total TTC"], purchase["État"]) == ("", "1200,00", "À valider")
    assert [row["E-mail"] for row in sheet(found, "utilisateurs.csv")] == [space.owner.person.email]
    assert [row["Cabinet"] for row in sheet(found, "cabinets.csv")] == [space.cabinet.firm.name]
    assert [row["Acceptée par"] for row in sheet(found, "cgu.csv")] == [space.owner.person.email]


def test_archive_holds_the_file_that_was_joined_to_an_invoice(space: Space, owner: Browser) -> None:
    invoice = typed(seller=SUPPLIER, buyer=space.company.siren, number="F-1")
    deposit(space, bytes_of(invoice, container="cii"), name="f1.xml")
    joined = deposit(space, page := bytes_of(invoice), name="f1.pdf")
    assert joined.is_joined

    export = order(space, owner)
    export_company(str(export.pk))

    found = fetch(space, owner, export.pk)
    [row] = sheet(found, "depots.csv")
    assert (row["Fichier"], row["État"]) == ("f1.pdf", "Classé")
    assert found.read(row["Dans l'archive"]) == page


def test_owner_is_told_and_the_journal_has_each_step(space: Space, owner: Browser) -> None:
    export = order(space, owner)
    export_company(str(export.pk))
    export_company(str(export.pk))  # a message too many
    fetch(space, owner, export.pk)

    done = latest(space)
    assert (done.state, done.attempts, done.wake_at, done.done) == (ArchiveState.READY, 1, None, done.total)
    with tenant(company=space.company.pk):
        actions = JournalEntry.objects.filter(action__startswith="company.export").order_by("id")
        assert list(actions.values_list("action", "person_id")) == [
            (f"company.export_{word}", space.owner.person_id) for word in ("started", "made", "fetched")
        ]
        assert [email.subject for email in OutgoingEmail.objects.filter(recipient=space.owner.person.email)] == [
            f"L'export de {space.company.name} est prêt"
        ]


def test_only_owners_come_here(space: Space, owner: Browser, administrator: Browser) -> None:
    export = order(space, owner)
    export_company(str(export.pk))
    colleague, stranger = make_owner(space.company), make_owner(make_company())
    with tenant(company=space.company.pk):
        CompanyMembership.objects.filter(pk=colleague.pk).update(role=CompanyRole.MEMBER)
    paths = [page_of(space), f"{page_of(space)}{export.pk}/archive/", f"{page_of(space)}{export.pk}/avancement/"]
    for browser, code in ((signed_in(colleague.person), 403), (signed_in(stranger.person), 404), (administrator, 404)):
        assert [browser.get(path).status_code for path in paths] == [code] * 3
        assert browser.post(paths[0]).status_code == code
    elsewhere = f"/entreprises/{stranger.company.siren}/quitter/{export.pk}/archive/"
    assert signed_in(stranger.person).get(elsewhere).status_code == 404


def test_archive_goes_after_its_days(space: Space, owner: Browser) -> None:
    export = order(space, owner)
    export_company(str(export.pk))
    kept = names_of(latest(space))
    remove_exports()
    assert archives() >= kept
    set_export(export, expires_at=timezone.now() - timedelta(seconds=1))
    assert owner.get(f"{page_of(space)}{export.pk}/archive/").status_code == 404

    remove_exports()

    assert (archives() & kept, latest(space).stored_as, latest(space).parts) == (set(), "", [])
    assert "n'est plus gardée" in text_of(owner.get(page_of(space)))


def test_one_archive_at_a_time(space: Space, owner: Browser) -> None:
    order(space, owner)
    owner.post(page_of(space))
    assert "déjà en préparation" in text_of(owner.get(page_of(space)))
    with tenant(company=space.company.pk):
        assert CompanyExport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_worker_that_was_taken_for_dead_leaves_nothing(space: Space, owner: Browser) -> None:
    deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren)))
    export = order(space, owner)
    kept = archives()
    with in_the_background() as start, psycopg.connect(services.current().url(roles.OWNER)) as holder:
        holder.execute("LOCK TABLE invoices_invoice IN ACCESS EXCLUSIVE MODE")  # both come as far as the first invoice
        for worker in (1, 2):
            start(lambda: export_company(str(export.pk)))
            wait_until_blocked(worker)

    done = latest(space)
    assert (done.state, done.attempts, done.last_error) == (ArchiveState.READY, 2, "")
    assert archives() - kept == names_of(done)
    with tenant(company=space.company.pk):
        assert JournalEntry.objects.filter(action="company.export_made").count() == 1
        assert OutgoingEmail.objects.filter(subject__contains="est prêt").count() == 1


def names_of(export: CompanyExport) -> set[str]:
    return {part[name] for part in export.parts for name in ("body", "index") if name in part}


def archives() -> set[str]:
    folder = Path(default_storage.path("exports"))
    return {str(file.relative_to(folder.parent)) for file in folder.rglob("*") if file.is_file()}


def test_file_that_the_storage_has_lost_is_named_and_the_rest_is_there(space: Space, owner: Browser) -> None:
    for number in ("F-1", "F-2"):
        deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren, number=number)))
    with tenant(company=space.company.pk):
        default_storage.delete(InvoiceFile.objects.filter(invoice__number="F-1", kind="original").get().stored_as)

    export = order(space, owner)
    export_company(str(export.pk))

    rows = {row["Numéro"]: row["Original"] for row in sheet(fetch(space, owner, export.pk), "factures.csv")}
    assert (rows["F-1"], rows["F-2"].startswith("achats/2026/")) == ("absent du stockage", True)


def test_archive_that_kills_its_worker_is_given_up_and_may_be_ordered_again(space: Space, owner: Browser) -> None:
    export = order(space, owner)
    set_export(export, attempts=MAX_ATTEMPTS)
    export_company(str(export.pk))
    assert (latest(space).state, latest(space).wake_at) == (ArchiveState.FAILED, None)
    assert "n'a pas pu être préparée" in text_of(owner.get(page_of(space)))
    export_company(str(order(space, owner).pk))
    assert latest(space).state == ArchiveState.READY
