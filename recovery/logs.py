"""Log lines: for people in one process, JSON in production; a customer's link never stands in one."""

import logging
import re
from typing import Any

import structlog

# A customer link carries 43 characters of base64url; no path, id or name of ours has a run that long.
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{40,}(?![A-Za-z0-9_-])")

_SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def without_tokens(line: str) -> str:
    """Return `line` with every long random run replaced by an ellipsis: a log opens no page (promise S3)."""
    return _TOKEN.sub("…", line)


def _blank_tokens(_: Any, __: str, line: str) -> str:
    return without_tokens(line)


class RefusalsInALine(logging.Filter):
    """Tells of a page that was refused (403, 404, 400) in one line: no fault of ours, so no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record; below an error, without its traceback."""
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True


def renderers(*, machine_readable: bool) -> list:
    """Return the last processors: JSON lines where a machine reads them, plain lines otherwise.

    A traceback stays plain: the pretty one prints local variables, and with them secrets.
    """
    if machine_readable:
        json = structlog.processors.JSONRenderer(ensure_ascii=False)
        return [structlog.processors.format_exc_info, json, _blank_tokens]
    plain = structlog.dev.plain_traceback
    return [
        structlog.dev.ConsoleRenderer(colors=False, pad_level=False, exception_formatter=plain),
        _blank_tokens,
    ]


def logging_for(*, machine_readable: bool) -> dict:
    """Return Django's LOGGING, and lead structlog's own loggers the same way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    lines = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *renderers(machine_readable=machine_readable),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "filters": {"refusals": {"()": RefusalsInALine}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"filters": ["refusals"]},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # A tick a minute in each sweep would bury what matters.
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }
