"""Leaving messages. What sends them, and what becomes of them, is in the modules beside this one."""

from outbox.services.queueing import InvalidAddressError, cancel, hurry, leave, queue, write

__all__ = ["InvalidAddressError", "cancel", "hurry", "leave", "queue", "write"]
