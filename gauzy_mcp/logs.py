"""Logging: one line per event, on standard error always, so that standard output stays free for the protocol.

Every line that is written for a request names it, its session and its principal. What looks like a credential is
hidden from whatever a line says, as the last of several precautions.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any, Final

from mcp_tools.protocol import attribution, redaction

_CONSOLE: Final = "%(asctime)s %(levelname)-7s %(name)s %(message)s%(suffix)s"
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "suffix"}
_OURS: Final = frozenset({"time", "level", "logger", "traceback", "request", "session", "principal"})
"""Fields that no ``extra`` replaces: Django gives its request objects, whose paths may hold a session id."""

_UNKNOWN: Final = "-"
_CONTROLS: Final = {code: repr(chr(code))[1:-1] for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}
"""What callers send could end a line of the console, or colour it."""


class JsonLines(logging.Formatter):
    """One JSON object per line: time (ISO 8601), level, logger, message, for a request its id, session and principal
    (``-`` for none), what ``extra`` gave, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redaction.masked(record.getMessage()),
        }
        known = attribution.current()
        if known.request:
            line["request"] = known.request
            line["session"] = known.session or _UNKNOWN
            line["principal"] = known.principal or _UNKNOWN
        for name in sorted(record.__dict__.keys() - _STANDARD - _OURS):
            line[name] = _told(name, getattr(record, name))
        if record.exc_info:
            line["traceback"] = redaction.masked(self.formatException(record.exc_info))
        return json.dumps(line)


class ConsoleLines(logging.Formatter):
    """For people: the line, and what is known of its request.

    Each part is masked by itself: what a caller makes look like a credential hides nothing of the other parts.
    """

    def __init__(self) -> None:
        super().__init__(_CONSOLE)

    def format(self, record: logging.LogRecord) -> str:
        record.suffix = _suffix(record)
        # What another handler put there is not masked.
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = redaction.masked(record.message.translate(_CONTROLS))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        return redaction.masked(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return redaction.masked(super().formatStack(stack_info))


def configure(*, debug: bool, json_lines: bool) -> None:
    """Sends every log record to standard error. With ``debug`` (GAUZY_MCP_DEBUG) our loggers tell everything."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if json_lines else ConsoleLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("gauzy_mcp").setLevel(logging.DEBUG if debug else logging.INFO)
    # Django logs these with a traceback; the name that was refused is all there is to it.
    for refused in ("DisallowedHost", "DisallowedModelAdminLookup", "DisallowedModelAdminToField"):
        logging.getLogger(f"django.security.{refused}").addFilter(_without_traceback)
    logging.captureWarnings(capture=True)


def configure_unless_there(*, debug: bool, json_lines: bool) -> None:
    """The same under an ASGI server that is not ours. What ``logging.basicConfig`` leaves behind counts for nothing;
    handlers that somebody chose stay."""
    if all(_is_basic(handler) for handler in logging.getLogger().handlers):
        configure(debug=debug, json_lines=json_lines)


def _is_basic(handler: logging.Handler) -> bool:
    return type(handler) is logging.StreamHandler and not isinstance(handler.formatter, JsonLines | ConsoleLines)


def _told(name: str, value: Any) -> Any:
    if redaction.is_secret(name):
        return redaction.HIDDEN
    return value if isinstance(value, int | float | None) else redaction.masked(str(value))


def _suffix(record: logging.LogRecord) -> str:
    known = attribution.current()
    named = {
        "request": known.request,
        "session": known.session,
        "principal": known.principal,
        "trace": getattr(record, "trace_id", ""),
    }
    # Some lines are about a session or a principal themselves.
    message = f"{record.getMessage()} "
    pairs = (f" {name}={value}" for name, value in named.items() if value)
    return "".join(redaction.masked(pair) for pair in pairs if f"{pair} " not in message)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True
