import re

from jefacture.embedded.configuration import ROOT


def test_every_setting_has_a_line_in_operations() -> None:
    source = "\n".join(file.read_text() for file in (ROOT / "jefacture/settings").glob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) | {"DATABASE_URL", "DATABASE_OWNER_URL"}
    page = (ROOT / "docs/operations.md").read_text()
    settings = page.partition("## Settings")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`([A-Z_]+)`", "\n".join(re.findall(r"^\| ([^|]+)\|", settings, re.MULTILINE))))
    assert documented - {"JEFACTURE_DB_ROLE"} == read


def test_lock_files_hold_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text()
