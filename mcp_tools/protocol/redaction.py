"""What a log may show of a message: everything but what opens something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

HIDDEN: Final = "[hidden]"
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TASK_ID: Final = re.compile(r"(?<![\w-])[\w-]{32}(?![\w-])", re.ASCII)
"""The form of the ids that this server gives to tasks (dispatch/tasks.py), as Mcp-Name repeats them."""
_SECRET: Final = re.compile(
    r"pass(word|wd|wort|phrase|code)|pwd|secret|token|authorization|cookie|credential|api_?key|hash", re.I
)
_HARMLESS: Final = frozenset({"progressToken", "maxTokens", "max_tokens"})
_MAX_DEPTH: Final = 24
_MAX_CHARACTERS: Final = 4000
_MAX_PARSED: Final = 1024 * 1024
"""Bytes of a body that debug may spend time on."""


_CREDENTIAL: Final = re.compile(
    r"""
    (?P<header>(?:authorization|cookie)(?:\\*["']?\s*[:=]|["'],)\s*b?\\*["']?)[^"'\n]+   # a header, to its end
    | \b(?P<kind>bearer\.|(?:bearer|basic)\s)\s*[A-Za-z0-9._~+/=-]{6,}                      # what stands in one
    | (?<![\w-])eyJ[\w-]{8,}+(?:\.[\w~.-]+){1,2}                                                 # a JWT
    | \bgauzy_mcp_(?:pat|rt)_[\w~.-]+                                                   # a token of this server
    | (?P<name>
        (?:(?:pass(?:word|wd|phrase)|secret|token|credential|api[_-]?key|hash)(?:[_-](?:key|value|hash))?
          |session[_-]?id|code_verifier|assertion|(?<=[?&])code)
        \\*["']?\s*[:=]\s*b?)
      (?:\\+"[^"\n]*|\\+'[^'\n]*                                                        # the value that a name
        |"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[^\s,;&"'}\])]+)                     # gives away
    | (?<=/public/invoice/)[\w-]+/[\w~.-]+                                              # the key of a public page
    | (?<=/sse/session/)[\w~.-]{8,}                                                     # a session in a path
    | (?<=://)[^\s/:@]*:[^\s/]+(?=@)                                                    # the account in a URL
    """,
    re.IGNORECASE | re.VERBOSE,
)


_TELLTALE: Final = (
    "authorization", "cookie", "bearer", "basic", "eyj", "gauzy_mcp_", "pass", "secret", "token", "credential", "api",
    "hash", "session_id", "session-id", "sessionid", "code", "assertion", "/session/", "/public/", "://",
)  # fmt: skip
"""No credential without one of these: most lines have none, and are spared the search."""


def masked(text: str) -> str:
    """``text`` without what looks like a credential, whoever wrote it."""
    lowered = text.lower()
    return _CREDENTIAL.sub(_mask, text) if any(word in lowered for word in _TELLTALE) else text


def _mask(found: re.Match[str]) -> str:
    if found["kind"]:
        return f"{found['kind'].strip()} {HIDDEN}"
    return f"{found['header'] or found['name'] or ''}{HIDDEN}"


def redacted(value: Any, depth: int = 0) -> Any:
    """A copy of JSON data in which the values of telling names are hidden, at any depth."""
    if depth > _MAX_DEPTH:
        return HIDDEN
    if isinstance(value, Mapping):
        shown = {
            name: HIDDEN if is_secret(name) or _opens_a_task(name, item) else redacted(item, depth + 1)
            for name, item in value.items()
        }
        given = shown.get("arguments")
        if isinstance(given, dict) and "code" in given:
            # A code that a page showed, which stands for a sign-in.
            given["code"] = HIDDEN
        return shown
    if isinstance(value, list):
        return [redacted(item, depth + 1) for item in value]
    return masked(value) if isinstance(value, str) else value


def _opens_a_task(name: object, value: Any) -> bool:
    """Whether a field is the id of a task of MCP, which opens it; the ids of Gauzy's tasks are UUIDs."""
    return name == "taskId" and isinstance(value, str) and not _UUID.fullmatch(value)


def is_secret(name: object) -> bool:
    """Whether a field of this name may hold a credential."""
    return isinstance(name, str) and name not in _HARMLESS and _SECRET.search(name) is not None


def shown(value: Any) -> str:
    """JSON data for one log line: redacted and cut."""
    text = orjson.dumps(redacted(value), default=str).decode()
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}… ({len(text)} characters)"


def shown_headers(headers: Mapping[str, str]) -> str:
    """HTTP headers for one log line. Of a session id nothing is shown, for it opens its session."""
    return shown({name: HIDDEN if _opens(name) else _without_tasks(masked(value)) for name, value in headers.items()})


def _without_tasks(text: str) -> str:
    return _TASK_ID.sub(HIDDEN, text)


def _opens(name: str) -> bool:
    """A browser sends its access token to a WebSocket as a subprotocol."""
    return is_secret(name) or name.lower() in ("mcp-session-id", "referer", "sec-websocket-protocol")


def shown_message(message: bytes) -> str:
    """An encoded JSON-RPC message for one log line. Text inside may itself be JSON, and is treated as such."""
    try:
        value = orjson.loads(message)
        return shown(opened_inside(value))
    except orjson.JSONDecodeError:
        return f"(unreadable, {len(message)} bytes)"
    except RecursionError:
        return f"(nested too deep to show, {len(message)} bytes)"


def shown_query(query: Sequence[tuple[str, str]]) -> str:
    """The query of a request for one log line. Gauzy takes JSON in some values, which is treated as such."""
    return shown([{name: _opened(value)} for name, value in query])


def shown_body(body: bytes | None) -> str:
    """The body of a request or answer for one log line: JSON redacted, other text masked, both cut; size otherwise."""
    if not body:
        return "(none)"
    if len(body) > _MAX_PARSED:
        return f"({len(body)} bytes)"
    try:
        return shown(orjson.loads(body))
    except orjson.JSONDecodeError:
        return _shown_text(body)


def _shown_text(body: bytes) -> str:
    try:
        return f"(not JSON, {len(body)} bytes) {masked(body.decode())[:_MAX_CHARACTERS]}"
    except UnicodeDecodeError:
        return f"({len(body)} bytes)"


def _opened(value: str) -> Any:
    if value[:1] not in ("{", "["):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def opened_inside(value: Any) -> Any:
    """With texts that are JSON opened: content blocks repeat an answer so, and some clients send arguments so."""
    if isinstance(value, list):
        return [opened_inside(item) for item in value]
    if isinstance(value, dict):
        return {name: opened_inside(item) for name, item in value.items()}
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return opened_inside(orjson.loads(value))
        except orjson.JSONDecodeError:
            return value
    return value
