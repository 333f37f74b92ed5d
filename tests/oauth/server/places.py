"""Servers that are their own authorization server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.oauth.peer import free_port
from tests.operations.places import postgres
from tests.processes import Server, server
from tests.redis_server import private


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


@dataclass(frozen=True)
class Pair:
    """Two processes behind one address, which is that of the first. They share Redis and PostgreSQL."""

    first: Server
    second: Server
    database: str

    @property
    def both(self) -> tuple[Server, Server]:
        return self.first, self.second


@contextlib.contextmanager
def two_processes(**variables: str) -> Iterator[Pair]:
    with postgres() as url, private() as redis:
        shared = {"DATABASE_URL": url, "REDIS_URL": redis.url, "MCP_SECRET_KEY": "s" * 64, **variables}
        with embedded(**shared) as first:
            known = {"MCP_AUTH_RESOURCE_URI": base_of(first), "MCP_HTTP_PORT": "0"}
            with embedded(**shared, **known) as second:
                yield Pair(first, second, url)


def base_of(place: Server) -> str:
    """The issuer, and the address of the resource as a whole."""
    return f"http://localhost:{place.http.rpartition(':')[2]}"
