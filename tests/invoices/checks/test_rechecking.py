"""« Contrôler de nouveau »: older verdicts stay, the differences are shown, and nobody else's invoices are touched."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.utils import timezone

from common.tenancy import tenant
from invoices.models import InvoiceCheck, InvoiceFile, Recheck
from invoices.models.rechecks import RecheckState
from invoices.services import rechecking
from invoices.services.rechecking import MAX_ATTEMPTS
from invoices.tasks import recheck as recheck_task
from tests.browsing import signed_in, text_of
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed

pytestmark = pytest.mark.django_db
PERIOD = {"since": "2026-11-01", "until": "2026-11-30"}


def page_of(space: Space, pk: UUID | None = None) -> str:
    return f"/entreprises/{space.company.siren}/controles/" + (f"{pk}/" if pk else "")


def start(browser: Browser, space: Space, **period: str) -> Recheck:
    browser.post(page_of(space), PERIOD | period)
    with tenant(company=space.company.pk):
        return Recheck.objects.latest("created_at")


def filed(space: Space, *, number: str = "F-2026-001") -> UUID:
    """An invoice whose EN 16931 verdict was made by an older edition that knew a rule less, and one more."""
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren, number=number), container="ubl")
    taken = deposit(space, data, name="facture.xml")
    assert taken.invoice is not None
    finding = {"rule": "BR-99", "severity": "fatal", "message": "[BR-99]-Gone.", "term": None, "line": None}
    with tenant(company=space.company.pk):
        taken.invoice.checks.filter(rule_set="en16931").update(version="1.0 (sha256 old)", findings=[finding])
    return taken.invoice.pk


def checks_of(space: Space, invoice: UUID) -> list[tuple[str, bool, bool, bool]]:
    with tenant(company=space.company.pk):
        rows = InvoiceCheck.objects.filter(invoice=invoice).order_by("id")
        return [(row.rule_set, row.current, row.changed, row.former_id is not None) for row in rows]


def test_period_is_checked_again_and_the_older_verdicts_stay(space: Space, owner: Browser) -> None:
    invoice = filed(space)
    before = text_of(owner.get(page_of(space)))
    run = start(owner, space)
    recheck_task(str(run.pk))
    recheck_task(str(run.pk))

    assert "1 facture a été contrôlée avec une autre édition" in before
    assert checks_of(space, invoice) == [
        ("schema", False, False, False),
        ("en16931", False, False, False),
        ("fr-ctc", False, False, False),
        ("schema", True, False, True),
        ("en16931", True, True, True),
        ("fr-ctc", True, False, True),
    ]
    page = text_of(owner.get(page_of(space, run.pk)))
    assert "Erreur devient → Conforme" in page
    assert "Disparu Erreur : [BR-99]-Gone." in page
    assert "Nouveau" not in page
    assert "Les règles ont changé" not in text_of(owner.get(page_of(space)))


def test_new_findings_and_the_verdict_that_they_change_are_told(space: Space, owner: Browser) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="ubl").replace(b"#PMT#", b"#AAI#")
    taken = deposit(space, data, name="facture.xml")
    with tenant(company=space.company.pk):
        InvoiceCheck.objects.filter(invoice=taken.invoice, rule_set="fr-ctc").update(findings=[])
    run = start(owner, space)
    recheck_task(str(run.pk))

    page = text_of(owner.get(page_of(space, run.pk)))
    assert "Conforme devient → Erreur" in page
    assert "Nouveau Erreur : La mention relative aux frais de recouvrement (code PMT) est absente." in page
    assert "texte de la note (BT-22)" in page
    assert "Disparu" not in page


def test_period_without_invoices_is_told(space: Space, owner: Browser) -> None:
    filed(space)
    answer = owner.post(page_of(space), {"since": "2025-01-01", "until": "2025-12-31"})
    reverse = owner.post(page_of(space), {"since": "2026-12-31", "until": "2026-01-01"})

    assert "Aucune facture de cette période n'a de données à contrôler." in text_of(answer)
    assert "La période finit avant d'avoir commencé." in text_of(reverse)
    with tenant(company=space.company.pk):
        assert Recheck.objects.count() == 0


def test_one_run_at_a_time_that_a_killed_worker_goes_on_with(space: Space, owner: Browser) -> None:
    filed(space)
    run = start(owner, space)
    second = owner.post(page_of(space), PERIOD)
    progress = text_of(owner.get(page_of(space, run.pk) + "avancement/"))
    recheck_task(str(run.pk))
    with tenant(company=space.company.pk):
        run.refresh_from_db()

    assert "Un contrôle est déjà en cours." in text_of(second)
    assert "0 sur 1" in progress
    assert (run.state, run.done, run.total, run.wake_at) == (RecheckState.DONE, 1, 1, None)
    assert owner.get(page_of(space, run.pk) + "avancement/")["HX-Refresh"] == "true"


def test_run_whose_seconds_are_over_goes_on_behind_the_invoice_where_it_stands(
    space: Space, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rechecking, "_SECONDS", -1)
    invoices = [filed(space, number=number) for number in ("A", "B")]
    run, seen = start(owner, space), []
    for _ in range(3):
        recheck_task(str(run.pk))
        with tenant(company=space.company.pk):
            run.refresh_from_db()
        seen.append((run.state, run.done, run.attempts))
    assert seen == [(RecheckState.RUNNING, 1, 0), (RecheckState.RUNNING, 2, 0), (RecheckState.DONE, 2, 1)]
    assert [len(checks_of(space, invoice)) for invoice in invoices] == [6, 6]


def test_storage_that_is_away_keeps_a_run_waiting(space: Space, owner: Browser) -> None:
    filed(space)
    run = start(owner, space)
    with tenant(company=space.company.pk):
        stored = [
            Path(default_storage.path(name)) for name in set(InvoiceFile.objects.values_list("stored_as", flat=True))
        ]
    away = [file.rename(file.with_suffix(".away")) for file in stored]
    recheck_task(str(run.pk))

    with tenant(company=space.company.pk):
        run.refresh_from_db()
    assert (run.state, run.done, run.last_error[:14]) == (RecheckState.RUNNING, 0, "MissingError: ")
    assert run.wake_at is not None
    assert run.wake_at - timezone.now() < timedelta(seconds=6)
    for file, place in zip(away, stored, strict=True):
        file.rename(place)
    recheck_task(str(run.pk))
    with tenant(company=space.company.pk):
        run.refresh_from_db()
    assert (run.state, run.done) == (RecheckState.DONE, 1)


def test_run_that_gets_no_further_is_given_up(space: Space, owner: Browser) -> None:
    filed(space)
    run = start(owner, space)
    with tenant(company=space.company.pk):
        Recheck.objects.update(attempts=MAX_ATTEMPTS)
    recheck_task(str(run.pk))

    assert "Le contrôle s'est arrêté." in text_of(owner.get(page_of(space, run.pk)))


def test_only_the_firms_administrators_and_the_company_begin_one(space: Space) -> None:
    filed(space)
    colleague = signed_in(space.cabinet.assigned.user)

    assert colleague.post(page_of(space), PERIOD).status_code == 403
    assert "Contrôler de nouveau une période" not in text_of(colleague.get(page_of(space)))
    run = start(signed_in(space.cabinet.administrator.user), space)
    assert (run.total, run.since, run.until) == (1, date(2026, 11, 1), date(2026, 11, 30))
