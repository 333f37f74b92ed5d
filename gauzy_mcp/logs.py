"""Logging: one line per event, on standard error always, so that standard output stays free for the protocol."""

from __future__ import annotations

import json
import logging
import sys
from typing import Final

_CONSOLE: Final = "%(asctime)s %(levelname)-7s %(name)s %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object per line: time (ISO 8601), level, logger, message and, if any, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(*, debug: bool, json_lines: bool) -> None:
    """Sends every log record to standard error. With ``debug`` (GAUZY_MCP_DEBUG) our loggers tell everything."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if json_lines else logging.Formatter(_CONSOLE))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("gauzy_mcp").setLevel(logging.DEBUG if debug else logging.INFO)
    logging.captureWarnings(capture=True)
