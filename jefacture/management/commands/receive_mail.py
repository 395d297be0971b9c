"""`manage.py receive_mail`: take in invoices and the mail that comes back, at RECEIVE_MAIL_LISTEN, until SIGTERM."""

import asyncio
import signal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jefacture.receiving import make_server

_PORT = 25


class Command(BaseCommand):
    help = "Take in invoices and the mail that comes back, at RECEIVE_MAIL_LISTEN."

    def handle(self, **_options: Any) -> None:
        if not (settings.BOUNCE_DOMAIN or settings.INVOICE_MAIL_DOMAIN):
            raise CommandError(
                "Neither BOUNCE_DOMAIN nor INVOICE_MAIL_DOMAIN is set: there is no address to receive at."
            )
        asyncio.run(_serve(settings.RECEIVE_MAIL_LISTEN))


async def _serve(url: str) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    address = urlsplit(url)
    server = await loop.create_server(make_server(url), address.hostname, address.port or _PORT)
    async with server:
        await ended.wait()
