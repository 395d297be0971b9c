"""A firm's Excel file of clients: many good rows and some bad ones, each with its reason."""

from pathlib import Path

from openpyxl import Workbook

from sandbox.luhn import make_siren

HEADER = ("Raison sociale", "SIREN", "E-mail du contact", "Code dossier", "Ville")
#: What is wrong with a bad row, in turn.
REASONS = ("SIREN invalide", "Raison sociale manquante", "E-mail du contact", "Doublon")


def write_clients(path: Path, *, rows: int, bad: int, first: int) -> list[int]:
    """The numbers of the bad rows, as Excel counts them. `first` makes the SIRENs another test's file has not."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Dossiers")
    sheet.append(HEADER)
    step = rows // bad
    numbers: list[int] = []
    for n in range(rows):
        row = [f"Société {n:04d}", make_siren(first + n), f"contact@societe{n}.test", f"D{n:04d}", "Lyon"]
        if n % step == step - 1 and len(numbers) < bad:
            _spoil(row, len(numbers) % len(REASONS), first=first)
            numbers.append(n + 2)
        sheet.append(row)
    book.save(path)
    return numbers


def _spoil(row: list[str], kind: int, *, first: int) -> None:
    if kind == 0:
        row[1] = "123456789"
    elif kind == 1:
        row[0] = ""
    elif kind == 2:
        row[2] = "pas une adresse"
    else:
        row[1] = make_siren(first)
