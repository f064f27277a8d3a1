"""Log lines: for people in one process, JSON in production; a customer's link never stands in one."""

import logging
import re

import structlog

# A customer link carries 43 characters of base64url; no path, id or name of ours has a run that long.
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{40,}(?![A-Za-z0-9_-])")

_SHARED = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class WithoutTokens(logging.Filter):
    """Blank what looks like a customer's link in every line, so that a log opens no page."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drop it."""
        record.msg, record.args = without_tokens(record.getMessage()), ()
        return True


def without_tokens(line: str) -> str:
    """Return `line` with every long random run replaced by an ellipsis."""
    return _TOKEN.sub("…", line)


def logging_for(*, machine_readable: bool) -> dict:
    """Return Django's LOGGING: JSON lines where a machine reads them, plain lines otherwise."""
    last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    if not machine_readable:
        # A plain traceback: the pretty one prints local variables, and with them secrets.
        plain = structlog.dev.plain_traceback
        last = [structlog.dev.ConsoleRenderer(colors=False, pad_level=False, exception_formatter=plain)]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_tokens": {"()": WithoutTokens}},
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["without_tokens"]}
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # A tick a minute in each sweep would bury what matters.
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }
