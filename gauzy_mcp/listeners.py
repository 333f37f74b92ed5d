"""The network listeners of ``runmcp``: daphne, programmed from the environment."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gauzy_mcp.database import prepare
from gauzy_mcp.env.loopback import is_loopback
from gauzy_mcp.tls import fault, is_chain

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

log = logging.getLogger("gauzy_mcp.start")

USAGE_ERROR = 2


@dataclass(frozen=True, slots=True)
class Listener:
    """One address to listen at. ``port`` 0 lets the system choose; ``variable`` is the one to change for another."""

    name: str
    host: str
    port: int
    variable: str
    tls: tuple[str, str] | None = None

    @property
    def endpoint(self) -> str:
        """Twisted's description of the address, where colons of values are escaped."""
        address = f"port={self.port}:interface={_escaped(self.host)}"
        if self.tls is None:
            return f"tcp:{address}"
        key, certificate = self.tls
        served = f"ssl:{address}:privateKey={_escaped(key)}:certKey={_escaped(certificate)}"
        # Of certKey Twisted sends the first certificate only; those of intermediate authorities are in the same file.
        return f"{served}:extraCertChain={_escaped(certificate)}" if is_chain(Path(certificate)) else served

    def url(self, port: int, path: str) -> str:
        scheme = {"HTTP": "http", "WebSocket": "ws"}[self.name] + ("s" if self.tls else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{port}{path}"


def listeners(env: Environment, transports: Iterable[str]) -> list[Listener]:
    """The listeners that MCP_TRANSPORT selects; each of them serves the whole application."""
    chosen = []
    if "http" in transports:
        chosen.append(Listener("HTTP", env.MCP_HTTP_HOST, env.MCP_HTTP_PORT, "MCP_HTTP_PORT"))
    if "websocket" in transports:
        tls = (str(env.MCP_WS_KEY_PATH), str(env.MCP_WS_CERT_PATH)) if env.MCP_WS_TLS else None
        chosen.append(Listener("WebSocket", env.MCP_WS_HOST, env.MCP_WS_PORT, "MCP_WS_PORT", tls))
    return chosen


def serve(env: Environment, transports: Iterable[str]) -> int:
    """Serves until a signal ends it. Returns 2 when an address or a TLS file is not usable, after saying which variable
    to change."""
    chosen = listeners(env, transports)
    exposed = [listener for listener in chosen if not is_loopback(listener.host)]
    if exposed and not (env.MCP_AUTH_ENABLED or env.MCP_ALLOW_INSECURE):
        print(_exposed(exposed[0]), file=sys.stderr)
        return USAGE_ERROR
    problem = next(filter(None, (fault(*map(Path, listener.tls)) for listener in chosen if listener.tls)), None)
    if problem:
        print(problem, file=sys.stderr)
        return USAGE_ERROR
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
    prepare(env)
    from mcp_tools.operations import siblings

    mine = siblings.enter(env.home)
    _check()
    try:
        return _run_daphne(env, chosen)
    finally:
        mine.unlink(missing_ok=True)


def _check() -> None:
    """What Django's checks have to say about several processes belongs into the log, where operators look."""
    from django.core import checks

    for found in checks.run_checks(tags=["gauzy_mcp"]):
        log.warning("%s: %s. %s", found.id, found.msg, found.hint)


def _run_daphne(env: Environment, chosen: list[Listener]) -> int:
    # daphne comes first: it installs the Twisted reactor that everything after it uses.
    from daphne.server import Server
    from twisted.internet.defer import Deferred

    from gauzy_mcp.asgi import application
    from gauzy_mcp.leaving import take_leave
    from gauzy_mcp.wiring import process_assembly

    failures: list[str] = []

    class GauzyServer(Server):  # type: ignore[misc]
        """Says where it listens, and tells a start that failed from one that ended."""

        def listen_success(self, port: Any) -> None:
            super().listen_success(port)
            listener = next(one for one in chosen if one.port in (0, port.getHost().port) and one not in announced)
            announced.append(listener)
            ports.append(port)
            process_assembly().listens_at(port.getHost().port)
            _announce(env, listener, port.getHost().port)
            if len(announced) == len(chosen):
                print(f"Gauzy     {_gauzy(env)}", flush=True)

        def listen_error(self, failure: Any) -> None:
            failures.append(failure.getErrorMessage())
            self.stop()

        def kill_all_applications(self) -> Any:
            """What Twisted waits for before it ends; daphne's own way fails while a WebSocket is open."""
            return Deferred.fromFuture(asyncio.ensure_future(take_leave(self, ports)))

    announced: list[Listener] = []
    ports: list[Any] = []
    server = GauzyServer(
        application,
        endpoints=[listener.endpoint for listener in chosen],
        websocket_max_message_size=env.MCP_WS_MAX_PAYLOAD,
        websocket_max_frame_size=env.MCP_WS_MAX_PAYLOAD,
        application_close_timeout=10,
        # A socket may stay as long as it answers pings.
        websocket_timeout=-1,
        server_name="gauzy-mcp",
    )
    server.ready_callable = lambda: _ready(server, env)
    server.run()
    for listener in chosen:
        if failures and listener not in announced:
            print(_taken(listener, failures[0]), file=sys.stderr)
            return USAGE_ERROR
    return 0


def _ready(server: Any, env: Environment) -> None:
    """Called when the loop is there and the listeners are being opened."""
    from gauzy_mcp.wiring import process_assembly

    # A frame that cannot be taken is answered with its close code, not with a dropped connection.
    server.ws_factory.setProtocolOptions(failByDrop=False)
    server.starting = asyncio.get_event_loop().create_task(process_assembly().start())


def _announce(env: Environment, listener: Listener, port: int) -> None:
    path = "/sse" if listener.name == "HTTP" else env.MCP_WS_PATH
    print(f"{listener.name:<9} {listener.url(port, path)}", flush=True)
    if listener.name == "HTTP":
        print(f"          MCP clients: {listener.url(port, '/mcp')}", flush=True)
        if env.MCP_CONSOLE:
            print(f"          In a browser: {listener.url(port, '/')}", flush=True)


def _gauzy(env: Environment) -> str:
    """Where callers work, and as whom."""
    if env.uses_sandbox:
        return "a demo company inside; for your own set API_BASE_URL, GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD"
    if not env.shares_account:
        return f"{env.API_BASE_URL}, each caller as themselves"
    account = f"as {env.GAUZY_AUTH_EMAIL}" if env.GAUZY_AUTH_EMAIL else "by the tool login: no account is configured"
    return f"{env.API_BASE_URL}, {account}"


def _exposed(listener: Listener) -> str:
    return (
        f"Refusing to listen at {listener.host}:{listener.port} without authentication: everybody who can reach the "
        "address could use this Gauzy.\n"
        "Listen at 127.0.0.1, or set MCP_ALLOW_INSECURE=true where the network is trusted."
    )


def _taken(listener: Listener, reason: str) -> str:
    return (
        f"Cannot listen at {listener.host}:{listener.port} ({reason}).\n{owner(listener.port)}"
        f"Choose another port with {listener.variable}, for example {listener.variable}={listener.port + 10}."
    )


def owner(port: int) -> str:
    """Which process holds a port, as far as the operating system lets us see it."""
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            if connection.pid and connection.status == psutil.CONN_LISTEN and (*connection.laddr, 0)[1] == port:
                process = psutil.Process(connection.pid)
                return f"Port {port} is held by process {process.pid} ({process.name()}).\n"
    except psutil.Error as error:
        return f"Which process holds port {port} could not be found out ({error}).\n"
    return ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(":", "\\:")
