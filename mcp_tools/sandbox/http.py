"""Requests and answers as Gauzy's framework sees them: bracketed query strings, error bodies, bare scalars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from mcp_tools.sandbox.store import Row, Transaction

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
            return b"", b""
        scalar = not isinstance(self.body, dict | list)
        return b"text/html; charset=utf-8" if scalar else b"application/json; charset=utf-8", orjson.dumps(self.body)


class Refusal(Exception):
    """An error answer. A list of messages is a validation error; ``named`` adds the name of the status."""

    def __init__(self, status: int, message: str | list[str] | None = None, *, named: bool = True) -> None:
        super().__init__(str(message))
        body: dict[str, Any] = {}
        if message is not None:
            body["message"] = message
            if named and status in REASONS:
                body["error"] = REASONS[status]
            body["statusCode"] = status
        self.reply = Reply(status, body)


class DatabaseRefusal(Refusal):
    """A failure of Gauzy's database, which it answers with its SQL."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(400)
        leak: dict[str, Any] = {"query": "…", "parameters": [], "driverError": {}}
        if message is not None:
            code = "SQLITE_CONSTRAINT_FOREIGNKEY"
            leak |= {"code": code, "driverError": {"code": code}}
            leak = {"response": leak, "status": 400, "options": {}, "message": message, "name": "BadRequestException"}
        self.reply = Reply(400, leak)


class Disguised(Exception):
    """What Gauzy answers with the status of success and only a message."""


FOREIGN_KEY: Final = "SqliteError: FOREIGN KEY constraint failed"
MISSING: Final = "The requested record was not found"


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized", named=False)


def forbidden() -> Refusal:
    return Refusal(403, "Forbidden resource")


def not_found(message: str = MISSING) -> Refusal:
    return Refusal(404, message, named=False)


@dataclass(slots=True)
class Call:
    """One request. ``ids`` are the parts of the path that a route names; ``user`` is the row of the signed-in user.

    ``headers`` have the spelling that the server gave them. ``permissions`` are those of the user's role.
    """

    method: str
    path: str
    url: str
    query: dict[str, Any]
    headers: Mapping[str, str]
    raw: bytes
    store: Transaction
    key: bytes
    ids: tuple[str, ...] = ()
    user: Row = field(default_factory=dict)
    role: str = ""
    employee: Row | None = None
    permissions: frozenset[str] = frozenset()

    @property
    def tenant_id(self) -> str:
        return str(self.user.get("tenantId", ""))

    @property
    def user_id(self) -> str:
        return str(self.user.get("id", ""))

    @property
    def employee_id(self) -> str | None:
        return self.employee["id"] if self.employee else None

    def now(self) -> str:
        """This instant, as Gauzy writes it."""
        return self.store.now()

    def may(self, *permissions: str) -> bool:
        """Whether the user has one of them."""
        return not self.permissions.isdisjoint(permissions)

    def json(self) -> Any:
        """The decoded body, an empty object when there is none. Raises a 400 for text that is no JSON."""
        if not self.raw.strip():
            return {}
        try:
            return orjson.loads(self.raw)
        except orjson.JSONDecodeError as error:
            ended = error.pos >= len(error.doc)
            told = "Unexpected end of JSON input" if ended else f"Unexpected token in JSON at position {error.pos}"
            raise Refusal(400, told) from None

    def body(self) -> dict[str, Any]:
        value = self.json()
        return value if isinstance(value, dict) else {}


def parse_query(text: bytes) -> dict[str, Any]:
    """``where[a][b]=1&relations[]=x`` as nested dicts and lists, the way Gauzy's parser reads it."""
    parsed: dict[str, Any] = {}
    try:
        pairs = parse_qsl(text.decode("latin-1"), keep_blank_values=True, max_num_fields=_MAX_KEYS)
    except ValueError:
        raise Refusal(400, "too many parameters") from None
    for key, value in pairs:
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
    if not listed:
        target[last] = value
    elif isinstance(known := target.setdefault(last, []), list):
        known.append(value)


def listed(value: Any) -> list[str]:
    """A list that was written ``name[]=a&name[]=b`` or ``name[0]=a&name[1]=b``; empty for anything else."""
    if isinstance(value, dict):
        return [str(item) for key, item in value.items() if key.isdigit()]
    return [str(item) for item in value] if isinstance(value, list) else []
