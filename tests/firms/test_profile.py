"""What a firm says of itself to its clients, and where they see it."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from common.models import JournalEntry
from common.tenancy import tenant
from common.typography import datetime_fr
from firms.logo import stored_as
from firms.models import Firm
from tests.browsing import signed_in, text_of
from tests.factories import Cabinet, make_active_client, make_cabinet, make_owner

pytestmark = pytest.mark.django_db
CONTACT = {
    "sender_name": "Durand Conseil",
    "contact_email": "bonjour@durand.test",
    "contact_phone": "+33 1 23 45 67 89",
}


@pytest.fixture
def cabinet() -> Cabinet:
    return make_cabinet(name="Cabinet Durand & Associés")


def picture(kind: str, *, size: tuple[int, int] = (900, 300), mode: str = "RGB") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new(mode, size, 120).save(content, kind)
    return SimpleUploadedFile("logo", content.getvalue(), content_type="application/octet-stream")


def edit(cabinet: Cabinet, **values: object) -> tuple[int, str]:
    browser = signed_in(cabinet.administrator.user)
    answer = browser.post(f"/cabinets/{cabinet.firm.siret}/profil/modifier/", {**CONTACT, **values})
    cabinet.firm.refresh_from_db()
    return answer.status_code, text_of(answer)


def shown(firm: Firm) -> Image.Image:
    """The logo as anybody's browser gets it."""
    answer = Browser().get(f"/logos/{firm.logo}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    return Image.open(io.BytesIO(answer.content))


def test_contact_is_saved_shown_to_all_and_in_the_journal(cabinet: Cabinet) -> None:
    other = make_cabinet()
    edit(cabinet)
    assert {name: getattr(cabinet.firm, name) for name in CONTACT} == CONTACT
    for member in (cabinet.administrator, cabinet.assigned):
        page = text_of(signed_in(member.user).get(f"/cabinets/{cabinet.firm.siret}/profil/"))
        assert [value in page for value in CONTACT.values()] == [True] * 3
    assert "Durand Conseil" not in text_of(
        signed_in(other.administrator.user).get(f"/cabinets/{other.firm.siret}/profil/")
    )
    edit(cabinet, sender_name="", contact_phone="01 11 11 11 11")
    with tenant(firm=cabinet.firm.pk):
        lines = list(JournalEntry.objects.filter(action="firm.profile_changed").order_by("id").values_list("data"))
    assert lines[1] == (
        {
            "before": {"sender_name": "Durand Conseil", "contact_phone": "+33 1 23 45 67 89"},
            "after": {"sender_name": "", "contact_phone": "01 11 11 11 11"},
        },
    )
    assert cabinet.firm.sender == "Cabinet Durand & Associés"
    edit(cabinet, sender_name="", contact_phone="01 11 11 11 11")  # nothing has changed
    with tenant(firm=cabinet.firm.pk):
        assert JournalEntry.objects.filter(action="firm.profile_changed").count() == 2
    page = text_of(signed_in(cabinet.administrator.user).get(f"/cabinets/{cabinet.firm.siret}/journal/"))
    assert "nom d'expéditeur : Durand Conseil → vide" in page


def test_identity_is_shown_with_the_date_it_was_read(cabinet: Cabinet) -> None:
    read = timezone.now() - timedelta(days=3)
    Firm.objects.filter(pk=cabinet.firm.pk).update(identity_read_at=read, city="Lyon")
    page = text_of(signed_in(cabinet.assigned.user).get(f"/cabinets/{cabinet.firm.siret}/profil/"))
    assert "Lyon" in page
    assert f"la dernière fois le {' '.join(datetime_fr(read).split())}" in page


@pytest.mark.parametrize(
    ("field", "value"), [("contact_phone", "appelez-moi"), ("contact_email", "durand"), ("sender_name", "x" * 101)]
)
def test_contact_that_cannot_be_is_told_beside_its_field(cabinet: Cabinet, field: str, value: str) -> None:
    status, page = edit(cabinet, **{field: value})
    assert (status, "À corriger avant de continuer" in page) == (422, True)
    assert getattr(cabinet.firm, field) == ""


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L"), ("WEBP", "RGB")]
)
def test_logo_is_redrawn_as_a_small_png(cabinet: Cabinet, kind: str, mode: str) -> None:
    assert edit(cabinet, logo_file=picture(kind, mode=mode))[0] == 302
    image = shown(cabinet.firm)
    assert (image.format, image.size, image.mode) == ("PNG", (480, 160), "RGBA")


def test_logo_keeps_nothing_of_the_file_but_its_points(cabinet: Cabinet) -> None:
    content, words = io.BytesIO(), PngInfo()
    words.add_text("Comment", "secret words")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.new("RGB", (300, 100)).save(content, "PNG", pnginfo=words, exif=exif, icc_profile=b"secret profile")
    edit(cabinet, logo_file=SimpleUploadedFile("l.png", content.getvalue()))
    image = shown(cabinet.firm)
    assert (image.size, image.info) == ((53, 160), {})


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "PNG, JPEG ou WebP"),
        ("logo.png", b"<!doctype html><script>alert(1)</script>", "PNG, JPEG ou WebP"),
        ("logo.png", b"GIF89a" + b"\0" * 40, "PNG, JPEG ou WebP"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "n'a pas pu être lue"),
        ("logo.jpg", b"\xff\xd8\xff" + b"\0" * 40, "n'a pas pu être lue"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * (2 << 20), "dépasse 2 Mo"),
    ],
)
def test_file_that_is_no_such_picture_is_refused(cabinet: Cabinet, name: str, content: bytes, words: str) -> None:
    status, page = edit(cabinet, logo_file=SimpleUploadedFile(name, content, content_type="image/png"))
    assert (status, words in page, cabinet.firm.logo, cabinet.firm.sender_name) == (422, True, None, "")


def test_picture_that_unpacks_to_too_much_is_refused(cabinet: Cabinet) -> None:
    """100 million points in 100 kB."""
    status, page = edit(cabinet, logo_file=picture("PNG", size=(10_000, 10_000), mode="1"))
    assert (status, "n'a pas pu être lue" in page, cabinet.firm.logo) == (422, True, None)


@pytest.mark.django_db(transaction=True)  # the former picture goes once its row has changed
def test_logo_is_replaced_and_removed_with_its_bytes(cabinet: Cabinet) -> None:
    edit(cabinet, logo_file=picture("PNG"))
    first = cabinet.firm.logo
    edit(cabinet, logo_file=picture("JPEG"))
    second = cabinet.firm.logo
    assert first
    assert second
    assert [Browser().get(f"/logos/{logo}/").status_code for logo in (first, second, uuid4())] == [404, 200, 404]
    assert [default_storage.exists(stored_as(logo)) for logo in (first, second)] == [False, True]
    edit(cabinet, remove_logo="on")
    assert (cabinet.firm.logo, default_storage.exists(stored_as(second))) == (None, False)
    edit(cabinet, remove_logo="on")
    with tenant(firm=cabinet.firm.pk):
        actions = JournalEntry.objects.filter(action__startswith="firm.logo").order_by("id")
        assert list(actions.values_list("action", flat=True)) == [
            "firm.logo_changed",
            "firm.logo_changed",
            "firm.logo_removed",
        ]


def test_profile_is_edited_by_administrators_of_the_firm(cabinet: Cabinet) -> None:
    other = make_cabinet()
    path = f"/cabinets/{cabinet.firm.siret}/profil/modifier/"
    assert signed_in(cabinet.assigned.user).post(path, CONTACT).status_code == 403
    assert signed_in(other.administrator.user).post(path, CONTACT).status_code == 404
    cabinet.firm.refresh_from_db()
    assert cabinet.firm.sender_name == ""


def test_client_sees_its_firm_in_its_space(cabinet: Cabinet) -> None:
    edit(cabinet, logo_file=picture("PNG"))
    client = make_active_client(cabinet.firm)
    make_active_client(make_cabinet().firm)
    assert client.company
    page = signed_in(make_owner(client.company).person).get(f"/entreprises/{client.siren}/cabinets/")
    assert f'src="/logos/{cabinet.firm.logo}/"' in page.content.decode()
    assert "Durand Conseil : bonjour@durand.test · +33 1 23 45 67 89" in text_of(page)
