"""Every place that looks across tenants, with its reason. A new one is added here on purpose or not at all."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("jefacture", "exports", "invoices", "invitations", "clients", "firms", "outbox", "accounts", "common")

#: file → how many times, and why none of firm, company or person would do.
USES = {
    "common/chains.py": (1, "the lines of every tenant are sealed"),
    "common/chain_check.py": (3, "the lines of every tenant are verified"),
    "common/archives/running.py": (3, "the worker is given an id alone; old archives of every tenant go"),
    "common/integrity/listing.py": (1, "the archive of every tenant is verified"),
    "common/integrity/objects.py": (2, "the archive of every tenant is verified"),
    "common/integrity/rolling.py": (1, "the archive of every tenant is verified"),
    "common/tasks.py": (1, "the sweeper wakes work of every tenant"),
    "clients/services/files.py": (1, "a company space is looked up, and made, before its tenant is known"),
    "clients/importing/run.py": (1, "the worker is given an id alone"),
    "clients/services/enriching.py": (1, "the worker is given an id alone"),
    "exports/selectors/push.py": (1, "the worker is given an id alone"),
    "exports/services/deliveries.py": (3, "deliveries are opened and followed for every firm"),
    "invitations/services/accepting.py": (3, "an invitation is looked up by its token, its tenant is not known"),
    "invitations/services/batches.py": (1, "the worker is given an id alone"),
    "invitations/services/colleagues.py": (1, "a colleague's link is looked up by its token, its tenant is not known"),
    "invitations/services/following.py": (2, "time passes and mail comes back for the invitations of every firm"),
    "invitations/services/inviting.py": (1, "an expired link is renewed by whoever holds it"),
    "invitations/services/reminding.py": (1, "time passes for the invitations of every firm"),
    "invoices/management/commands/remove_expired.py": (1, "what has expired is listed for every company"),
    "invoices/selectors/mailboxes.py": (1, "a message is known by the address that it was sent to alone"),
    "invoices/services/closing.py": (1, "what waits for archived client files is closed for every firm"),
    "invoices/services/earlier.py": (2, "the worker is given an id alone"),
    "invoices/services/processing.py": (2, "the worker is given an id alone"),
    "invoices/services/rechecking.py": (2, "the worker is given an id alone"),
    "invoices/services/unpacking.py": (2, "the worker is given an id alone"),
    "jefacture/resealing.py": (2, "what is sealed is sealed again for every tenant"),
    "outbox/backend.py": (1, "mail about an account belongs to no firm and no company"),
    "outbox/services/retention.py": (1, "old messages of every tenant are forgotten"),
    "outbox/services/returning.py": (1, "a returned message is known by its return address alone"),
    "outbox/services/sending.py": (4, "the outbox sends the mail of every tenant"),
}


def test_every_use_of_the_platform_context_is_listed() -> None:
    assert dict(_found()) == {path: count for path, (count, _why) in USES.items()}


def _found() -> Counter[str]:
    found: Counter[str] = Counter()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _name(node.func) == "tenant":
                    found[str(path.relative_to(ROOT))] += any(word.arg == "platform" for word in node.keywords)
    return Counter({path: count for path, count in found.items() if count})


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
