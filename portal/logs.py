"""Logging without a person's data: structured lines with ids and codes; exceptions give type and place, not their
text."""

import json
import logging
import logging.config
import traceback
from typing import Any

FIELDS = ("request_id", "method", "view", "status", "ms", "task", "task_id", "job", "count", "case_id", "error")


class SafeFormatter(logging.Formatter):
    """One JSON object a line. An exception's message is left out: it may quote what a person typed."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        line: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage() if not record.name.startswith("django.request") else str(record.msg),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename.rsplit('/', 2)[-2]}/{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str = "INFO") -> None:
    """Sets the whole process's logging; called once by settings."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"safe": {"()": "portal.logs.SafeFormatter"}},
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "safe"}},
            "root": {"handlers": ["out"], "level": level},
            "loggers": {
                "django.db.backends": {"level": "WARNING"},
                "django.request": {"level": "ERROR"},
                # Below warnings it writes out whole template contexts, names and texts included.
                "django.template": {"level": "WARNING"},
                "weasyprint": {"level": "ERROR"},
                "fontTools": {"level": "ERROR"},
            },
        }
    )
