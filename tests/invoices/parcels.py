"""Archives and e-mails as people and programs make them."""

import io
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage

from clients.models import Company
from common.tenancy import tenant
from invoices.enums import ParcelState
from invoices.models import Deposit, Mailbox, Parcel
from invoices.services.mail_intake import take_message
from invoices.services.receiving import origin_of, receive_any
from invoices.services.unpacking import unpack
from tests.invoices.conftest import Space


def pdf(text: str) -> bytes:
    """Enough of one to be taken for a PDF: what it says tells it from the others."""
    return b"%PDF-1.7\n" + text.encode()


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def message(*, sender: str, message_id: str = "<un@fournisseur.test>", subject: str = "Votre facture") -> EmailMessage:
    found = EmailMessage()
    found["From"] = f"Fournisseur <{sender}>"
    found["To"] = "achats@factures.jefacture.test"
    found["Subject"] = subject
    if message_id:
        found["Message-ID"] = message_id
    found.set_content("Bonjour, veuillez trouver la facture ci-jointe.")
    return found


def attach(mail: EmailMessage, data: bytes, *, name: str | None, kind: str = "application/octet-stream") -> None:
    main, _, sub = kind.partition("/")
    mail.add_attachment(data, maintype=main, subtype=sub, filename=name)


def send_archive(space: Space, data: bytes, *, name: str = "factures.zip") -> Parcel:
    """Deposited by the company's owner, not opened yet."""
    with tenant(company=space.company.pk):
        origin = origin_of(space.owner, company=space.company, client=None)
        item, _new = receive_any(origin, file_name=name, size=len(data), chunks=(data,))
    assert isinstance(item, Parcel)
    return item


def opened(parcel: Parcel) -> Parcel:
    """Taken apart, as a worker does."""
    unpack(parcel.pk)
    with tenant(company=parcel.company_id):
        return Parcel.objects.get(pk=parcel.pk)


def names_of(company: Company) -> list[str]:
    with tenant(company=company.pk):
        return sorted(Deposit.objects.filter(company=company).values_list("file_name", flat=True))


def report(parcel: Parcel) -> list[tuple[str, str]]:
    return [(line["name"], line["outcome"]) for line in parcel.contents]


def take(mailbox: Mailbox, mail: EmailMessage | bytes, *, envelope: str = "bounce@fournisseur.test") -> Parcel | None:
    content = mail if isinstance(mail, bytes) else mail.as_bytes()
    return take_message(mailbox, content=content, envelope_sender=envelope)


def taken(mailbox: Mailbox, mail: EmailMessage | bytes) -> Parcel:
    parcel = take(mailbox, mail)
    assert parcel is not None
    return opened(parcel)


def held(box: Mailbox, sender: str, name: str) -> Parcel:
    mail = message(sender=sender, message_id=f"<{name}@x.test>")
    attach(mail, pdf(name), name=name)
    parcel = take(box, mail)
    assert parcel is not None
    assert (parcel.state, parcel.wake_at) == (ParcelState.HELD, None)
    return parcel
