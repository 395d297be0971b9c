"""People whose rights are read again at each request, so that no test waits a minute."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from firms.models import Firm
from tests.firms.conftest import Browser


@pytest.fixture
def marie(browser: Browser, settings: Any) -> Browser:
    browser.sign_in("marie.durand")
    Firm.objects.update(terms_accepted_at=timezone.now())
    settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = 0
    return browser


@pytest.fixture
def paul(marie: Browser, new_browser: Callable[[], Browser]) -> Browser:
    browser = new_browser()
    browser.sign_in("paul.martin")
    return browser
