"""The pages say what is so: links lead somewhere, paths and names exist, the tables of security.md are the code's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.tenancy.policies import Access, TablePolicy, declared_policies
from jefacture.embedded.configuration import ROOT
from tests.test_platform_uses import ROOMS, USES

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
# What the commands make; a fresh clone has none of it.
MADE = {"var", "staticfiles", ".venv"}
TOP = {entry.name for entry in ROOT.iterdir()} - MADE
CONTEXTS = ("firm", "company", "person", "platform")

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_PATH = re.compile(r"(?P<path>[\w.-]+(?:/[\w.-]+)*/?)(?::(?P<name>[A-Za-z_][\w.]*))?")
_POLICY_ROW = re.compile(r"^\| `(\w+)`[ ⁴]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_RATE = re.compile(r"\d+/\d*[smhd](?:/[a-z]+)?(?:,\d+/\d*[smhd](?:/[a-z]+)?)*")
_PLATFORM_ROW = re.compile(r"^\| `([\w./]+)` \| ([^|]+) \|$", re.MULTILINE)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_links_lead_somewhere(page: Path) -> None:
    targets = [link.partition("#")[0] for link in _LINK.findall(page.read_text()) if "://" not in link]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_paths_and_names_exist(page: Path) -> None:
    assert [word for word in _words(page) if not _exists(word)] == []


def test_path_and_name_that_do_not_exist_are_found_out() -> None:
    assert _exists("common/work.py:WorkItem.claim")
    assert not _exists("common/work.py:no_such_name")
    assert not _exists("common/no_such_file.py")


def test_policies_of_the_page_are_those_of_the_rooms() -> None:
    written = {table: tuple(map(_letters, cells)) for table, *cells in _POLICY_ROW.findall(_security())}
    assert written == {policy.table: _rule(policy) for policy in declared_policies()}


def test_uses_of_platform_on_the_page_are_those_of_their_list() -> None:
    table = _security().partition("**Platform**")[2].partition("\n### ")[0]
    assert dict(_PLATFORM_ROW.findall(table)) == {path: why for path, (_count, why) in USES.items()}


def test_rates_on_the_page_are_those_of_the_code() -> None:
    table = _security().partition("## Rate limits")[2].partition("\n## ")[0]
    assert set(re.findall(rf"\| `({_RATE.pattern})` \|", table)) == set(_rates())


def _rates() -> Iterator[str]:
    """Every text of the product that is a rate."""
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and _RATE.fullmatch(node.value):
                    yield node.value


def _security() -> str:
    return (ROOT / "docs/security.md").read_text()


def _words(page: Path) -> Iterator[str]:
    """What stands in backticks and begins with a folder of the repository."""
    for word in _CODE.findall(page.read_text()):
        if "/" in word and word.partition("/")[0] in TOP and _PATH.fullmatch(word):
            yield word


def _exists(word: str) -> bool:
    found = _PATH.fullmatch(word)
    assert found is not None
    path, name = ROOT / found["path"], found["name"]
    if not path.exists() or not name:
        return path.exists()
    body: list[ast.stmt] = ast.parse(path.read_text()).body
    for part in name.split("."):
        defined = {each: node for node in body for each in _defines(node)}
        if part not in defined:
            return False
        body = getattr(defined[part], "body", [])
    return True


def _defines(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _letters(cell: str) -> str:
    return re.sub(r"[^SIUD]", "", cell)


def _rule(policy: TablePolicy) -> tuple[str, ...]:
    return tuple("".join(access.value for access in Access if policy.allows(context, access)) for context in CONTEXTS)
