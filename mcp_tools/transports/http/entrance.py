"""Who sends an HTTP request, where OAuth decides that: the door's answer stays with the request."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Final

from django.http import HttpRequest

from mcp_tools.dispatch.throttling import Throttle
from mcp_tools.protocol import attribution
from mcp_tools.sessions.limits import Hit
from mcp_tools.transports.watching import LONGEST_SECONDS, until_it_ends
from oauth_resource.principal import ANONYMOUS, Principal
from oauth_resource.resource.door import Door, Refused
from oauth_resource.resource.requests import authorization_of

_ATTRIBUTE: Final = "mcp_principal"
_TOKEN: Final = "mcp_token"  # noqa: S105 - the name of an attribute
_HIT: Final = "mcp_hit"

SESSION_HEADER: Final = "HTTP_MCP_SESSION_ID"


class Entrance:
    """``door`` of None lets everybody in, as nobody. ``seconds`` is the time between two looks at an open stream."""

    def __init__(self, door: Door | None, throttle: Throttle, *, seconds: float = LONGEST_SECONDS) -> None:
        self._door = door
        self._throttle = throttle
        self._seconds = max(seconds, 1.0)

    async def enter(self, request: HttpRequest, address: str) -> None:
        """Notes whose request it is, and counts it. Raises Refused or Throttled.

        One that names a session is counted with the look at that session (:func:`hit_of`), to spare a round trip; what
        ends without such a look is counted by :meth:`settle`.
        """
        if self._door is None:
            await self._count(request, address)
            return
        try:
            token, access = await self._door.enter(
                authorization_of(request), request.path, lambda: self._throttle.check("request", address)
            )
        except Refused:
            await self._throttle.check("request", address)
            raise
        setattr(request, _ATTRIBUTE, access.principal)
        attribution.identify(principal=access.principal.subject)
        setattr(request, _TOKEN, (token, access))
        await self._count(request, access.principal.key)

    async def _count(self, request: HttpRequest, who: str) -> None:
        if SESSION_HEADER in request.META or "HTTP_COOKIE" in request.META:
            hit = Hit("request", who)
            self._throttle.check_told(hit)
            setattr(request, _HIT, hit)
        else:
            await self._throttle.check("request", who)

    async def settle(self, request: HttpRequest) -> None:
        """Counts a request that nothing has counted yet. Raises Throttled."""
        hit = hit_of(request)
        if hit is not None:
            await self._throttle.check(hit.kind, hit.who)

    def end_of(self, request: HttpRequest) -> Callable[[], Coroutine[Any, Any, None]] | None:
        """What comes to its end with the token of ``request``; None for a request that needed none."""
        if self._door is None:
            return None
        token, access = getattr(request, _TOKEN)
        return functools.partial(
            until_it_ends, self._door, token, access, request.path, seconds=self._seconds, renewed=lambda _: None
        )

    def step_up(self, request: HttpRequest, scope: str) -> Refused:
        """The refusal of a request whose token lacks ``scope``."""
        assert self._door is not None
        return Refused(self._door.step_up(request.path, scope))


def hit_of(request: HttpRequest) -> Hit | None:
    """Takes what is still to be counted; whoever takes it counts it."""
    hit: Hit | None = request.__dict__.pop(_HIT, None)
    return hit


def principal_of(request: HttpRequest) -> Principal:
    """Whose request it is; anonymous where nobody is authenticated."""
    principal: Principal = getattr(request, _ATTRIBUTE, ANONYMOUS)
    return principal
