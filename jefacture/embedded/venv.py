"""Makes or refreshes `.venv` from requirements-dev.lock: run by the Makefile with the machine's own Python.

Only the standard library, and no import of ours: nothing is installed yet. It costs a few milliseconds when the
lock has not changed. uv installs quickly and checks every hash, but does not read pip's configuration:
the index that pip is set up with is handed to it.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.lock"
STAMP = VENV / ".installed"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"

# pip's option: uv's variable, and what uv writes between several values
_INDEX_OPTIONS = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "proxy": ("ALL_PROXY", " "),
    "cert": ("SSL_CERT_FILE", " "),
}


def main() -> int:
    try:
        return _refresh()
    except PermissionError as error:
        _say(f"make: {error.filename} belongs to another user: remove .venv, or work as that user.")
        return 1


def _refresh() -> int:
    wanted = _stamp()
    if STAMP.exists() and STAMP.read_text() == wanted and _python_fits():
        return 0
    _say("Installing the packages of requirements-dev.lock into .venv (a minute or two the first time)…")
    try:
        _ensure_venv()
        _ensure_uv()
        _run(
            [str(UV), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK)],
            env=_uv_environment(),
        )
    except subprocess.CalledProcessError as error:
        _say(f"make: {Path(error.cmd[0]).name} could not finish; its message is above. Is the package index reachable?")
        return 1
    STAMP.write_text(wanted)
    return 0


def _stamp() -> str:
    """What makes an installed .venv wrong when it changes: the lock and the folder (scripts hold its path)."""
    return f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {VENV}\n"


def _ensure_venv() -> None:
    moved = STAMP.exists() and not STAMP.read_text().endswith(f" {VENV}\n")
    if not moved and _python_fits():
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    _run([sys.executable, "-m", "venv", str(VENV)])


def _python_fits() -> bool:
    """Whether the .venv's Python runs and is one that we know, or the one that was asked for by `make PYTHON=…`."""
    if not PYTHON.exists():
        return False
    code = "import sys; print(*sys.version_info[:2])"
    output = subprocess.run([PYTHON, "-I", "-c", code], check=False, capture_output=True, text=True).stdout.strip()
    ours = "{} {}".format(*sys.version_info[:2])
    return output == ours if os.environ.get("PYTHON") else output in ("3 11", "3 12")


def _ensure_uv() -> None:
    """By pip, in the version and with the hashes of the lock."""
    if UV.exists():
        return
    entry = re.search(r"^uv==.*?(?=^\S)", LOCK.read_text() + "\nend", re.MULTILINE | re.DOTALL)
    if entry is None:
        raise SystemExit("make: requirements-dev.lock does not list uv.")
    requirement = VENV / "uv.txt"
    requirement.write_text(entry.group())
    _run([str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(requirement)])
    requirement.unlink()


def _uv_environment() -> dict[str, str]:
    """Our environment with pip's index in uv's words; what the person set for uv itself goes first."""
    found: dict[str, str] = {}
    options = _pip_options()
    for option, (variable, separator) in _INDEX_OPTIONS.items():
        if values := options.get(option, "").split():
            found[variable] = separator.join(values)
    if "UV_INDEX" in found:
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # as pip does; the hashes make it safe
    return found | os.environ | {"UV_PYTHON_DOWNLOADS": "never"}


def _pip_options() -> dict[str, str]:
    """`pip config list` in its order of precedence: files (global, then install), then the environment."""
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], check=False, capture_output=True, text=True
    ).stdout
    rank = {"global": 0, "install": 1, ":env:": 2}
    rows = re.findall(r"^(global|install|:env:)\.([\w-]+)='(.*)'$", listing, re.MULTILINE)
    return {option: value.replace(r"\n", " ") for _, option, value in sorted(rows, key=lambda row: rank[row[0]])}


def _run(argv: list[str], *, env: dict[str, str] | None = None) -> None:
    subprocess.run(argv, check=True, env=env, cwd=ROOT)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
