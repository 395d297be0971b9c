"""A firm's files as jedeclare.com lists them (namespace http://jedeclare.com/gestion), into the same rows.

Runs in the child only. One `client` is one row, numbered by its place in the list; the header row has number 0. Files
that share a SIREN become one row: the first one's values, completed by the others', with a note that says so.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from clients.importing.cells import SourceRow
from clients.importing.sources import refusal
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import Spool, kept_cells

NAMESPACE: Final = "http://jedeclare.com/gestion"
SHEET_NAME: Final = "jedeclare.com"
UNREADABLE: Final = "La réponse de jedeclare.com n’a pas pu être lue. Réessayez plus tard, rien n’a été importé."

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

_Values = list[str]


def read_client_files(path: Path, spool: Spool) -> None:
    spool.write_sheet(SHEET_NAME, lambda: _rows(path))


def _rows(path: Path) -> Iterator[SourceRow]:
    yield SourceRow(0, HEADER)
    merged: dict[str, tuple[int, _Values, list[int]]] = {}
    for number, client in enumerate(_clients(path), 1):
        values = _values_of(client)
        first = merged.setdefault(values[_SIREN_AT] or f"sans SIREN {number}", (number, values, []))
        if first[0] != number:
            first[1][:] = [kept or added for kept, added in zip(first[1], values, strict=True)]
            first[2].append(number)
    for number, values, others in merged.values():
        notes = (_merger(number, others),) if others else ()
        yield SourceRow(number, kept_cells(values), notes)


def _clients(path: Path) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(str(path), parser)
    except (etree.XMLSyntaxError, OSError):
        raise SheetRefused(UNREADABLE) from None
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise SheetRefused(refusal.DECLARES_ENTITIES)
    root = tree.getroot()
    if root.tag != f"{{{NAMESPACE}}}dossierClient":
        raise SheetRefused(UNREADABLE)
    return root.findall(f"{{{NAMESPACE}}}client")


def _values_of(client: etree._Element) -> _Values:
    siren, nic = _text(client, "siretPrincipal/siren"), _text(client, "siretPrincipal/nic")
    street = [_text(client, "responsable/adresse/rue"), _text(client, "responsable/adresse/cplRue")]
    return [
        _text(client, "rs"),
        ", ".join(part for part in street if part),
        _text(client, "responsable/adresse/codePostal"),
        _text(client, "responsable/adresse/ville"),
        _text(client, "responsable/adresse/pays"),
        siren,
        f"{siren}{nic}" if siren and nic else "",
        _text(client, "responsable/nom"),
        _text(client, "responsable/mel"),
    ]


def _text(client: etree._Element, path: str) -> str:
    full = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return (client.findtext(full) or "").strip()


def _merger(number: int, others: list[int]) -> str:
    listed = " et ".join(str(place) for place in (number, *others))
    return f"Les dossiers {listed} de jedeclare.com ont le même SIREN : ils sont réunis."
