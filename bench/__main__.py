"""`make bench`: every table of this folder, each in a process of its own. `python -m bench importing`: one of them."""

import logging
import os
import subprocess
import sys
from importlib import import_module

import django

TABLES = ("reading", "checking", "listing", "sight", "importing", "mailing", "invoices")

if __name__ == "__main__":
    if names := sys.argv[1:]:
        os.environ["DJANGO_SETTINGS_MODULE"] = "jefacture.settings.test"
        django.setup()
        logging.disable(logging.INFO)  # a peer that logs would be timed writing to the screen
        for name in names:
            import_module(f"bench.{name}").show()
    else:
        for name in TABLES:
            subprocess.run([sys.executable, "-m", "bench", name], check=True)
