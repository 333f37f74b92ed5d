"""The installations on which the rules are tried, started when a rule first needs one and kept for the others."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping, Sequence

from tests.access.ways import Place
from tests.oauth.stand_in import StandIn, stand_in
from tests.processes import MANAGE, server

HOLDING = ("-m", "tests.sessions.serve")
"""The product with a few tools more, which last until they are released."""

THROTTLE_LIMIT = 30
PROXIED = {"MCP_TRUSTED_PROXIES": "127.0.0.1", "MCP_WS_TRUSTED_PROXIES": "127.0.0.1"}
"""Lets every test call from an address of its own, by X-Forwarded-For."""

ORIGIN = "https://dashboard.example.com"
MAX_BODY = 100_000

ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "open": {
        "MCP_CORS_ORIGIN": ORIGIN,
        "MCP_WS_ALLOWED_ORIGINS": ORIGIN,
        "MCP_HTTP_MAX_BODY": str(MAX_BODY),
        "MCP_WS_MAX_PAYLOAD": str(MAX_BODY),
        "MCP_MAX_IN_FLIGHT": "1",
    },
    "read-only": {"MCP_READ_ONLY": "true"},
    "throttled": {
        **PROXIED,
        "THROTTLE_ENABLED": "true",
        "THROTTLE_LIMIT": str(THROTTLE_LIMIT),
        "THROTTLE_TTL": "600000",
    },
    "oauth": {"MCP_CORS_ORIGIN": ORIGIN, "MCP_WS_ALLOWED_ORIGINS": ORIGIN},
}


class Places:
    def __init__(self) -> None:
        self._closing = contextlib.ExitStack()
        self._places: dict[str, Place] = {}
        self._issuer: StandIn | None = None

    def __getitem__(self, name: str) -> Place:
        if name not in self._places:
            self._places[name] = self._start(name)
        return self._places[name]

    @property
    def issuer(self) -> StandIn:
        """Whose tokens the place ``oauth`` takes."""
        if self._issuer is None:
            self._issuer = self._closing.enter_context(stand_in())
        return self._issuer

    def close(self) -> None:
        for name, place in self._places.items():
            assert "Traceback" not in place.server.logged(), f"{name}: {place.server.logged()}"
        self._closing.close()

    def _start(self, name: str) -> Place:
        environment = dict(ENVIRONMENTS[name])
        if name == "oauth":
            environment = self.issuer.environment(**environment)
        home = tempfile.mkdtemp(prefix="gauzy-mcp-access-")
        serving: Sequence[str] = HOLDING if name == "open" else (MANAGE, "runmcp")
        running = self._closing.enter_context(server(environment, home, serving))
        return Place(running, environment, home, HOLDING if name == "open" else (MANAGE, "runstdio"))
