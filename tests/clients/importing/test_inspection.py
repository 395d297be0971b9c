import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.clients.importing.making import OTHER_SIREN, SIREN, write_xlsx

ROOT = Path(__file__).parents[3]


def inspect(path: Path) -> tuple[int, dict[str, Any], str]:
    """(exit code, document, standard error) of the command in an environment without any setting."""
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "manage.py", "inspect_sheet", str(path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout), done.stderr.decode()


@pytest.mark.processes
def test_sheet_is_described_in_one_document(tmp_path: Path) -> None:
    rows = [["Liste"], ["SIREN", "Société"], [SIREN, "A"], [], ["x", "B"], [OTHER_SIREN, "C"]]
    assert inspect(write_xlsx(tmp_path / "clients.xlsx", rows)) == (
        0,
        {
            "ok": True,
            "reason": None,
            "sheet": "Dossiers",
            "header_row": 2,
            "columns": {"SIREN": "A", "Raison sociale": "B"},
            "rows": 3,
            "valid": 2,
            "rejected": [
                {"row": 5, "reasons": ["SIREN invalide\u00a0: «\u00a0x\u00a0» n'est pas un numéro de 9 chiffres."]},
            ],
        },
        "",
    )


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a;b\n1;2\n"])
def test_refused_sheet_says_why_and_exits_with_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clients.csv").write_bytes(content)
    printed = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("inspect_sheet", str(tmp_path / "clients.csv"), stdout=printed)
    document = json.loads(printed.getvalue())
    assert (ended.value.code, bool(document.pop("reason"))) == (1, True)
    assert document == {
        "ok": False,
        "sheet": None,
        "header_row": None,
        "columns": {},
        "rows": 0,
        "valid": 0,
        "rejected": [],
    }
