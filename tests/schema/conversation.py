"""Checks everything a server sends on one connection, by remembering what was asked there and in which revision."""

from __future__ import annotations

import json
from typing import Any

from mcp_tools.protocol.meta import PROTOCOL_VERSION
from mcp_tools.protocol.revisions import PLAIN
from tests.schema.validate import check, known


class Conversation:
    """``revision`` is that of the handshake, once it was answered; a stateless request names its own."""

    def __init__(self, revision: str = PLAIN) -> None:
        self.revision = revision
        self._asked: dict[Any, tuple[str, str]] = {}

    def sent(self, message: Any) -> None:
        """Remembers a request, or the requests of a batch; what is no request is of no interest."""
        for item in message if isinstance(message, list) else [message]:
            if (
                isinstance(item, dict)
                and isinstance(item.get("id"), str | int | float)
                and isinstance(item.get("method"), str)
            ):
                self._asked[item["id"]] = item["method"], self._revision_of(item)

    def received(self, message: Any) -> Any:
        """``message`` itself, once it is known to be right. Raises AssertionError."""
        if isinstance(message, list):
            check(self.revision, None, message)
            for item in message:
                self.received(item)
            return message
        is_answer = "method" not in message
        method, revision = (
            self._asked.get(message.get("id"), (None, self.revision)) if is_answer else self._told(message)
        )
        if method == "initialize" and "result" in message:
            revision = self.revision = known(message["result"].get("protocolVersion"))
        check(revision, method, message)
        return message

    def _told(self, message: dict[str, Any]) -> tuple[None, str]:
        """A notification or a request of the server: in a handshake connection that of the handshake."""
        meta = message.get("params", {}).get("_meta", {})
        asked = self._asked.get(meta.get("io.modelcontextprotocol/subscriptionId"))
        return None, asked[1] if asked else self.revision

    def _revision_of(self, request: dict[str, Any]) -> str:
        params = request.get("params")
        meta = params.get("_meta") if isinstance(params, dict) else None
        named = meta.get(PROTOCOL_VERSION) if isinstance(meta, dict) else None
        return self.revision if named is None else known(named)


def parsed(text: bytes | str) -> Any:
    """JSON, or None for what is none: tests send that too."""
    try:
        return json.loads(text)
    except ValueError:
        return None
