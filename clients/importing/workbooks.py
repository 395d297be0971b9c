"""The workbooks that a firm downloads: the template to fill, its clients, and the rejected rows to correct."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from clients.enums import RowAction
from clients.importing.cells import Cell, column_letter
from clients.importing.columns.base import Column, Value
from clients.importing.columns.header import Header
from clients.importing.columns.place import country_names, language_names
from clients.importing.columns.registry import COLUMNS, EXAMPLE, NAME, SHEET_LABELS
from clients.importing.plan import plan_rows
from common.typography import french
from common.xlsx import FONT, TEXT_FORMAT, begin_sheet, header_cell, stream_workbook, style_id, styled

MOTIVE: Final = "Motif"
STATUS: Final = "Statut"
SHEET: Final = "Clients"
GUIDE_SHEET: Final = "Mode d'emploi"
LISTS_SHEET: Final = "Listes"
LAST_LISTED_ROW: Final = 20_001

_KEPT_AS_TEXT: Final = frozenset(
    {"siren", "siret", "vat_number", "iban", "bic", "postal_code", "contact_phone", "code"}
)
_MANDATORY: Final = frozenset({NAME, "siren"})
_SHEET_NAME: Final = re.compile(r"[\\/*?:\[\]]")  # what Excel refuses in a sheet's name

_INK, _SOFT, _LINE, _WRONG = "14213D", "EEF4F4", "E3E6EB", "9B1C1C"
_OPTIONAL_FILL: Final = PatternFill("solid", fgColor="4A7F84")
_EXAMPLE_FONT: Final = Font(name=FONT, italic=True, color="5B6472", size=11)
_EXAMPLE_FILL: Final = PatternFill("solid", fgColor=_SOFT)
_MOTIVE_FONT: Final = Font(name=FONT, color=_WRONG, size=11)
_BORDER: Final = Border(bottom=Side(style="thin", color=_LINE))
_WRAPPED: Final = Alignment(vertical="top", wrap_text=True)

_ADVICE: Final = (
    "Une ligne par client. Seules « Raison sociale » et « SIREN » sont obligatoires.",
    "Une cellule vide n'efface jamais une valeur déjà enregistrée.",
    "L'ordre des colonnes est libre, et les colonnes que jefacture ne connaît pas sont ignorées.",
    "La ligne d'exemple est ignorée si vous la laissez.",
    "Rien n'est enregistré à l'envoi : jefacture montre d'abord ce qui sera créé, mis à jour ou rejeté.",
)


def template_workbook(clients: Sequence[Mapping[str, Value]] = ()) -> bytes:
    """« Télécharger le modèle Excel »: empty with an example row, or filled with a firm's clients (field → value)."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(SHEET)
    _help_to_fill(sheet)
    begin_sheet(sheet, [(_column_header(sheet, column), column.width) for column in COLUMNS], height=32, freeze="B2")
    _write_guide(workbook.create_sheet(GUIDE_SHEET))
    lists = workbook.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    for listed in zip_longest(_listed(country_names(), first="FR"), _listed(language_names(), first="fr")):
        lists.append(listed)
    look = {} if clients else {"font": _EXAMPLE_FONT, "fill": _EXAMPLE_FILL}
    styles = [style_id(sheet, number_format=_number_format(column), **look) for column in COLUMNS]
    rows = (_row(client) for client in clients or [EXAMPLE])
    return b"".join(stream_workbook(workbook, rows, styles=styles))


def clients_workbook(clients: Iterable[tuple[Mapping[str, Value], str]]) -> Iterator[bytes]:
    """« Exporter »: clients (field → value) with their status, in the columns of an import; its bytes as they come."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(SHEET)
    header = [(header_cell(sheet, column.label), column.width) for column in COLUMNS]
    begin_sheet(sheet, [*header, (header_cell(sheet, STATUS), 22)])
    styles = [style_id(sheet, number_format=TEXT_FORMAT)] * (len(COLUMNS) + 1)
    return stream_workbook(workbook, ([*_row(values), status] for values, status in clients), styles=styles)


def error_workbook(
    texts: Sequence[str],
    rows: Iterable[tuple[Sequence[Cell], Sequence[str]]],
    *,
    sheet_name: str | None = None,
) -> bytes:
    """The rejected rows as their owner wrote them, under their own header `texts`, with a last column « Motif ».

    `rows` are (cells, reasons). Takes rows one at a time, so they may come from a cursor or from `rejected_rows`.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_SHEET_NAME.sub(" ", sheet_name or SHEET)[:31].strip("' ") or SHEET)
    begin_sheet(sheet, [*((header_cell(sheet, text), 20) for text in texts), (header_cell(sheet, MOTIVE), 80)])
    styles = [style_id(sheet, number_format=TEXT_FORMAT)] * len(texts)
    styles.append(style_id(sheet, font=_MOTIVE_FONT, alignment=_WRAPPED))
    own = ([*_padded(cells, len(texts)), "\n".join(reasons)] for cells, reasons in rows)
    return b"".join(stream_workbook(workbook, own, styles=styles))


def rejected_rows(header: Header) -> Iterator[tuple[Sequence[Cell], Sequence[str]]]:
    """(cells, reasons) of the rows that a source would have rejected, read again while it is open."""
    for row in plan_rows(header):
        if row.action == RowAction.REJECT:
            yield row.cells, row.reasons


def header_texts(header: Header) -> list[str]:
    """The user's own header; our labels over the columns of a sheet without one."""
    labels = {index: SHEET_LABELS[name] for name, index in header.columns.items()}
    width = max(len(header.texts), *(index + 1 for index in labels))
    own = dict(enumerate(header.texts))
    return [own.get(index) or labels.get(index, "") for index in range(width)]


def _help_to_fill(sheet: Any) -> None:
    """What a person types below the header stays text where it should, and countries and languages are offered."""
    for index, column in enumerate(COLUMNS):
        sheet.column_dimensions[column_letter(index)].number_format = _number_format(column)
    sheet.data_validations.append(_choice("country", list_column="A", length=len(country_names())))
    sheet.data_validations.append(_choice("language", list_column="B", length=len(language_names())))


def _write_guide(sheet: Any) -> None:
    for letter, width in zip("ABCD", (34, 13, 70, 34), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(
        [styled(sheet, "Importer vos clients dans jefacture", font=Font(name=FONT, bold=True, size=15, color=_INK))]
    )
    sheet.append([])
    for advice in _ADVICE:
        sheet.append([french(advice)])
    sheet.append([])
    sheet.append([header_cell(sheet, text) for text in ("Colonne", "Obligatoire", "Ce qu'elle contient", "Exemple")])
    for column in COLUMNS:
        mandatory = "oui" if column.field in _MANDATORY else "non"
        texts = (column.label, mandatory, french(column.help), column.example)
        sheet.append([styled(sheet, text, alignment=_WRAPPED, border=_BORDER) for text in texts])


def _choice(field: str, *, list_column: str, length: int) -> DataValidation:
    """A list that helps without forbidding: other spellings and codes are understood too."""
    index = next(index for index, column in enumerate(COLUMNS) if column.field == field)
    letter = column_letter(index)
    choice = DataValidation(
        type="list",
        formula1=f"'{LISTS_SHEET}'!${list_column}$1:${list_column}${length}",
        allow_blank=True,
        showErrorMessage=False,
    )
    choice.add(f"{letter}2:{letter}{LAST_LISTED_ROW}")
    return choice


def _column_header(sheet: Any, column: Column) -> Any:
    cell = header_cell(sheet, column.label)
    if column.field not in _MANDATORY:
        cell.fill = _OPTIONAL_FILL
    if column.help:
        cell.comment = Comment(french(column.help), "jefacture", height=70, width=260)
    return cell


def _number_format(column: Column) -> str:
    return TEXT_FORMAT if column.field in _KEPT_AS_TEXT else "General"


def _padded(cells: Sequence[Cell], width: int) -> list[Cell]:
    return [*cells[:width], *[None] * (width - len(cells))]


def _row(client: Mapping[str, Value]) -> list[str | None]:
    return [_shown(column, client.get(column.field)) for column in COLUMNS]


def _shown(column: Column, value: Value | None) -> str | None:
    """A value as its column holds it in a sheet: countries and languages by name, several values in one."""
    if isinstance(value, tuple | list):
        value = ", ".join(value)
    if column.field == "country":
        return country_names().get(value or "", value)
    if column.field == "language":
        return language_names().get(value or "", value)
    return value or None


def _listed(names: Mapping[str, str], *, first: str) -> list[str]:
    return [names[first], *(name for code, name in names.items() if code != first)]
