"""A firm's files as jedeclare.com lists them (namespace http://jedeclare.com/gestion), into the same rows.

Runs in the child only. One `client` is one row, numbered by its place in the list; the header row has number 0. Files
that share a SIREN become one row: the first one's values, completed by the others', with notes that say so.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from clients.importing.cells import SourceRow
from clients.importing.columns.company import shortened
from clients.importing.sources import refusal
from clients.importing.sources.budget import MAX_ROWS
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import Spool, kept_cells
from common.typography import number as number_fr

NAMESPACE: Final = "http://jedeclare.com/gestion"
SHEET_NAME: Final = "jedeclare.com"
UNREADABLE: Final = "La réponse de jedeclare.com n'a pas pu être lue. Réessayez plus tard, rien n'a été importé."
#: What is left of a sheet's rows below the header.
MAX_FILES: Final = MAX_ROWS - 1
#: As many sentences about what was merged; a SIREN that is there a thousand times tells no more.
MAX_TOLD: Final = 12

HEADER: Final = (
    "Raison sociale",
    "Adresse",
    "Code postal",
    "Ville",
    "Pays",
    "SIREN",
    "SIRET",
    "Nom du contact",
    "E-mail du contact",
)
_SIREN_AT: Final = HEADER.index("SIREN")
_CLIENT: Final = f"{{{NAMESPACE}}}client"
_IN_NAMESPACE: Final = f"{{{NAMESPACE}}}"
_NAME_AT: Final = len(_IN_NAMESPACE)
_ROOT: Final = f"{{{NAMESPACE}}}dossierClient"

_Values = list[str]


class _File:
    """One or several files of one SIREN: the first one's values, and what the others brought."""

    def __init__(self, number: int, values: _Values) -> None:
        self.number = number
        self.values = values
        self._others: list[int] = []
        self._told: list[str] = []

    def merge(self, number: int, values: _Values) -> None:
        self._others.append(number)
        for at, (kept, added) in enumerate(zip(self.values, values, strict=True)):
            if added and not kept:
                self.values[at] = added
                self._tell(f"{HEADER[at]} : pris du dossier {number}.")
            elif added not in ("", kept):
                left = shortened(added)
                self._tell(f"{HEADER[at]} : « {shortened(kept)} » est gardé, pas « {left} » (dossier {number}).")

    def _tell(self, sentence: str) -> None:
        if len(self._told) < MAX_TOLD:
            self._told.append(sentence)

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._others:
            return ()
        places = [str(place) for place in (self.number, *self._others)]
        if len(places) > MAX_TOLD:
            places = [*places[:MAX_TOLD], f"{len(places) - MAX_TOLD} autres"]
        listed = f"{', '.join(places[:-1])} et {places[-1]}"
        return (f"Les dossiers {listed} de jedeclare.com ont le même SIREN : ils sont réunis.", *self._told)


def read_client_files(path: Path, spool: Spool) -> None:
    spool.write_sheet(SHEET_NAME, lambda: _rows(path), only=True)


def _rows(path: Path) -> Iterator[SourceRow]:
    yield SourceRow(0, HEADER)
    files: dict[str, _File] = {}
    for number, values in enumerate(_clients(path), 1):
        siren = values[_SIREN_AT] or f"sans SIREN {number}"
        if siren in files:
            files[siren].merge(number, values)
        else:
            files[siren] = _File(number, values)
        if len(files) > MAX_FILES:
            raise SheetRefused(f"jedeclare.com a envoyé plus de {number_fr(MAX_FILES)} dossiers : c'est trop.")
    for file in files.values():
        yield SourceRow(file.number, kept_cells(file.values), file.notes)


def _clients(path: Path) -> Iterator[_Values]:
    """Each `client`, wherever it stands under the root; read piece by piece: a long list takes little memory."""
    parse = etree.iterparse(
        str(path), tag=_CLIENT, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    found = False
    try:
        for _event, element in parse:
            if not found:
                _refuse_declarations(element)
                found = True
            yield _values_of(element)
            _forget(element)
    except (etree.XMLSyntaxError, OSError):
        raise SheetRefused(UNREADABLE) from None
    if not found:
        _refuse_declarations(parse.root)
        if parse.root.tag != _ROOT:
            raise SheetRefused(UNREADABLE)


def _refuse_declarations(element: etree._Element) -> None:
    about = element.getroottree().docinfo
    if about.internalDTD is not None or about.doctype:
        raise SheetRefused(refusal.DECLARES_ENTITIES)


def _forget(element: etree._Element) -> None:
    element.clear()
    while (before := element.getprevious()) is not None and before.getparent() is not None:
        element.getparent().remove(before)  # type: ignore[union-attr] # it has a sibling


def _values_of(client: etree._Element) -> _Values:
    file = _children(client)
    number = _children(file.get("siretPrincipal"))
    person = _children(file.get("responsable"))
    place = _children(person.get("adresse"))
    siren, nic = ("".join(_text(number.get(part)).split()) for part in ("siren", "nic"))
    return [
        _text(file.get("rs")),
        ", ".join(part for part in (_text(place.get("rue")), _text(place.get("cplRue"))) if part),
        _text(place.get("codePostal")),
        _text(place.get("ville")),
        _text(place.get("pays")),
        siren,
        f"{siren}{nic}" if siren and nic else "",
        _text(person.get("nom")),
        _text(person.get("mel")),
    ]


def _children(element: etree._Element | None) -> dict[str, etree._Element]:
    """Name → child in the namespace. One pass: a path searched for each value would take a long list twice the time."""
    if element is None:
        return {}
    return {child.tag[_NAME_AT:]: child for child in element if str(child.tag).startswith(_IN_NAMESPACE)}


def _text(element: etree._Element | None) -> str:
    return ("" if element is None else element.text or "").strip()
