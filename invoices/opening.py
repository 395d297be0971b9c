"""The front door for files that strangers wrote: reading and checking, each in a watched child.

`open_invoice` and `text_of` are what the product calls. `read_file`, `check_file` and `read_text_of` are what the
children run.
"""

import dataclasses
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from common.isolation import IsolationError, Limits, OutOfMemory, TimedOut, run_isolated
from invoices.checks.model import Check, check_from_json, check_to_json
from invoices.formats import Container, InvoiceRefused, codec
from invoices.formats.model import Invoice

# What the child may take beside its libraries: with them it stays below 512 MB.
READ_MEMORY: Final = 448 << 20
READ_LIMITS: Final = Limits(memory_bytes=READ_MEMORY, wall_seconds=10, cpu_seconds=10)
# Saxon keeps compiled rules and the whole document in memory.
CHECK_LIMITS: Final = Limits(memory_bytes=1 << 30, wall_seconds=30, cpu_seconds=30)
# Past this size an invoice has thousands of lines, and every rule looks at every line.
LARGE_BYTES: Final = 2 << 20
LARGE_READ_LIMITS: Final = Limits(memory_bytes=READ_MEMORY, wall_seconds=60, cpu_seconds=60)
LARGE_CHECK_LIMITS: Final = Limits(memory_bytes=4 << 30, wall_seconds=240, cpu_seconds=240)
ACTIVE_LIMITS: Final = Limits(memory_bytes=READ_MEMORY, wall_seconds=3, cpu_seconds=3)
TEXT_LIMITS: Final = Limits(memory_bytes=READ_MEMORY, wall_seconds=5, cpu_seconds=5)

Json = dict[str, Any]


class Quarantined(Exception):  # noqa: N818 - reads as what happened
    """Opening had to be stopped: a French `reason` for the person, and a `code` (timeout, memory, crash)."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.reason = reason
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedInvoice:
    """`data` is the JSON of `invoice` (see formats.codec); both and `xml` are None, with a French `reason`, where the
    file has no structured data. `checks` is empty then, or where none were asked for.
    """

    container: Container
    profile: str | None = None
    invoice: Invoice | None = None
    data: Json | None = None
    xml: bytes | None = None
    reason: str | None = None
    checks: Sequence[Check] = ()


def open_invoice(payload: Path | bytes, *, check: bool = True, limits: Limits | None = None) -> OpenedInvoice:
    """Raises InvoiceRefused (damaged, protected or hostile) or Quarantined (too slow, too large, crashed).

    Checks that cannot be run are in the result as « non vérifié »; they never prevent an invoice from being read.
    """
    try:
        answer = run_isolated("invoices.opening:read_file", payload, limits=limits or _read_limits(payload))
    except IsolationError as error:
        raise _quarantined(error) from error
    answer, document = answer if isinstance(answer, tuple) else (answer, None)
    if "refused" in answer:
        raise InvoiceRefused(answer["refused"], answer["code"])
    data = answer["invoice"]
    opened = OpenedInvoice(
        container=answer["container"],
        profile=answer["profile"],
        invoice=codec.from_json(data) if data is not None else None,
        data=data,
        xml=document,
        reason=answer["reason"],
    )
    if not check or opened.xml is None:
        return opened
    return dataclasses.replace(opened, checks=check_xml(opened.xml, container=opened.container))


def check_xml(document: bytes, *, container: Container, limits: Limits | None = None) -> list[Check]:
    """The checks of `open_invoice` alone, to check again later; `container` is what the document travelled in."""
    limits = limits or (LARGE_CHECK_LIMITS if len(document) > LARGE_BYTES else CHECK_LIMITS)
    arguments = {"container": container}
    try:
        answer = run_isolated("invoices.opening:check_file", document, arguments=arguments, limits=limits)
    except IsolationError as error:
        return [Check(rule_set="en16931", version="", ran=False, reason=_not_checked(error))]
    return [check_from_json(one) for one in answer]


def text_of(payload: Path | bytes) -> str:
    """The text layer of a PDF (see formats.pdf_text); "" where it has none, or where reading it had to be stopped."""
    try:
        text: str = run_isolated("invoices.opening:read_text_of", payload, limits=TEXT_LIMITS)
    except IsolationError:
        return ""
    return text


def disagreements_of(payload: Path | bytes, invoice: Invoice) -> list[Json]:
    """Where a PDF's own page says other things than its data (see formats.disagreements)."""
    heading = codec.to_json(dataclasses.replace(invoice, lines=()), contents=False)
    arguments = {"invoice": heading}
    try:
        found: list[Json] = run_isolated(
            "invoices.opening:compare_page", payload, arguments=arguments, limits=TEXT_LIMITS
        )
    except IsolationError:
        return []
    return found


def compare_page(path: Path, *, invoice: Json) -> list[Json]:
    """In the child: what `disagreements_of` gives."""
    from invoices.formats.disagreements import disagreements  # noqa: PLC0415 - as above
    from invoices.formats.pdf_text import read_text  # noqa: PLC0415 - as above

    return list(disagreements(read_text(path.read_bytes()), codec.from_json(invoice)))


def active_of(payload: Path | bytes) -> list[str]:
    """What acts by itself in a PDF (see formats.active): ["unknown"] where looking had to be stopped."""
    try:
        found: list[str] = run_isolated("invoices.opening:read_active", payload, limits=ACTIVE_LIMITS)
    except IsolationError:
        return ["unknown"]
    return found


def safe_copy(payload: Path | bytes) -> bytes:
    """The PDF without what acts by itself. Raises InvoiceRefused, or common.isolation.IsolationError."""
    with tempfile.NamedTemporaryFile(prefix="jefacture-", suffix=".pdf") as copy:
        answer = run_isolated(
            "invoices.opening:write_safe_copy", payload, arguments={"output": copy.name}, limits=ACTIVE_LIMITS
        )
        if "refused" in answer:
            raise InvoiceRefused(answer["refused"], answer["code"])
        return Path(copy.name).read_bytes()


def read_active(path: Path) -> list[str]:
    """In the child: what `active_of` gives."""
    from invoices.formats.active import active_content  # noqa: PLC0415 - as above

    return active_content(path.read_bytes())


def write_safe_copy(path: Path, *, output: str) -> Json:
    """In the child: what `safe_copy` gives, written to `output`."""
    from invoices.formats.active import without_active  # noqa: PLC0415 - as above

    try:
        Path(output).write_bytes(without_active(path.read_bytes()))
    except InvoiceRefused as refusal:
        return {"refused": refusal.reason, "code": refusal.code}
    return {}


def read_text_of(path: Path) -> str:
    """In the child: what `text_of` gives."""
    from invoices.formats.pdf_text import read_text  # noqa: PLC0415 - as above

    return read_text(path.read_bytes())


def read_file(path: Path) -> Json | tuple[Json, bytes]:
    """In the child: what `open_invoice` needs, as JSON, and the XML document where there is one."""
    from invoices import formats  # noqa: PLC0415 - parsers are loaded in the child only

    try:
        result = formats.read(path.read_bytes())
    except InvoiceRefused as refusal:
        return {"refused": refusal.reason, "code": refusal.code}
    answer = {
        "container": result.container,
        "profile": result.profile,
        "reason": result.reason,
        "invoice": codec.to_json(result.invoice) if result.invoice is not None else None,
    }
    return (answer, result.xml) if result.xml is not None else answer


def check_file(path: Path, *, container: str) -> list[Json]:
    """In the child: the checks of an XML document."""
    from invoices import formats  # noqa: PLC0415 - as above
    from invoices.checks.run import run_checks  # noqa: PLC0415 - Saxon is loaded in the child only

    result = dataclasses.replace(formats.read(path.read_bytes()), container=cast("Container", container))
    return [check_to_json(check) for check in run_checks(result)]


def _read_limits(payload: Path | bytes) -> Limits:
    size = len(payload) if isinstance(payload, bytes) else payload.stat().st_size
    return LARGE_READ_LIMITS if size > LARGE_BYTES else READ_LIMITS


def _not_checked(error: IsolationError) -> str:
    if isinstance(error, TimedOut):
        return "Non vérifié : le contrôle de ce document est trop long."
    if isinstance(error, OutOfMemory):
        return "Non vérifié : le contrôle de ce document demande trop de mémoire."
    return "Non vérifié : le contrôle de ce document a échoué."


def _quarantined(error: IsolationError) -> Quarantined:
    if isinstance(error, TimedOut):
        return Quarantined("Ce fichier est trop long à lire : il est mis en quarantaine.", "timeout")
    if isinstance(error, OutOfMemory):
        return Quarantined("Ce fichier demande trop de mémoire : il est mis en quarantaine.", "memory")
    return Quarantined("La lecture de ce fichier a échoué : il est mis en quarantaine.", "crash")
