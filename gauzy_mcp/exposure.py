"""A server that nobody is asked to authenticate at answers this machine alone, whatever started it.

``runmcp`` does not even listen elsewhere; a bare ASGI server may, and is found out by the address that a connection
came in at.
"""

from __future__ import annotations

import ipaddress
import logging
from typing import TYPE_CHECKING, Any

from mcp_tools.transports.paths import Application
from mcp_tools.transports.refused_upgrades import deny

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

log = logging.getLogger("gauzy_mcp.start")

REASON = (
    "This server is reached over the network, and authenticates nobody. Set MCP_AUTH_ENABLED=true with the variables "
    "of OAuth, or MCP_ALLOW_INSECURE=true where the network is trusted, or listen at 127.0.0.1."
)


def guard(application: Application, env: Environment) -> Application:
    """``application`` as it may be reached with ``env``."""
    if env.MCP_AUTH_ENABLED or env.MCP_ALLOW_INSECURE:
        return application
    known: dict[str, bool] = {}

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        host = (scope.get("server") or ("", None))[0]
        local = known.get(host)
        if local is None:
            local = known[host] = _is_local(host)
        if local:
            await application(scope, receive, send)
        else:
            log.error("refused at %s: %s", host, REASON)
            await _refuse(scope, receive, send)

    return guarded


def _is_local(host: str) -> bool:
    """Whether an address is of this machine alone. A name or the path of a socket is no address of the network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


async def _refuse(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await deny(scope, send, 503, {"error": REASON})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": REASON.encode()})
