"""From an HTTP answer of Gauzy to a value or an error. Gauzy's own traps are dealt with here (see docs/gauzy.md)."""

from __future__ import annotations

import re
import time
from typing import Any, Final

import orjson

from mcp_tools.gauzy.errors import Forbidden, GauzyBusy, GauzyFault, GauzyRejected, Invalid, NotFound

_KINDS: Final[dict[int, type[GauzyRejected]]] = {
    400: Invalid,
    403: Forbidden,
    404: NotFound,
    406: Invalid,
    409: Invalid,
    422: Invalid,
}
_MAX_MESSAGES: Final = 10
_MAX_LENGTH: Final = 300
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
_STATEMENT: Final = re.compile(r"\b(SELECT\b.*\bFROM|INSERT INTO|UPDATE\b.*\bSET|DELETE FROM)\b", re.DOTALL)
_PDF: Final = b"%PDF-"
_DATABASE: Final = "the database refused a value; check ids, dates and numbers"


def read(status: int, body: bytes, *, retry_after: str | None = None, message_is_answer: bool = False) -> Any:
    """The decoded body of a 2xx answer, None for an empty one. Raises the error that another answer stands for.

    A 2xx body that holds nothing but ``message`` is an error of Gauzy's in disguise, except where
    ``message_is_answer`` says that the route always answers so. Counts and booleans come as bare text, a PDF as bytes.
    """
    value = _decoded(body)
    if status in (429, 503):
        raise GauzyBusy(*_busy(status, retry_after))
    if status >= 500:
        raise GauzyFault(f"Gauzy failed ({status}): {'; '.join(_messages(value)) or 'no reason given'}", status)
    if status >= 400:
        raise _rejection(status, value)
    if status >= 300:
        raise GauzyFault(f"Gauzy answered with a redirect ({status}); API_BASE_URL must be its final address", status)
    if value is _UNREADABLE:
        raise GauzyFault("Gauzy answered something that is not JSON; is API_BASE_URL the address of its API?", status)
    if not message_is_answer and isinstance(value, dict) and value.keys() == {"message"}:
        raise GauzyFault(f"Gauzy could not do this: {'; '.join(_messages(value))}", status)
    return value


_UNREADABLE: Final = object()


def _decoded(body: bytes) -> Any:
    if not body.strip():
        return None
    if body.startswith(_PDF):
        return body
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _UNREADABLE


def _rejection(status: int, value: Any) -> GauzyRejected:
    messages = _messages(value)
    if status == 403 and messages == ("Forbidden resource",):
        messages = ("the signed-in user has no permission for this",)
    return _KINDS.get(status, GauzyRejected)(messages or ("no reason given",), status)


def _messages(value: Any) -> tuple[str, ...]:
    """Gauzy's messages; a database failure is told without its SQL and parameters."""
    if not isinstance(value, dict):
        return ()
    told = value.get("message")
    listed = [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, str)]
    if listed:
        return tuple(_DATABASE if _STATEMENT.search(one) else one[:_MAX_LENGTH] for one in listed[:_MAX_MESSAGES])
    response = value.get("response")
    nested = response if isinstance(response, dict) else value
    return (_DATABASE,) if "query" in nested or "driverError" in nested else ()


def _busy(status: int, retry_after: str | None) -> tuple[str, int, float]:
    seconds = _seconds(retry_after or "")
    why = "Gauzy limits how often it may be asked" if status == 429 else "Gauzy is not available right now"
    return f"{why}; try again in {seconds:g} seconds", status, seconds


def _seconds(retry_after: str) -> float:
    """Retry-After as RFC 9110 section 10.2.3 has it, seconds or a date; 1 where it is absent or neither."""
    if _SECONDS.fullmatch(retry_after):
        return float(retry_after)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, round(parsedate_to_datetime(retry_after).timestamp() - time.time()))
    except (ValueError, OverflowError):
        return 1.0
