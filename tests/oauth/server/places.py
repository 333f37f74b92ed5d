"""Servers that are their own authorization server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.oauth.peer import free_port
from tests.processes import Server, server


@contextlib.contextmanager
def embedded(home: str | None = None, **variables: str) -> Iterator[Server]:
    """Clients must know the address before the server is there, so its port is one that was free a moment ago."""
    port = str(free_port())
    chosen = {
        "MCP_AUTH_ENABLED": "true",
        "MCP_AUTH_RESOURCE_URI": f"http://localhost:{port}",
        "MCP_HTTP_PORT": port,
        **variables,
    }
    with server(chosen, home) as running:
        yield running


def base_of(place: Server) -> str:
    """The issuer, and the address of the resource as a whole."""
    return f"http://localhost:{place.http.rpartition(':')[2]}"
