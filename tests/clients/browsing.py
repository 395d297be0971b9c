"""Pages of the directory as a member's browser asks for them."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from django.test import Client as Browser

from clients.models import Client
from common.tenancy import tenant
from firms.models import Membership
from tests.factories import Cabinet


def browser_of(membership: Membership) -> Browser:
    browser = Browser()
    browser.force_login(membership.user)
    return browser


def address(cabinet: Cabinet, path: str = "") -> str:
    return f"/cabinets/{cabinet.firm.siret}/clients/{path}"


def text_of(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def statuses(cabinet: Cabinet) -> dict[UUID, str]:
    with tenant(firm=cabinet.firm.pk):
        return dict(Client.objects.values_list("pk", "status"))
