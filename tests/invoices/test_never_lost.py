"""What is answered « taken » is there, whatever went wrong at that moment; on real transactions."""

import pytest
from django.db import IntegrityError

from common import vault
from common.tenancy import tenant
from invoices.enums import Direction
from invoices.models import Mailbox, Parcel
from invoices.services.mail_intake import take_message
from invoices.services.mailboxes import mailboxes_of, renew_mailbox
from invoices.services.receiving import receive
from tests.invoices.conftest import Space
from tests.invoices.parcels import attach, message, pdf
from tests.together import in_the_background, together, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_message_that_the_database_refuses_is_not_taken_for_one_that_is_here(space: Space) -> None:
    mail = message(sender="factures@fournisseur.test")
    attach(mail, pdf("F-1"), name="F-1.pdf")
    unknown = Mailbox(company=space.company, direction=Direction.PURCHASE, local_part="achats-inconnue")
    with pytest.raises(IntegrityError):
        take_message(unknown, content=mail.as_bytes(), envelope_sender="factures@fournisseur.test")


def test_message_that_comes_twice_at_once_is_kept_once(space: Space) -> None:
    mail = message(sender="factures@fournisseur.test")
    attach(mail, pdf("F-1"), name="F-1.pdf")
    with tenant(company=space.company.pk):
        mailbox = mailboxes_of(space.company)[0]
    kept = {each.name for each in vault.listed()}

    def take() -> Parcel | None:
        return take_message(mailbox, content=mail.as_bytes(), envelope_sender="factures@fournisseur.test")

    taken = [one for one in together(take, take, take) if one is not None]

    assert [type(one) for one in taken] == [Parcel]
    assert {each.name for each in vault.listed()} - kept == {taken[0].stored_as}


def test_bytes_of_a_row_that_was_committed_stay_where_an_exception_comes_after_it(space: Space) -> None:
    """As where a connection breaks while the database answers that it has committed."""
    kept: list[str] = []

    @vault.undone_on_error()
    def act() -> None:
        with tenant(company=space.company.pk):
            deposit, _new = receive(
                space.owner, company=space.company, client=None, file_name="f.pdf", size=3, chunks=(b"abc",)
            )
        kept.extend((deposit.stored_as, vault.keep_bytes(b"no row names it", folder="depots").name))
        raise ConnectionError

    with pytest.raises(ConnectionError):
        act()
    named, unnamed = kept
    assert b"".join(vault.chunks_of(named)) == b"abc"
    with pytest.raises(vault.MissingError):
        vault.opened(unnamed)


def test_address_that_is_renewed_twice_at_once_is_one(space: Space) -> None:
    with tenant(company=space.company.pk):
        former = mailboxes_of(space.company)[0]

    def renew() -> str:
        with tenant(company=space.company.pk):
            return renew_mailbox(space.owner, company=space.company, direction=Direction.PURCHASE).address

    with in_the_background() as start:
        with tenant(company=space.company.pk):
            first = renew_mailbox(space.owner, company=space.company, direction=Direction.PURCHASE)
            second = start(renew)
            wait_until_blocked(1)
        assert second.result() == first.address

    with tenant(company=space.company.pk):
        assert mailboxes_of(space.company)[0].address == first.address
    assert former.address != first.address
