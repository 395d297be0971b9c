"""What beat sends, and every how many seconds; each message expires, so that none pile up while no worker runs."""

from typing import Any

CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {"task": "common.tasks.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "heartbeat": {"task": "common.tasks.heartbeat", "schedule": 5.0, "options": {"expires": 10}},
    "seal-journal": {"task": "common.tasks.seal_journal", "schedule": 10.0, "options": {"expires": 10}},
    "seal-overlooked": {
        "task": "common.tasks.seal_journal",
        "schedule": 3600.0,
        "kwargs": {"everything": True},
        "options": {"expires": 3600},
    },
    "look-at-archive": {"task": "common.tasks.look_at_archive", "schedule": 60.0, "options": {"expires": 60}},
    "close-parts": {"task": "invoices.tasks.close_parts", "schedule": 60.0, "options": {"expires": 60}},
    "remove-exports": {"task": "invoices.tasks.remove_exports", "schedule": 3600.0, "options": {"expires": 3600}},
    "remove-firm-exports": {"task": "exports.tasks.remove_exports", "schedule": 3600.0, "options": {"expires": 3600}},
    "expire-invitations": {"task": "invitations.tasks.expire", "schedule": 60.0, "options": {"expires": 60}},
    "follow-invitations": {"task": "invitations.tasks.follow_bounces", "schedule": 10.0, "options": {"expires": 10}},
    "remind-invitations": {"task": "invitations.tasks.remind", "schedule": 60.0, "options": {"expires": 60}},
    "open-deliveries": {"task": "exports.tasks.open_deliveries", "schedule": 10.0, "options": {"expires": 10}},
    "follow-deliveries": {"task": "exports.tasks.follow_bounces", "schedule": 60.0, "options": {"expires": 60}},
    "remove-old-emails": {"task": "outbox.tasks.remove_old", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-sessions": {"task": "accounts.tasks.forget_sessions", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
    "clear-sessions": {"task": "common.tasks.clear_sessions", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
}
