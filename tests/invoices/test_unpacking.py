"""A ZIP that is deposited: each file becomes a deposit once, what is none is named, and a bomb is not opened."""

import io
import struct
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from common.tenancy import tenant
from invoices.enums import Channel, ParcelState
from invoices.models import Deposit, Parcel
from invoices.services.unpacking import MAX_ATTEMPTS
from invoices.tasks import unpack as unpack_task
from tests.invoices.conftest import Space, deposit
from tests.invoices.parcels import names_of, opened, pdf, report, send_archive, zipped

pytestmark = pytest.mark.django_db


def test_each_file_becomes_a_deposit_and_what_is_none_is_named(space: Space) -> None:
    inner = zipped([("dedans.pdf", pdf("dedans")), ("encore.zip", zipped([("trop.pdf", pdf("trop"))]))])
    files = [
        ("2026/novembre/F-1.pdf", pdf("un")),
        ("F-2.xml", b'<?xml version="1.0"?><Facture/>'),
        ("photo.txt", b"\xff\xd8\xff\xe0 une photo au mauvais nom"),
        ("notes.txt", b"Bonjour"),
        ("page.html", b"<!DOCTYPE html><html><body>Bonjour</body></html>"),
        ("vide.pdf", b""),
        ("../../etc/cron.d/F-3.pdf", pdf("trois")),
        ("dossier/", b""),
        ("inner.zip", inner),
        ("classeur.xlsx", zipped([("[Content_Types].xml", b"<Types/>")])),
        ("copie.pdf", pdf("un")),
    ]
    parcel = opened(send_archive(space, zipped(files)))

    assert (parcel.state, parcel.wake_at, parcel.reason) == (ParcelState.OPENED, None, "")
    assert report(parcel) == [
        ("2026/novembre/F-1.pdf", "taken"),
        ("F-2.xml", "taken"),
        ("photo.txt", "taken"),
        ("notes.txt", "skipped"),
        ("page.html", "skipped"),
        ("vide.pdf", "skipped"),
        ("../../etc/cron.d/F-3.pdf", "taken"),
        ("inner.zip/dedans.pdf", "taken"),
        ("inner.zip/encore.zip", "skipped"),
        ("classeur.xlsx", "skipped"),
        ("copie.pdf", "same"),
    ]
    assert names_of(space.company) == ["F-1.pdf", "F-2.xml", "F-3.pdf", "dedans.pdf", "photo.txt"]
    with tenant(company=space.company.pk):
        deposits = Deposit.objects.select_related("parcel").all()
        assert {(one.channel, one.batch, one.parcel and one.parcel.name, one.deposited_by_id) for one in deposits} == {
            (Channel.WEB_COMPANY, parcel.batch, "factures.zip", space.owner.person_id)
        }


def test_same_archive_again_makes_nothing_again(space: Space) -> None:
    data = zipped([("F-1.pdf", pdf("un"))])
    first = opened(send_archive(space, data))
    second = send_archive(space, data, name="autre-nom.zip")
    assert (second.pk, second.state) == (first.pk, ParcelState.OPENED)
    assert names_of(space.company) == ["F-1.pdf"]


def test_file_that_was_deposited_by_itself_is_not_deposited_again(space: Space) -> None:
    deposit(space, pdf("un"), name="seule.pdf")
    parcel = opened(send_archive(space, zipped([("F-1.pdf", pdf("un"))])))
    assert [(line["outcome"], line["reason"][:33]) for line in parcel.contents] == [
        ("same", "Ce même fichier a déjà été déposé")
    ]
    assert names_of(space.company) == ["seule.pdf"]


def _overlapping() -> bytes:
    """Two entries that are the same bytes of the file."""
    data = bytearray(zipped([("a.pdf", pdf("a" * 5000)), ("b.pdf", pdf("b" * 5000))]))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    data[second + 20 : second + 24] = struct.pack("<I", len(data))
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(zipped([("bombe.pdf", bytes(60 << 20))]), "too_large", id="ratio"),
        pytest.param(zipped([(f"{n}.pdf", b"") for n in range(2001)]), "too_many_files", id="entries"),
        pytest.param(zipped([("F.pdf", pdf("x"))])[:-10], "damaged_archive", id="truncated"),
        pytest.param(_overlapping(), "damaged_archive", id="overlapping"),
        pytest.param(zipped([("[Content_Types].xml", b"<Types/>")]), "office_document", id="workbook"),
    ],
)
def test_hostile_or_strange_archive_is_refused_whole_with_its_reason(space: Space, data: bytes, code: str) -> None:
    parcel = opened(send_archive(space, data))
    assert (parcel.state, parcel.reason_code, parcel.contents) == (ParcelState.REFUSED, code, [])
    assert parcel.reason.endswith((".", "un"))
    assert names_of(space.company) == []


def test_protected_and_damaged_entries_are_named_and_the_others_taken(space: Space) -> None:
    data = bytearray(zipped([("abime.pdf", pdf("abc" * 400)), ("bon.pdf", pdf("bon")), ("secret.pdf", pdf("?"))]))
    data[60] ^= 0xFF
    data[data.rfind(b"PK\x01\x02") + 8] |= 1  # its entry says that it is encrypted
    parcel = opened(send_archive(space, bytes(data)))
    assert [(line["name"], line["reason"]) for line in parcel.contents] == [
        ("abime.pdf", "Ce fichier est endommagé dans l'archive."),
        ("bon.pdf", ""),
        ("secret.pdf", "Ce fichier est protégé par un mot de passe."),
    ]


def test_archive_with_a_bomb_inside_keeps_its_other_files(space: Space) -> None:
    bomb = zipped([("b.pdf", bytes(60 << 20))])
    parcel = opened(send_archive(space, zipped([("bombe.zip", bomb), ("bon.pdf", pdf("bon"))])))
    assert report(parcel) == [("bombe.zip", "skipped"), ("bon.pdf", "taken")]


def test_names_of_an_old_windows_are_read(space: Space) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("XXXXXXXX.pdf"), pdf("é"))
    data = out.getvalue().replace(b"XXXXXXXX", "été-2026".encode("cp850"))
    assert report(opened(send_archive(space, data))) == [("été-2026.pdf", "taken")]


def test_storage_that_is_away_is_no_fault_of_the_archive(space: Space) -> None:
    parcel = send_archive(space, zipped([("F-1.pdf", pdf("un"))]))
    stored = Path(default_storage.path(parcel.stored_as))
    away = stored.rename(stored.with_suffix(".away"))

    unpack_task(str(parcel.pk))

    with tenant(company=space.company.pk):
        waiting = Parcel.objects.get()
    assert (waiting.state, waiting.attempts, waiting.last_error[:14]) == (ParcelState.RECEIVED, 1, "MissingError: ")
    assert waiting.wake_at is not None
    assert waiting.wake_at - timezone.now() < timedelta(seconds=6)
    away.rename(stored)
    unpack_task(str(parcel.pk))
    assert names_of(space.company) == ["F-1.pdf"]


def test_archive_that_workers_end_at_again_and_again_is_set_aside(space: Space) -> None:
    parcel = send_archive(space, zipped([("F-1.pdf", pdf("un"))]))
    with tenant(company=space.company.pk):
        Parcel.objects.update(attempts=MAX_ATTEMPTS)
    given_up = opened(parcel)
    assert (given_up.state, given_up.reason_code, given_up.wake_at) == (ParcelState.QUARANTINED, "unreadable", None)
    assert names_of(space.company) == []
