"""Notices an ASGI server that takes client addresses from X-Forwarded-For before this server sees a request.

uvicorn does so by default for peers at 127.0.0.1 (FORWARDED_ALLOW_IPS). Any program on the machine can then choose its
address, and with it a rate limit of its own; MCP_TRUSTED_PROXIES has no say. ASGI passes the result on without a trace,
so the middleware itself is looked for, among the callers of the application.
"""

from __future__ import annotations

import logging
import sys
from types import FrameType
from typing import Any

from mcp_tools.transports.paths import Application

log = logging.getLogger("gauzy_mcp.start")

WARNING = (
    "%s takes the client's address from X-Forwarded-For, whatever MCP_TRUSTED_PROXIES says: a client that can reach it "
    "directly chooses its own address and evades rate limits. Start it with %s and name your proxies in "
    "MCP_TRUSTED_PROXIES and MCP_WS_TRUSTED_PROXIES."
)


def reported(lifespan: Application) -> Application:
    """``lifespan`` that logs a warning at the start of a process whose server rewrites addresses."""

    async def started(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if _called_through_middleware(sys._getframe(1)):
            log.warning(WARNING, "uvicorn", "--no-proxy-headers")
        await lifespan(scope, receive, send)

    return started


def report_daphne(arguments: list[str]) -> None:
    """The same for daphne, which has no lifespan and does so only when its command line asks for it."""
    if "--proxy-headers" in arguments:
        log.warning(WARNING, "daphne", "no --proxy-headers")


def _called_through_middleware(frame: FrameType | None) -> bool:
    module = sys.modules.get("uvicorn.middleware.proxy_headers")
    middleware = getattr(module, "ProxyHeadersMiddleware", None)
    while middleware is not None and frame is not None:
        if isinstance(frame.f_locals.get("self"), middleware):
            return True
        frame = frame.f_back
    return False
