import time
from pathlib import Path

import pytest

from common.isolation import Limits, end_children
from invoices.formats import InvoiceRefused
from invoices.opening import Quarantined, check_xml, open_invoice
from invoices.samples import as_cii_xml, as_facturx_pdf, as_ubl_xml, invented_lines
from tests.invoices import making

INVOICE = making.invoice()
TINY = 80 << 20


def test_open_invoice_reads_and_checks(tmp_path: Path) -> None:
    file = tmp_path / "facture.pdf"
    file.write_bytes(as_facturx_pdf(INVOICE))
    opened = open_invoice(file)

    assert (opened.container, opened.profile, opened.invoice, opened.reason) == ("facturx", "en16931", INVOICE, None)
    assert opened.xml == as_cii_xml(INVOICE)
    assert [(check.rule_set, check.ran, check.findings) for check in opened.checks] == [
        ("schema", True, ()),
        ("en16931", True, ()),
        ("factur-x", True, ()),
        ("fr-ctc", True, ()),
    ]


def test_open_invoice_without_data_gives_the_reason() -> None:
    opened = open_invoice(making.pdf_with())

    assert (opened.container, opened.invoice, opened.xml, list(opened.checks)) == ("pdf", None, None, [])
    assert opened.reason == "Ce PDF ne contient pas de données de facture."


def test_open_invoice_refuses_what_is_damaged() -> None:
    with pytest.raises(InvoiceRefused) as caught:
        open_invoice(as_ubl_xml(INVOICE)[:-100])

    assert caught.value.code == "damaged_xml"


def test_file_that_takes_too_long_is_quarantined_and_the_next_one_is_read() -> None:
    large = making.ubl_of(3000)
    with pytest.raises(Quarantined) as caught:
        open_invoice(large, check=False, limits=Limits(wall_seconds=0.05))

    assert (caught.value.code, caught.value.reason) == (
        "timeout",
        "Ce fichier est trop long à lire : il est mis en quarantaine.",
    )
    assert open_invoice(as_ubl_xml(INVOICE), check=False).invoice == INVOICE


def test_file_that_takes_too_much_memory_is_quarantined() -> None:
    large = making.ubl_of(20_000)
    with pytest.raises(Quarantined) as caught:
        open_invoice(large, check=False, limits=Limits(memory_bytes=TINY, wall_seconds=30, cpu_seconds=30))

    assert caught.value.code == "memory"


def test_checks_that_cannot_run_say_so_and_do_not_pass() -> None:
    large = as_cii_xml(making.invoice(lines=invented_lines(1, count=2000)))
    (check,) = check_xml(large, container="cii", limits=Limits(memory_bytes=1 << 30, wall_seconds=0.2))

    assert (check.ran, check.passed) == (False, False)
    assert check.reason == "Non vérifié : le contrôle de ce document est trop long."


def test_compression_bomb_ends_quickly() -> None:
    started = time.monotonic()
    with pytest.raises(InvoiceRefused) as caught:
        open_invoice(making.pdf_with(("factur-x.xml", b"<" + b"\0" * (1 << 26)), packed=2))

    assert caught.value.code == "too_large"
    assert time.monotonic() - started < 10


def test_invoice_of_twenty_thousand_lines_is_read() -> None:
    opened = open_invoice(making.ubl_of(20_000), check=False)

    assert opened.invoice is not None
    assert len(opened.invoice.lines) == 20_000


def teardown_module() -> None:
    end_children()
