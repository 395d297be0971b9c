"""Forgetting what was kept: a folder with all in it, and one file alone."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from common import vault


@pytest.mark.django_db
def test_folder_and_file_alone_are_forgotten_and_a_missing_one_is_no_error() -> None:
    kept = vault.keep_bytes(b"one", folder="forgotten/deeper").name
    beside = vault.keep_bytes(b"two", folder="remembered").name
    alone = default_storage.save("archive.zip", ContentFile(b"three"))
    for name in ("forgotten", alone, "forgotten", "nowhere"):
        vault.forget_folder(name)
    assert [default_storage.exists(name) for name in (kept, alone, "forgotten", beside)] == [False, False, False, True]
    vault.forget_folder("remembered")
