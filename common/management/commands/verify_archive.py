"""Whether the archive is what it was (docs/security.md, « The archive »); one JSON document."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from common import vault
from common.chain_check import ExpectedHead, Report, check_chains, check_head
from common.integrity.listing import check_whole_listing
from common.integrity.objects import check_objects
from common.integrity.rolling import sealed_archive, word_of
from common.management.commands.verify_journal import add_heads


class Command(BaseCommand):
    help = "Compares every kept object, its row and every timeline with what was sealed. Exit code 1 on a problem."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_heads(parser, "archive.events_sealed or archive.objects_sealed")

    def handle(self, *, head: Sequence[ExpectedHead], **_options: Any) -> None:
        report = Report()
        kinds = sealed_archive()
        try:
            for seals in kinds:
                check_chains(seals, report, what=word_of(seals))
            for each in head:
                check_head(kinds, each, report)
            after: int | None = 0
            while after is not None:
                after = check_objects(after, report)
            check_whole_listing(report)
        except vault.StorageAwayError:
            report.add("storage_away")
        answer = report.as_json()
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        if answer["problems"]:
            sys.exit(1)
