"""`make demo-reset`: forget the demo's data, unless a demo is using them."""

import shutil
import sys

from jefacture.embedded.demo import FOLDER, only_one
from jefacture.embedded.processes import StartError


def main() -> int:
    if not FOLDER.exists():
        return 0
    try:
        with only_one(FOLDER):
            shutil.rmtree(FOLDER)
    except StartError as error:
        sys.stderr.write(f"make demo-reset: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
