"""Whether the journal is as it was sealed (docs/security.md, « The journal's seals »); one JSON document."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from common.chain_check import ExpectedHead, check_journal


def expected_head(text: str) -> ExpectedHead:
    try:
        chain, position, digest = text.split(":")
        return ExpectedHead(chain=UUID(chain), position=int(position), hash=bytes.fromhex(digest))
    except ValueError as error:
        raise ArgumentTypeError(
            f"{text} is not CHAIN:POSITION:HASH, as a log line journal.sealed tells them"
        ) from error


def add_heads(parser: ArgumentParser, told: str) -> None:
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        type=expected_head,
        metavar="CHAIN:POSITION:HASH",
        help=f"what the log told of a chain ({told}): it must still be there; may be repeated",
    )


class Command(BaseCommand):
    help = "Compares every line of the journal with its seal. Exit code 1 on a problem."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_heads(parser, "journal.sealed")

    def handle(self, *, head: Sequence[ExpectedHead], **_options: Any) -> None:
        answer = check_journal(head).as_json()
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        if answer["problems"]:
            sys.exit(1)
