"""The typed invoice as JSON and back without loss: Decimals and dates as strings, bytes in base64, no absent terms."""

import base64
import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from invoices.formats.model import Invoice

Json = dict[str, Any]


def to_json(invoice: Invoice, *, contents: bool = True) -> Json:
    """JSON that `from_json` reads back to an equal invoice. Parties also carry their `siren` and `siret`.

    Without `contents`, files embedded in the invoice (BT-125) are left out: for rows that should stay small.
    """
    encoded: Json = _encode(invoice)
    if not contents:
        for attachment in encoded.get("attachments", ()):
            attachment.pop("content", None)
    for role in ("seller", "buyer", "payee", "tax_representative"):
        party = getattr(invoice, role)
        if party is not None:
            encoded.setdefault(role, {}).update(siren=party.siren, siret=party.siret)
    return encoded


def from_json(data: Json) -> Invoice:
    """Raises KeyError, TypeError or ValueError on what `to_json` did not make."""
    invoice: Invoice = _decoder(Invoice)(data)
    return invoice


def decode_content(text: str | None) -> bytes | None:
    """Base64 as invoices embed it (line breaks allowed); what is not base64 is kept as the bytes that were stated."""
    if text is None:
        return None
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return text.encode()


def _encode(value: Any) -> Any:
    kind: Any = type(value)
    if kind is str or kind is bool:
        return value
    if kind is tuple:
        return [_encode(item) for item in value]
    names = _names(kind)
    if names:
        return {name: _encode(item) for name in names if (item := getattr(value, name)) is not None and item != ()}
    return _SIMPLE[kind](value)


# Digits as they were stated, never 1E+3.
_SIMPLE: dict[type, Callable[[Any], str]] = {
    Decimal: lambda value: format(value, "f"),
    date: date.isoformat,
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass in order; () of anything else."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind)
    if typing.get_origin(kind) is tuple:
        item = _decoder(typing.get_args(kind)[0])
        return lambda value: tuple(item(part) for part in value)
    if isinstance(kind, types.UnionType):
        return _decoder(next(part for part in kind.__args__ if part is not types.NoneType))
    simple: dict[Any, Callable[[Any], Any]] = {
        Decimal: Decimal,
        date: date.fromisoformat,
        bytes: base64.b64decode,
        str: str,
        bool: bool,
    }
    return simple[kind]


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    decoders: dict[str, Callable[[Any], Any]] | None = None

    def decode(value: Json) -> Any:
        nonlocal decoders
        if decoders is None:
            decoders = {name: _decoder(hints[name]) for name in _names(kind)}
        given = {name: decode_one(value[name]) for name, decode_one in decoders.items() if value.get(name) is not None}
        if kind is Invoice:
            for required in ("issue_date", "type_code", "currency"):
                given.setdefault(required, None)
        return kind(**given)

    return decode
