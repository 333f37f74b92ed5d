"""Who sends an HTTP request: authenticates it, counts it, and keeps both with the request."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Coroutine
from typing import Any, Final

from django.http import HttpRequest

from mcp_tools.dispatch.rate_limiter import RateLimiter
from mcp_tools.protocol import attribution
from mcp_tools.sessions.limits import Hit
from mcp_tools.transports.token_watch import LONGEST_SECONDS, until_it_ends
from oauth_resource.principal import ANONYMOUS, Principal
from oauth_resource.resource.authenticator import Authenticator, Refused
from oauth_resource.resource.requests import authorization_of

_ATTRIBUTE: Final = "mcp_principal"
_TOKEN: Final = "mcp_token"  # noqa: S105 - the name of an attribute
_HIT: Final = "mcp_hit"

SESSION_HEADER: Final = "HTTP_MCP_SESSION_ID"


class Admission:
    """``authenticator`` of None admits everybody, as nobody.

    ``seconds`` is the time between two looks at an open stream.
    """

    def __init__(
        self, authenticator: Authenticator | None, rate_limiter: RateLimiter, *, seconds: float = LONGEST_SECONDS
    ) -> None:
        self._authenticator = authenticator
        self._rate_limiter = rate_limiter
        self._seconds = max(seconds, 1.0)

    async def enter(self, request: HttpRequest, address: str) -> None:
        """Notes whose request it is, and counts it. Raises Refused or RateLimited.

        One that names a session is counted with the look at that session (:func:`hit_of`), to spare a round trip; what
        ends without such a look is counted by :meth:`settle`.
        """
        if self._authenticator is None:
            await self._count(request, address)
            return
        try:
            token, access = await self._authenticator.enter(
                authorization_of(request), request.path, lambda: self._rate_limiter.check("request", address)
            )
        except Refused:
            await self._rate_limiter.check("request", address)
            raise
        setattr(request, _ATTRIBUTE, access.principal)
        attribution.identify(principal=access.principal.subject)
        setattr(request, _TOKEN, (token, access))
        await self._count(request, access.principal.key)

    async def _count(self, request: HttpRequest, who: str) -> None:
        if SESSION_HEADER in request.META or "HTTP_COOKIE" in request.META:
            hit = Hit("request", who)
            self._rate_limiter.check_told(hit)
            setattr(request, _HIT, hit)
        else:
            await self._rate_limiter.check("request", who)

    def cost(self, request: HttpRequest, cost: int) -> None:
        """Says that ``request`` counts as ``cost`` ones, where it is still to be counted (:func:`hit_of`)."""
        hit: Hit | None = request.__dict__.get(_HIT)
        if hit is not None:
            setattr(request, _HIT, dataclasses.replace(hit, cost=cost))

    async def settle(self, request: HttpRequest) -> None:
        """Counts a request that nothing has counted yet. Raises RateLimited."""
        hit = hit_of(request)
        if hit is not None:
            await self._rate_limiter.check(hit.kind, hit.who, hit.cost)

    def end_of(self, request: HttpRequest) -> Callable[[], Coroutine[Any, Any, None]] | None:
        """What comes to its end with the token of ``request``; None for a request that needed none."""
        if self._authenticator is None:
            return None
        token, access = getattr(request, _TOKEN)
        return functools.partial(
            until_it_ends,
            self._authenticator,
            token,
            access,
            request.path,
            seconds=self._seconds,
            renewed=lambda _: None,
        )

    def step_up(self, request: HttpRequest, scope: str) -> Refused:
        """The refusal of a request whose token lacks ``scope``."""
        assert self._authenticator is not None
        return Refused(self._authenticator.step_up(request.path, scope))


def hit_of(request: HttpRequest) -> Hit | None:
    """Takes what is still to be counted; whoever takes it counts it."""
    hit: Hit | None = request.__dict__.pop(_HIT, None)
    return hit


def principal_of(request: HttpRequest) -> Principal:
    """Whose request it is; anonymous where nobody is authenticated."""
    principal: Principal = getattr(request, _ATTRIBUTE, ANONYMOUS)
    return principal
