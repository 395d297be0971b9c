"""Each hostile or broken file ends accepted, refused or in quarantine, in time, in little memory, without a call."""

import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from common.isolation import IsolationError, end_children
from invoices.enums import DepositState, FileKind
from invoices.formats.active import active_content
from invoices.rendering.picture import picture_pdf
from tests.invoices import hostile, hostile_xml
from tests.invoices.conftest import SUPPLIER, Space, bytes_in, bytes_of, deposit, files_of, typed
from tests.invoices.watching import open_watched

SECONDS = 10
MEMORY = 512 << 20


def teardown_module() -> None:
    end_children()


#: (maker, outcome, what acts by itself). Makers with a parameter take the port that nobody may call.
TABLE: list[tuple[Callable[..., bytes], str, list[str]]] = [
    (hostile_xml.entity_bomb, "refused: forbidden_xml", []),
    (hostile_xml.quadratic_bomb, "refused: forbidden_xml", []),
    (hostile_xml.external_file, "refused: forbidden_xml", []),
    (hostile_xml.external_address, "refused: forbidden_xml", []),
    (hostile_xml.external_dtd, "refused: forbidden_xml", []),
    (hostile_xml.late_doctype, "refused: forbidden_xml", []),
    (hostile_xml.doctype_in_utf_16, "refused: forbidden_xml", []),
    (hostile_xml.inclusion, "accepted", []),
    (hostile_xml.stylesheet, "accepted", []),
    (hostile_xml.deep_xml, "refused: damaged_xml", []),
    (hostile_xml.long_text, "refused: damaged_xml", []),
    (hostile_xml.many_attributes, "accepted", []),
    (hostile_xml.long_number, "refused: unreadable_value", []),
    (hostile_xml.unknown_encoding, "refused: damaged_xml", []),
    (hostile_xml.broken_utf_8, "refused: damaged_xml", []),
    (hostile_xml.truncated_xml, "refused: damaged_xml", []),
    (hostile_xml.twenty_thousand_lines, "accepted", []),
    (hostile.javascript, "accepted", ["javascript"]),
    (hostile.javascript_behind_a_link, "accepted", ["javascript"]),
    (hostile.launch, "accepted", ["launch"]),
    (hostile.form_that_is_sent, "accepted", ["submit"]),
    (hostile.remote_attachment, "without data: pdf", []),
    (hostile.pdf_in_pdf, "without data: pdf", []),
    (hostile.flate_in_flate, "refused: too_large", []),
    (hostile.filters_in_a_chain, "refused: damaged_pdf", []),
    (hostile.bomb_as_page, "without data: pdf", []),
    (hostile.object_stream_bomb, "refused: damaged_pdf", []),
    (hostile.cross_reference_bomb, "refused: damaged_pdf", []),
    (hostile.million_objects, "without data: pdf", ["unknown"]),
    (hostile.pages_in_a_circle, "refused: damaged_pdf", []),
    (hostile.names_in_a_circle, "without data: pdf", []),
    (hostile.actions_in_a_circle, "accepted", []),
    (hostile.deep_arrays, "refused: damaged_pdf", []),
    # Its data are whole, and qpdf finds the rest: what is missing is of the page.
    (hostile.truncated_pdf, "accepted", []),
    (hostile.headless_pdf, "refused: damaged_pdf", []),
    (hostile.noise_as_pdf, "refused: damaged_pdf", []),
    (hostile.png_bomb, "without data: image", []),
    (hostile.gif_that_ends, "without data: image", []),
    (hostile.archive_bomb, "without data: other", []),
]


@pytest.fixture(scope="module")
def nobody_calls() -> Iterator[int]:
    """A port that listens; at the end, nobody may have called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server.getsockname()[1]
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(("maker", "outcome", "active"), TABLE, ids=[maker.__name__ for maker, _, _ in TABLE])
def test_hostile_file_ends_in_time_and_in_little_memory(
    maker: Callable[..., bytes], outcome: str, active: list[str], nobody_calls: int
) -> None:
    wants_port = bool(maker.__code__.co_argcount)
    seen = open_watched(maker(nobody_calls) if wants_port else maker())
    assert (seen.outcome, seen.active, seen.sockets) == (outcome, active, set())
    assert seen.seconds < SECONDS
    assert 0 < seen.peak_bytes < MEMORY
    if seen.peak_bytes > MEMORY // 4:
        end_children()  # the high-water mark of a child is that of all its files


def test_every_maker_is_in_the_table() -> None:
    own = {
        name
        for module in (hostile, hostile_xml)
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
    }
    assert own - {"with_script"} == {maker.__name__ for maker, _, _ in TABLE}


def test_image_bomb_that_a_person_completes_makes_no_page(tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(hostile.png_bomb())
    with pytest.raises(IsolationError):
        picture_pdf(picture, number="F-1", day=date(2026, 11, 2))


# --- What acts by itself in a good invoice ----------------------------------------------------------------------------


def test_factur_x_with_a_script_is_filed_and_what_leaves_has_none(space: Space) -> None:
    data = hostile.with_script(bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren)))
    filed = deposit(space, data, name="facture.pdf")
    assert (filed.state, filed.active) == (DepositState.FILED, ["javascript"])
    assert filed.invoice is not None
    files = files_of(filed.invoice)
    assert files[FileKind.ORIGINAL].media_type == "application/octet-stream"
    assert bytes_in(files[FileKind.ORIGINAL]) == data
    outgoing = bytes_in(files[FileKind.OUTGOING])
    assert active_content(outgoing) == []
    assert open_watched(outgoing).outcome == "accepted"
