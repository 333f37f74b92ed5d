"""A resource server's checks in the process of the test, against an authorization server that the test controls."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field

from mcp_tools.sessions.bus import LocalBus
from oauth_resource.resource.authenticator import Authenticator, Refused
from oauth_resource.resource.claims import Access, Rules
from oauth_resource.resource.errors import InvalidToken
from oauth_resource.resource.fetching import HttpFetch
from oauth_resource.resource.introspection import Endpoint, Introspection
from oauth_resource.resource.jwt import JwtValidator
from oauth_resource.resource.keys import RemoteKeys
from oauth_resource.resource.metadata import Resource
from oauth_resource.resource.validation import TokenValidator
from tests.oauth.stand_in import CLIENT, RESOURCE, SECRET, StandIn


@dataclass
class Checks:
    """``authenticator`` is the edge that requests pass, ``validator`` what it asks. ``ahead`` moves their clock."""

    authenticator: Authenticator
    validator: TokenValidator
    ahead: list[float] = field(default_factory=lambda: [0.0])

    async def access(self, token: str) -> Access:
        """Raises InvalidToken."""
        return await self.validator.access(token)

    async def refuses(self, token: str) -> bool:
        try:
            await self.access(token)
        except InvalidToken:
            return True
        return False

    async def challenge(self, token: str) -> tuple[int, str]:
        """Status and WWW-Authenticate header of the refusal of a request with ``token``."""
        try:
            await self.authenticator.enter([f"Bearer {token}"], "/mcp")
        except Refused as refused:
            return refused.challenge.status, refused.challenge.headers["WWW-Authenticate"]
        raise AssertionError("the request was let in")


@contextlib.asynccontextmanager
async def checking(
    issuer: StandIn,
    *,
    jwt: bool = True,
    introspects: bool = False,
    clients: Iterable[str] = (),
    algorithms: Iterable[str] = ("RS256", "ES256", "PS256"),
    required: tuple[str, ...] = ("mcp.read",),
    ttl: float = 300,
) -> AsyncIterator[Checks]:
    """``required`` is MCP_AUTH_REQUIRED_SCOPES, ``ttl`` MCP_AUTH_TOKEN_CACHE_TTL."""
    ahead = [0.0]

    def clock() -> float:
        return time.time() + ahead[0]

    resource = Resource.at(RESOURCE, ("/sse", "/mcp"), (issuer.issuer,), required)
    rules = Rules.of(issuer.issuer, resource.audiences, clients)
    async with aclosing(HttpFetch()) as fetch:
        keys = RemoteKeys(f"{issuer.url}/jwks", fetch, ttl=600)
        endpoint = Endpoint(f"{issuer.url}/introspect", CLIENT, SECRET)
        bus = LocalBus()
        validator = TokenValidator(
            JwtValidator(keys, rules, tuple(algorithms), clock=clock) if jwt else None,
            Introspection(endpoint, rules, fetch, clock=clock) if introspects else None,
            bus,
            ttl=ttl,
            clock=clock,
        )
        yield Checks(Authenticator(resource, validator, bus), validator, ahead)
