"""What whoever runs jefacture does to data by a command is in the journal, by « Assistance »."""

from pathlib import Path

from tests.test_platform_uses import ROOMS, ROOT

#: Each command of ours, and whether it leaves a line; one that changes no data needs none.
COMMANDS = {
    "check_testset": "reads files",
    "inspect_invoice": "reads a file",
    "inspect_sheet": "reads a file",
    "make_policies": "writes a file",
    "receive_mail": "is one of the programs: what it does is the product's own, not a person's",
    "remove_expired": "leaves a line",
    "rotate_encryption_keys": "leaves a line",
    "seed_demo": "leaves a line",
    "verify_archive": "reads",
    "verify_journal": "reads",
}


def test_every_command_is_thought_of() -> None:
    found = {path.stem for room in ROOMS for path in _commands(room)}
    assert found == set(COMMANDS)


def _commands(room: str) -> list[Path]:
    folder = ROOT / room / "management" / "commands"
    return [path for path in folder.glob("*.py") if path.stem != "__init__"]
