"""Session ids are credentials, and Django names the path of what it refuses in its log: those paths lose their id."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

_ID: Final = re.compile(r"(/sse/session/)[^\s/?'\"]+")


class MaskedPaths(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _masked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_masked, record.args))
        return True


def _masked(value: Any) -> Any:
    return _ID.sub(r"\1[hidden]", value) if isinstance(value, str) else value


def mask() -> None:
    """For every logger of Django that may name a path."""
    for name in ("django.request", "django.security.DisallowedHost", "django.security.csrf", "django.server"):
        logging.getLogger(name).addFilter(MaskedPaths())
