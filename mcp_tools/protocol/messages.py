"""JSON-RPC 2.0 messages: bytes to values and back.

Reading is strict and bounded; an unreadable message raises :class:`~mcp_tools.protocol.errors.Unreadable`,
which is itself a correct answer. Writing keeps results that are already bytes as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from mcp_tools.protocol.errors import INVALID_REQUEST, PARSE_ERROR, ProtocolError, Unreadable

MAX_DEPTH: Final = 64
"""Levels of nesting accepted in one message."""

MAX_BATCH: Final = 50
"""Messages accepted in one batch (batches exist only in revision 2025-03-26)."""

RequestId = str | int | float
"""A float is one without a fraction, which JSON Schema counts as an integer; it is answered as it was sent."""

_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Request:
    id: RequestId
    method: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notification:
    method: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """A client's answer to a request of ours: exactly one of ``result`` and ``error`` is set."""

    id: RequestId
    result: dict[str, Any] | None
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Batch:
    """``items`` are messages; an unreadable one stays as the error that answers it."""

    items: tuple[Message | Unreadable, ...]


Message = Request | Notification | Response


def parse(data: bytes | str) -> Message | Batch:
    """The message in ``data`` (UTF-8 JSON). Raises Unreadable: -32700 for bad JSON, -32600 for a bad shape."""
    value = decode(data)
    if type(value) is list:
        return _batch(value)
    return _message(value)


def decode(data: bytes | str) -> Any:
    """JSON to values, at most :data:`MAX_DEPTH` levels deep; NaN, bad UTF-8 and lone surrogates are refused."""
    # RFC 8259 section 8.1: a reader may ignore a byte order mark.
    data = data.removeprefix(_BOM.encode()) if isinstance(data, bytes) else data.removeprefix(_BOM)
    try:
        value = orjson.loads(data)
    except ValueError as error:
        raise Unreadable(PARSE_ERROR, f"Parse error: the message is not valid JSON ({error})") from None
    # Counting brackets is far cheaper than walking, and few messages have enough of them to need the walk.
    openers = data.count(b"[") + data.count(b"{") if isinstance(data, bytes) else data.count("[") + data.count("{")
    if openers > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        raise Unreadable(INVALID_REQUEST, f"Invalid request: nested deeper than {MAX_DEPTH} levels", _id_of(value))
    return value


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit + 1):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _id_of(value: Any) -> RequestId | None:
    candidate = value.get("id") if type(value) is dict else None
    return candidate if is_id(candidate) else None


def is_id(value: Any) -> bool:
    """Whether ``value`` is a string or an integer, as request ids and progress tokens are (JSON Schema 2020-12)."""
    return type(value) in (str, int) or (type(value) is float and value.is_integer())


def _batch(items: list[Any]) -> Batch:
    if not items:
        raise Unreadable(INVALID_REQUEST, "Invalid request: an empty batch")
    if len(items) > MAX_BATCH:
        raise Unreadable(INVALID_REQUEST, f"Invalid request: more than {MAX_BATCH} messages in one batch")
    return Batch(tuple(_message_or_error(item) for item in items))


def _message_or_error(item: Any) -> Message | Unreadable:
    try:
        return _message(item)
    except Unreadable as error:
        return error


def _message(value: Any) -> Message:
    if type(value) is not dict:
        raise Unreadable(INVALID_REQUEST, "Invalid request: a message must be a JSON object")
    request_id = _id_of(value)
    if value.get("jsonrpc") != "2.0":
        raise Unreadable(INVALID_REQUEST, 'Invalid request: "jsonrpc" must be "2.0"', request_id)
    if "id" in value and request_id is None:
        raise Unreadable(INVALID_REQUEST, 'Invalid request: "id" must be a string or an integer')
    if "method" in value:
        return _call(value, request_id)
    return _response(value, request_id)


def _call(value: dict[str, Any], request_id: RequestId | None) -> Request | Notification:
    method = value["method"]
    if type(method) is not str:
        raise Unreadable(INVALID_REQUEST, 'Invalid request: "method" must be a string', request_id)
    params = value.get("params")
    if params is None:
        params = {}
    elif type(params) is not dict:
        raise Unreadable(INVALID_REQUEST, 'Invalid request: "params" must be an object', request_id)
    return Notification(method, params) if request_id is None else Request(request_id, method, params)


def _response(value: dict[str, Any], request_id: RequestId | None) -> Response:
    result, error = value.get("result"), value.get("error")
    if request_id is None or (type(result) is dict) == (type(error) is dict):
        raise Unreadable(
            INVALID_REQUEST,
            'Invalid request: expected "method", or an "id" with one of "result" and "error"',
            request_id,
        )
    return Response(request_id, result if type(result) is dict else None, error if type(error) is dict else None)


def encode(value: Any) -> bytes:
    """Compact JSON bytes of one line."""
    return orjson.dumps(value)


def encode_result(request_id: RequestId, result: bytes) -> bytes:
    """The answer to ``request_id`` around a result that is encoded already.

    The id comes last, so that a result prepared once can also be compressed once (see transports).
    """
    return b'{"jsonrpc":"2.0","result":' + result + b',"id":' + orjson.dumps(request_id) + b"}"


def encode_error(request_id: RequestId | None, error: ProtocolError) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": request_id, "error": error.to_dict()})


def encode_notification(method: str, params: dict[str, Any]) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "method": method, "params": params})


def encode_request(request_id: RequestId, method: str, params: dict[str, Any]) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params})
