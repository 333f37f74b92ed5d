"""Answers on their way out. Those that repeat are prepared once: encoded, and compressed, for everybody."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import ProtocolError, http_status
from mcp_tools.protocol.messages import RequestId

_GZIP_WINDOW = 31  # zlib's number for "gzip framing, 32 KiB window"
_HEAD = b'{"jsonrpc":"2.0","result":'


class Prepared:
    """A result whose bytes are the same for every caller of one kind."""

    __slots__ = ("_compressed", "_compressor", "result")

    def __init__(self, result: Any) -> None:
        self.result = messages.encode(result)
        self._compressed = b""
        self._compressor: Any = None

    def gzip(self, request_id: RequestId) -> bytes:
        """The whole message, compressed. The result is compressed once; each answer only adds its id."""
        if self._compressor is None:
            self._compressor = zlib.compressobj(6, zlib.DEFLATED, _GZIP_WINDOW)
            self._compressed = self._compressor.compress(_HEAD + self.result)
        tail = self._compressor.copy()
        ending = b',"id":' + messages.encode(request_id) + b"}"
        return self._compressed + tail.compress(ending) + tail.flush()  # type: ignore[no-any-return]


@dataclass(slots=True)
class Reply:
    """A complete JSON-RPC answer: its bytes and, for HTTP, its status and prepared form.

    ``code`` is that of an error, else 0; ``scope`` is what the caller's token lacked, else empty.
    """

    body: bytes
    status: int = 200
    request_id: RequestId | None = None
    prepared: Prepared | None = None
    code: int = 0
    scope: str = ""

    @classmethod
    def of(cls, request_id: RequestId, result: dict[str, Any] | Prepared) -> Reply:
        if isinstance(result, Prepared):
            return cls(messages.encode_result(request_id, result.result), 200, request_id, result)
        return cls(messages.encode_result(request_id, messages.encode(result)), 200, request_id)

    @classmethod
    def refusal(cls, request_id: RequestId | None, error: ProtocolError, *, stateless: bool = False) -> Reply:
        status = http_status(error, stateless=stateless)
        scope = getattr(error, "scope", "")
        return cls(messages.encode_error(request_id, error), status, request_id, code=error.code, scope=scope)
