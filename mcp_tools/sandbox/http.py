"""Requests and answers as Gauzy's framework sees them: bracketed query strings, error bodies, bare scalars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

REASONS: Final = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 406: "Not Acceptable"}
_STEP: Final = re.compile(r"[^\[\]]+")
_MAX_KEYS: Final = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` is any JSON value; None is an empty answer."""

    status: int
    body: Any = None

    def encoded(self) -> tuple[bytes, bytes]:
        """Content type and bytes. Gauzy answers bare numbers and booleans as ``text/html``."""
        if self.body is None:
            return b"text/plain", b""
        scalar = not isinstance(self.body, dict | list)
        return b"text/html; charset=utf-8" if scalar else b"application/json; charset=utf-8", orjson.dumps(self.body)


class Refusal(Exception):
    """An error answer. A list of messages is a validation error."""

    def __init__(self, status: int, message: str | list[str] | None = None, *, named: bool = True) -> None:
        super().__init__(str(message))
        body: dict[str, Any] = {}
        if message is not None:
            body["message"] = message
            if named and status in REASONS:
                body["error"] = REASONS[status]
            body["statusCode"] = status
        self.reply = Reply(status, body)


class Disguised(Exception):
    """What Gauzy answers with the status of success and only a message."""


UNAUTHORIZED: Final = (401, "Unauthorized", False)


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized", named=False)


def forbidden() -> Refusal:
    return Refusal(403, "Forbidden resource")


def not_found(message: str = "The requested record was not found") -> Refusal:
    return Refusal(404, message, named=False)


@dataclass(slots=True)
class Call:
    """One request. ``user`` is the row of the signed-in user; ``path`` has its ids in ``ids``."""

    method: str
    path: str
    query: dict[str, Any]
    headers: Mapping[str, str]
    raw: bytes
    store: Any
    ids: tuple[str, ...] = ()
    user: dict[str, Any] = field(default_factory=dict)

    @property
    def tenant_id(self) -> str:
        return str(self.user.get("tenantId", ""))

    @property
    def user_id(self) -> str:
        return str(self.user.get("id", ""))

    @property
    def role(self) -> str:
        return str(self.user.get("_role", ""))

    @property
    def employee_id(self) -> str | None:
        return self.user.get("_employeeId")

    def body(self) -> dict[str, Any]:
        """The JSON object of the body, empty when there is none. Raises a 400 for anything else."""
        if not self.raw:
            return {}
        try:
            value = orjson.loads(self.raw)
        except orjson.JSONDecodeError as error:
            raise Refusal(400, str(error)) from None
        return value if isinstance(value, dict) else {}


def parse_query(text: bytes) -> dict[str, Any]:
    """``where[a][b]=1&relations[]=x`` as nested dicts and lists, the way Gauzy's parser reads it."""
    parsed: dict[str, Any] = {}
    for key, value in parse_qsl(text.decode("latin-1"), keep_blank_values=True, max_num_fields=_MAX_KEYS):
        steps = _STEP.findall(key)
        if steps:
            _put(parsed, steps, value, listed=key.endswith("[]"))
    return parsed


def _put(target: dict[str, Any], steps: list[str], value: str, *, listed: bool) -> None:
    *outer, last = steps
    for step in outer:
        target = target.setdefault(step, {})
        if not isinstance(target, dict):
            return
    if listed:
        target.setdefault(last, []).append(value)
    else:
        target[last] = value


def listed(value: Any) -> list[str]:
    """A list that was written ``name[]=a&name[]=b`` or ``name[0]=a&name[1]=b``."""
    if isinstance(value, dict):
        return [str(item) for item in value.values()]
    return [str(item) for item in value] if isinstance(value, list) else []
