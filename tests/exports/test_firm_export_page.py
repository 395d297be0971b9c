"""The page « Données du cabinet »: who comes there, what it wants first, and what it tells."""

from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from common.archives.models import ArchiveState
from common.models import JournalEntry
from common.tenancy import tenant
from exports.models import FirmExport
from exports.services.firm_export import run_export
from exports.tasks import export_firm, remove_exports
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from outbox.parts import Parts
from tests.browsing import signed_in, text_of
from tests.exports.firm_archives import ONE_ROW, confirmed, latest, order, page_of, set_export, stored
from tests.factories import AdministratorFactory
from tests.world import World


def test_one_archive_at_a_time_and_it_can_be_cancelled(world: World, browser: Browser) -> None:
    export = order(world, browser)
    again = browser.post(page_of(world), follow=True)
    assert ("déjà en préparation" in text_of(again), latest(world).pk) == (True, export.pk)
    run_export(export.pk, limits=ONE_ROW)
    stopped = browser.post(page_of(world, f"{export.pk}/annulation/"), follow=True)
    assert "La préparation est annulée." in text_of(stopped)

    export_firm(str(export.pk))
    assert (latest(world).state, latest(world).wake_at) == (ArchiveState.STOPPED, None)
    assert stored(export)
    set_export(export, expires_at=timezone.now())
    remove_exports()
    assert stored(export) == set()
    assert order(world, browser).pk != export.pk


def test_only_administrateurs_of_the_firm_come_here(world: World, browser: Browser) -> None:
    export = order(world, browser)
    export_firm(str(export.pk))
    stranger = AdministratorFactory.create()
    paths = [page_of(world, rest) for rest in ("", f"{export.pk}/archive/", f"{export.pk}/avancement/")]
    for member, code in ((world.cabinet.assigned, 403), (stranger, 404)):
        visitor = confirmed(signed_in(member.user))
        assert [visitor.get(path).status_code for path in paths] == [code] * 3
        assert visitor.post(page_of(world)).status_code == code
    elsewhere = f"/cabinets/{stranger.firm.siret}/profil/donnees/{export.pk}/archive/"
    assert confirmed(signed_in(stranger.user)).get(elsewhere).status_code == 404


def test_download_wants_the_password_again(world: World, browser: Browser) -> None:
    export = order(world, browser)
    export_firm(str(export.pk))
    unconfirmed = signed_in(world.cabinet.administrator.user)
    answer = unconfirmed.get(page_of(world, f"{export.pk}/archive/"))
    assert (answer.status_code, answer["Location"]) == (302, page_of(world))
    assert "redemande d'abord votre mot de passe" in text_of(unconfirmed.get(page_of(world)))
    assert browser.post(page_of(world, "confirmation/"))["Location"] == page_of(world)
    with tenant(firm=world.cabinet.firm.pk):
        assert JournalEntry.objects.filter(action="firm.export_fetched").count() == 0


def test_page_asks_as_little_for_many_archives_as_for_one(
    world: World, browser: Browser, django_assert_num_queries: Any
) -> None:
    browser.get(page_of(world))  # the first page after signing in
    for earlier in (0, 2):
        with tenant(firm=world.cabinet.firm.pk):
            for _ in range(earlier):
                FirmExport.objects.create(
                    firm=world.cabinet.firm, created_by=world.cabinet.administrator, state=ArchiveState.STOPPED
                )
        with django_assert_num_queries(8):
            page = text_of(browser.get(page_of(world)))
        assert page.count(f"par {world.cabinet.administrator.user} :") == earlier


def test_whoever_asked_is_told_once_by_an_e_mail_that_leads_to_the_page(world: World, browser: Browser) -> None:
    export = order(world, browser)
    run_export(export.pk)
    run_export(export.pk)
    with tenant(firm=world.cabinet.firm.pk):
        (told,) = OutgoingEmail.objects.filter(kind=EmailKind.FIRM)
    assert told.recipient == world.cabinet.administrator.user.any_email
    text = Parts.opened(bytes(told.sealed_body)).text
    assert page_of(world) in text
    assert "/archive/" not in text
