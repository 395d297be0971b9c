"""
Seal everything that is sealed with the first of ENCRYPTION_KEYS (docs/operations.md, « Changing ENCRYPTION_KEYS »).

Harmless when repeated. Prints one JSON document; fails when no key opens something.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jefacture.resealing import reseal_everything


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        outcome = reseal_everything()
        self.stdout.write(json.dumps(outcome))
        if unreadable := sum(place["unreadable"] for place in outcome.values()):
            raise CommandError(f"No key in ENCRYPTION_KEYS opens {unreadable} of the values: put the missing key back.")
