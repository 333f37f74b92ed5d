"""JSON-RPC and MCP errors, and the HTTP status each one travels with.

::

    ProtocolError            an answer of type "error"; our way of refusing a message
    └── Unreadable           the bytes are not a message at all (JSON-RPC 2.0 section 5.1: id is null)

Codes: JSON-RPC 2.0 section 5.1; MCP 2026-07-28 page basic/index#error-codes (-32020 to -32022), and -32002 of
the revisions up to 2025-11-25.
"""

from __future__ import annotations

from typing import Any, Final

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
RESOURCE_NOT_FOUND: Final = -32002
URL_ELICITATION_REQUIRED: Final = -32042
HEADER_MISMATCH: Final = -32020
MISSING_CAPABILITY: Final = -32021
UNSUPPORTED_VERSION: Final = -32022
TOO_MANY_REQUESTS: Final = -32029


class ProtocolError(Exception):
    """A request that is answered with a JSON-RPC error object ``{code, message, data?}``.

    ``status`` is the HTTP status for transports that have one, where it is not the usual one of the code.
    """

    def __init__(self, code: int, message: str, data: Any = None, *, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.status = status

    def to_dict(self) -> dict[str, Any]:
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            body["data"] = self.data
        return body


class Unreadable(ProtocolError):
    """Bytes that are no JSON-RPC message; ``request_id`` is the id where one could still be read."""

    def __init__(self, code: int, message: str, request_id: str | int | float | None = None) -> None:
        super().__init__(code, message)
        self.request_id = request_id


def invalid_params(message: str, data: Any = None) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, message, data)


def method_not_found(method: str) -> ProtocolError:
    return ProtocolError(METHOD_NOT_FOUND, f"Method not found: {method}")


_STATELESS_STATUS: Final = {
    PARSE_ERROR: 400,
    INVALID_REQUEST: 400,
    METHOD_NOT_FOUND: 404,
    HEADER_MISMATCH: 400,
    MISSING_CAPABILITY: 400,
    UNSUPPORTED_VERSION: 400,
    TOO_MANY_REQUESTS: 429,
}
_HANDSHAKE_STATUS: Final = {PARSE_ERROR: 400, INVALID_REQUEST: 400, TOO_MANY_REQUESTS: 429}


def http_status(error: ProtocolError, *, stateless: bool) -> int:
    """The status of an error answer (2026-07-28 page basic/transports/streamable-http; 200 before)."""
    if error.status is not None:
        return error.status
    return (_STATELESS_STATUS if stateless else _HANDSHAKE_STATUS).get(error.code, 200)
