"""Invoices that come by e-mail, over real SMTP: « 250 » is said of what is stored and committed, of nothing else."""

import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from common.tenancy import tenant
from invoices.enums import Channel, ParcelKind, ParcelState
from invoices.models import Mailbox, Parcel
from invoices.services.mail_intake import MAX_HELD
from invoices.services.mailboxes import mailboxes_of
from tests.factories import make_active_client, make_cabinet, make_owner
from tests.invoices.conftest import Space
from tests.invoices.parcels import attach, message, opened, pdf, report

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def space() -> Space:
    cabinet = make_cabinet()
    client = make_active_client(cabinet.firm)
    assert client.company is not None
    return Space(cabinet=cabinet, client=client, company=client.company, owner=make_owner(client.company))


def _address(space: Space) -> str:
    with tenant(company=space.company.pk):
        return mailboxes_of(space.company)[0].address


def _send(port: int, address: str, mail: EmailMessage, *, kind: type[smtplib.SMTP] = smtplib.SMTP) -> None:
    with kind("127.0.0.1", port, local_hostname="mx.test", timeout=20) as connection:
        connection.sendmail("x@fournisseur.test", [address], mail.as_bytes())


def _invoice(space: Space) -> EmailMessage:
    mail = message(sender=str(space.owner.person.email))
    attach(mail, pdf("un"), name="un.pdf")
    return mail


def _parcels(space: Space) -> list[Parcel]:
    with tenant(company=space.company.pk):
        return list(Parcel.objects.order_by("created_at"))


@pytest.mark.parametrize(("port", "kind"), [("smtp", smtplib.SMTP), ("lmtp", smtplib.LMTP)], indirect=["port"])
def test_invoice_to_a_company_s_address_is_stored_before_it_is_taken_and_once(
    port: int, kind: type[smtplib.SMTP], space: Space
) -> None:
    address = _address(space)
    for _ in range(2):  # as a server does that did not hear our answer
        _send(port, address, _invoice(space), kind=kind)
    (parcel,) = _parcels(space)
    assert parcel.wake_at is not None
    with default_storage.open(parcel.stored_as) as kept:
        assert b"un.pdf" in kept.read()
    assert report(opened(parcel)) == [("un.pdf", "taken")]


def test_address_that_is_unknown_or_renewed_is_refused_before_a_word_is_said(port: int, space: Space) -> None:
    address = _address(space)
    with tenant(company=space.company.pk):
        Mailbox.objects.update(ended_at=timezone.now())
    for wrong in (address, "achats-aaaaaaaaaaaaaaaaaaaa@factures.jefacture.test"):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            _send(port, wrong, _invoice(space))
        assert refused.value.recipients[wrong][0] == 550


def test_storage_that_is_away_is_no_answer_and_the_next_try_is_taken(
    port: int, space: Space, settings: Settings, tmp_path: Path
) -> None:
    address, storages = _address(space), settings.STORAGES
    (tmp_path / "file").touch()
    settings.STORAGES = {
        **storages,
        "default": {**storages["default"], "OPTIONS": {"location": str(tmp_path / "file" / "none")}},
    }
    with pytest.raises(smtplib.SMTPDataError) as later:
        _send(port, address, _invoice(space))
    assert (later.value.smtp_code, _parcels(space)) == (451, [])
    settings.STORAGES = storages
    _send(port, address, _invoice(space))
    assert len(_parcels(space)) == 1


def test_database_that_is_away_is_no_answer(port: int, space: Space, owner: psycopg.Connection[Any]) -> None:
    address = _address(space)
    owner.execute("ALTER TABLE invoices_parcel RENAME TO away")
    try:
        with pytest.raises(smtplib.SMTPDataError) as later:
            _send(port, address, _invoice(space))
    finally:
        owner.execute("ALTER TABLE away RENAME TO invoices_parcel")
    assert later.value.smtp_code == 451
    _send(port, address, _invoice(space))
    assert len(_parcels(space)) == 1


def test_so_many_strangers_wait_that_the_next_comes_back_later(port: int, space: Space) -> None:
    address = _address(space)
    mail = message(sender="inconnu@x.test")
    with tenant(company=space.company.pk):
        first = Parcel(
            company=space.company, kind=ParcelKind.MESSAGE, channel=Channel.EMAIL, state=ParcelState.HELD, size=1
        )
        for n in range(MAX_HELD):
            first.pk, first.ledger = uuid4(), str(n)
            Parcel.objects.bulk_create([first])
    with pytest.raises(smtplib.SMTPDataError) as later:
        _send(port, address, mail)
    assert later.value.smtp_code == 452
    _send(port, address, _invoice(space))  # who is known is not held up by them
    assert len(_parcels(space)) == MAX_HELD + 1
