"""Logging: one line per event, on standard error always, so that standard output stays free for the protocol.

Every line that is written for a request names it, its session and its principal. What looks like a credential is
hidden from whatever a line says, as the last of several precautions.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Final

from mcp_tools.protocol import attribution, redaction

_CONSOLE: Final = "%(asctime)s %(levelname)-7s %(name)s %(message)s%(suffix)s"
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "suffix"}


class JsonLines(logging.Formatter):
    """One JSON object per line: time (ISO 8601), level, logger, message, and where they are known request, session,
    principal, what ``extra`` gave, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redaction.masked(record.getMessage()),
        }
        known = attribution.current()
        named = {"request": known.request, "session": known.session, "principal": known.principal}
        line |= {name: value for name, value in named.items() if value}
        given = record.__dict__.keys() - _STANDARD
        line |= {name: redaction.masked(str(getattr(record, name))) for name in sorted(given)}
        if record.exc_info:
            line["traceback"] = redaction.masked(self.formatException(record.exc_info))
        return json.dumps(line)


class ConsoleLines(logging.Formatter):
    """For people: the line, and the id of its request."""

    def __init__(self) -> None:
        super().__init__(_CONSOLE)

    def format(self, record: logging.LogRecord) -> str:
        request = attribution.current().request
        record.suffix = f" [{request}]" if request else ""
        return redaction.masked(super().format(record))


def configure(*, debug: bool, json_lines: bool) -> None:
    """Sends every log record to standard error. With ``debug`` (GAUZY_MCP_DEBUG) our loggers tell everything."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if json_lines else ConsoleLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("gauzy_mcp").setLevel(logging.DEBUG if debug else logging.INFO)
    # Django tells of a foreign Host with a traceback; the name that was refused is all there is to it.
    logging.getLogger("django.security.DisallowedHost").addFilter(_without_traceback)
    logging.captureWarnings(capture=True)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True
