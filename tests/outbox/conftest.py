from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.outbox.smtp_server import Recorder, smtp_server


@pytest.fixture
def smtp(settings: Settings) -> Iterator[Recorder]:
    with smtp_server() as recorder:
        settings.SMTP_URL = recorder.url
        yield recorder
