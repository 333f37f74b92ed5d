"""The addresses to listen at: whether they are free, and who has them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.finding import Finding, failed, passed, warned
from gauzy_mcp.env.loopback import is_loopback

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment
    from gauzy_mcp.listeners import Listener

_CHECK: Final = "ports"
_SECONDS: Final = 3.0


def ports(env: Environment) -> Iterator[Finding]:
    from gauzy_mcp.listeners import listeners

    chosen = env.resolve_transports(stdin_is_terminal=True)
    needed = listeners(env, chosen)
    # stdio needs none, and `make run` both.
    for listener in needed or listeners(env, ("http", "websocket")):
        yield _listening(env, listener, needed=bool(needed))


def _listening(env: Environment, listener: Listener, *, needed: bool) -> Finding:
    place = f"{listener.host}:{listener.port}"
    if needed and not is_loopback(listener.host) and not (env.MCP_AUTH_ENABLED or env.MCP_ALLOW_INSECURE):
        fix = "set MCP_AUTH_ENABLED=true, or listen at 127.0.0.1, or MCP_ALLOW_INSECURE=true on a trusted network"
        return failed(_CHECK, f"{listener.name} would not start at {place}, which others reach without a token", fix)
    if listener.port == 0:
        return passed(_CHECK, f"{listener.name} takes a port that the system chooses")
    problem = _taken(listener)
    if problem is None:
        return passed(_CHECK, f"{listener.name} can listen at {place}")
    if _is_ours(listener):
        return passed(_CHECK, f"{listener.name} at {place} is this server, which runs already")
    from gauzy_mcp.listeners import owner

    told = f"{listener.name} cannot listen at {place}: {problem}. {owner(listener.port)}".strip()
    fix = f"end that program, or choose another port, such as {listener.variable}={listener.port + 10}"
    return failed(_CHECK, told, fix) if needed else warned(_CHECK, f"{told} stdio needs none, make run does.", fix)


def _taken(listener: Listener) -> str | None:
    """Why nothing can listen there; None where something can."""
    try:
        found = socket.getaddrinfo(listener.host, listener.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the server itself does: what is only closing does not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error.strerror or str(error)
    return None


def _is_ours(listener: Listener) -> bool:
    import httpx

    try:
        answer = httpx.get(
            listener.url(listener.port, "/").replace("ws", "http", 1),
            headers={"Accept": "application/json"},
            timeout=_SECONDS,
            verify=False,  # noqa: S501 - it is this machine, and nothing secret is sent
            trust_env=False,
        ).json()
    except (httpx.HTTPError, ValueError):
        return False
    return isinstance(answer, dict) and answer.get("name") == "gauzy-mcp-server"
