"""Structured logs on standard error, one JSON object a line; what looks like a secret is masked.

Standard output is left to the commands that print one document there.
"""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# An API key (see firms.keys), an invitation's link, a link that sets a password or confirms an address, a bearer
# token, a password in a URL, a code from ComptExpert.
_SECRET = re.compile(
    r"(jf_[A-Za-z0-9_-]{6})[A-Za-z0-9_-]{20,}"
    r"|(/invitation/)[A-Za-z0-9_-]{20,}"
    r"|(/mot-de-passe/nouveau/|/compte/adresse/)[^\s/]{20,}"
    r"|((?:Bearer|Basic) )\S+"
    r"|(://[^/\s:]+:)[^@\s/]+(?=@)"
    r"|([?&](?:code|state)=)[^&\s]+"
)


def mask(text: str) -> str:
    return _SECRET.sub(lambda found: next(part for part in found.groups() if part) + "…", text)


def _mask_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = mask(value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[
        *_SHARED,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _mask_values,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "fontTools": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
