"""The request headers that repeat parts of a stateless request's body, for proxies that route by them.

Source: 2026-07-28 page basic/transports/streamable-http, "Standard MCP request headers". A difference between
header and body is -32020 with HTTP 400; it is looked for before the version is.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

from mcp_tools.protocol.errors import HEADER_MISMATCH, ProtocolError
from mcp_tools.protocol.messages import Request
from mcp_tools.protocol.meta import PROTOCOL_VERSION, meta_of

Header = Callable[[str], str | None]

NAMED_BY: Final[Mapping[str, str]] = {
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    "tasks/get": "taskId",
    "tasks/update": "taskId",
    "tasks/cancel": "taskId",
}
"""Which parameter ``Mcp-Name`` repeats, per method."""


def check(request: Request, header: Header) -> None:
    """Compares the standard headers with ``request``. ``header`` answers the value of a header name or None."""
    _compare("MCP-Protocol-Version", header("MCP-Protocol-Version"), meta_of(request.params).get(PROTOCOL_VERSION))
    _compare("Mcp-Method", header("Mcp-Method"), request.method)
    parameter = NAMED_BY.get(request.method)
    if parameter is not None:
        expected = request.params.get(parameter)
        if isinstance(expected, str):
            _compare("Mcp-Name", _decoded("Mcp-Name", header("Mcp-Name")), expected)


def check_parameters(schema: Mapping[str, Any], arguments: Mapping[str, Any], header: Header) -> None:
    """Compares ``Mcp-Param-*`` headers with the arguments whose schema carries ``x-mcp-header``."""
    for path, name in _annotated(schema):
        value = _value_at(arguments, path)
        title = f"Mcp-Param-{name}"
        sent = _decoded(title, header(title))
        if value is None:
            if sent is not None:
                raise _mismatch(f"{title} is present, but the argument {'.'.join(path)} is not")
        elif sent is None:
            raise _mismatch(f"{title} must repeat the argument {'.'.join(path)}")
        elif not _same(value, sent):
            raise _mismatch(f"{title} differs from the argument {'.'.join(path)}")


def _annotated(schema: Mapping[str, Any], path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = []
    for name, part in schema.get("properties", {}).items():
        if isinstance(part, dict):
            if "x-mcp-header" in part:
                found.append(((*path, name), part["x-mcp-header"]))
            found.extend(_annotated(part, (*path, name)))
    return found


def _value_at(arguments: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        arguments = arguments.get(step) if isinstance(arguments, dict) else None
    return arguments


def _same(value: Any, sent: str) -> bool:
    if isinstance(value, bool):
        return sent == ("true" if value else "false")
    if isinstance(value, int):
        try:
            return float(sent) == value
        except ValueError:
            return False
    return isinstance(value, str) and sent == value


def _compare(name: str, sent: str | None, expected: object) -> None:
    if sent is None:
        raise _mismatch(f"the header {name} is missing")
    if sent != expected:
        raise _mismatch(f"the header {name} differs from the body")


def _decoded(name: str, sent: str | None) -> str | None:
    """Undoes ``=?base64?…?=``, the form of values that a header cannot carry as they are."""
    if sent is None or not (sent.startswith("=?base64?") and sent.endswith("?=")):
        return sent
    try:
        return base64.b64decode(sent[9:-2], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise _mismatch(f"the header {name} is not valid Base64 of UTF-8") from None


def _mismatch(reason: str) -> ProtocolError:
    return ProtocolError(HEADER_MISMATCH, f"Header mismatch: {reason}")
