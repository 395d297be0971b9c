"""Pages as a signed-in person's browser asks for them, and reads them."""

import re
from html import unescape
from typing import Any

from django.test import Client as Browser

from accounts.models import User


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def text_of(answer: Any) -> str:
    """What the page says, without its markup, each run of spaces of any kind as one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))
