"""XML that means harm, or is broken in ways that harm: made when asked for."""

from typing import Final

from invoices.samples import as_cii_xml, as_ubl_xml
from tests.invoices import making
from tests.invoices.watching import CALL_HOME

_CII: Final = as_cii_xml(making.invoice())
_UBL: Final = as_ubl_xml(making.invoice())


def _with_doctype(inside: str, body: str = "&a;") -> bytes:
    declared = b"<!DOCTYPE x [" + inside.encode() + b"]>"
    start = _UBL.index(b"?>") + 2
    return _UBL[:start] + declared + _UBL[start:].replace(b"F2026-0012", body.encode(), 1)


def entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return _with_doctype(f'<!ENTITY a0 "lol">{levels}<!ENTITY a "&a11;">')


def quadratic_bomb() -> bytes:
    return _with_doctype(f'<!ENTITY a "{"a" * 100_000}">', body="&a;" * 20_000)


def external_file() -> bytes:
    return _with_doctype('<!ENTITY a SYSTEM "file:///etc/passwd">')


def external_address(port: int) -> bytes:
    return _with_doctype(f'<!ENTITY a SYSTEM "{CALL_HOME.format(port=port)}">')


def external_dtd(port: int) -> bytes:
    start = _UBL.index(b"?>") + 2
    return _UBL[:start] + f'<!DOCTYPE x SYSTEM "{CALL_HOME.format(port=port)}">'.encode() + _UBL[start:]


def late_doctype(port: int) -> bytes:
    """Behind a licence comment that is longer than what is looked at before parsing."""
    start = _UBL.index(b"?>") + 2
    comment = b"<!--" + b"x" * 70_000 + b"-->"
    declared = f'<!DOCTYPE x SYSTEM "{CALL_HOME.format(port=port)}">'.encode()
    return _UBL[:start] + comment + declared + _UBL[start:]


def inclusion(port: int) -> bytes:
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{CALL_HOME.format(port=port)}"/>'
    return _UBL.replace(b"</Invoice>", include.encode() + b"</Invoice>")


def stylesheet(port: int) -> bytes:
    start = _UBL.index(b"?>") + 2
    return _UBL[:start] + f'<?xml-stylesheet href="{CALL_HOME.format(port=port)}"?>'.encode() + _UBL[start:]


def doctype_in_utf_16() -> bytes:
    return entity_bomb().decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def deep_xml() -> bytes:
    return _UBL.replace(b"</Invoice>", b"<a>" * 200_000 + b"</a>" * 200_000 + b"</Invoice>")


def long_text() -> bytes:
    return _UBL.replace(b"F2026-0012", b"9" * (12 << 20), 1)


def many_attributes() -> bytes:
    attributes = b" ".join(b'a%d="1"' % n for n in range(400_000))
    return _UBL.replace(b"<cbc:ID>", b"<cbc:ID " + attributes + b">", 1)


def long_number() -> bytes:
    return _CII.replace(b"264.74", b"9" * 1_000_000)


def unknown_encoding() -> bytes:
    return _UBL.replace(b"UTF-8", b"UTF-99", 1)


def broken_utf_8() -> bytes:
    return _UBL.replace(b"Boulangerie", b"\xff\xfe\xc3(", 1)


def truncated_xml() -> bytes:
    return _CII[: len(_CII) * 2 // 3]


def twenty_thousand_lines() -> bytes:
    return making.ubl_of(20_000)
