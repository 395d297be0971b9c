"""A program with a supervisor of two services, run by test_supervisor: it kills and stops this one, not itself."""

import os
import sys
import time
from pathlib import Path

from jefacture.embedded.demo import end_on_signals, ignore_signals
from jefacture.embedded.processes import MARKER
from jefacture.embedded.supervisor import Service, Supervisor

LEASH = [sys.executable, "-m", "jefacture.embedded.leash"]


def main(folder: Path) -> None:
    end_on_signals()
    supervisor = Supervisor(cwd=Path.cwd(), logs=folder / "logs")
    env = {"PATH": os.environ["PATH"], MARKER: str(folder)}
    try:
        for tier, name in enumerate(("low", "high")):
            argv = [*LEASH, "tests.jefacture.forking_service", str(folder / name)]
            supervisor.start(Service(name, argv, env=env, tier=tier))
        while True:
            supervisor.tend()
            time.sleep(0.05)
    except KeyboardInterrupt:
        ignore_signals()
        supervisor.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
