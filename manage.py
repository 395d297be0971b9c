#!/usr/bin/env python
"""Django's command line."""

import os
import sys

# These read one file and print; they need no setting, database or Redis.
TOOLS = {"inspect_sheet", "inspect_invoice", "check_testset"}


def main() -> None:
    tools = len(sys.argv) > 1 and sys.argv[1] in TOOLS
    if tools:
        # Whatever the shell says: a tool must also run where the settings are incomplete.
        os.environ["DJANGO_SETTINGS_MODULE"] = "jefacture.settings.tools"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jefacture.settings.base")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the choice of settings

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
