"""The running server, as the operators' room sees it. The wiring provides it; this room must not import that."""

from __future__ import annotations

import json
from typing import Any, Final, Protocol

from django.http import HttpRequest, HttpResponse

from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.rate_limiter import RateLimiter
from mcp_tools.protocol.messages import Request
from mcp_tools.sessions.backplane import Backplane
from oauth_resource.provided import ProvidedPart
from oauth_resource.resource.authenticator import Authenticator


class OperatedServer(Protocol):
    """What this room may use of the running process."""

    engine: Engine
    plane: Backplane
    rate_limiter: RateLimiter

    @property
    def keeps_http_sessions(self) -> bool:
        """MCP_SESSION_ENABLED: whether HTTP clients may have sessions."""

    @property
    def authenticator(self) -> Authenticator | None:
        """Where access tokens are checked; None when nobody is authenticated."""

    def refuse(self, request: HttpRequest) -> HttpResponse | None:
        """A 403 for a foreign Host or Origin, else None."""

    def refuse_host(self, request: HttpRequest) -> HttpResponse | None:
        """A 403 for a foreign Host, else None."""

    def address(self, request: HttpRequest) -> str:
        """The client's address, seen through trusted proxies."""

    async def ready(self) -> dict[str, object]:
        """What this server stands on and whether each part answers: ``{name: {"ok": bool, …}}``."""


running: Final = ProvidedPart[OperatedServer]("the running server")


async def terminate(uid: str, visitor: str = "") -> bool:
    """Ends a session in every process. False when it is not live any more.

    Of a ``visitor`` what runs is cancelled and what is open closed; it has nothing else that could end.
    """
    if visitor:
        await running().engine.end_visit(visitor)
        return True
    return await running().engine.end_by_uid(uid, "terminated")


async def call(name: str, arguments: dict[str, object]) -> dict[str, Any]:
    """The CallToolResult of one call as the configured account, in no session."""
    request = Request(1, "tools/call", {"name": name, "arguments": arguments})
    reply = await running().engine.answer_alone(request)
    answer: dict[str, Any] = json.loads(reply.body)
    return answer.get("result") or {"content": [{"type": "text", "text": answer["error"]["message"]}], "isError": True}
