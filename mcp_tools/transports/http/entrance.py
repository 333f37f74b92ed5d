"""Who sends an HTTP request, where OAuth decides that: the door's answer stays with the request."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Final

from django.http import HttpRequest

from mcp_tools.dispatch.throttling import Throttle
from mcp_tools.transports.watching import LONGEST_SECONDS, until_it_ends
from oauth_resource.principal import ANONYMOUS, Principal
from oauth_resource.resource.door import Door, Refused
from oauth_resource.resource.requests import authorization_of

_ATTRIBUTE: Final = "mcp_principal"
_TOKEN: Final = "mcp_token"  # noqa: S105 - the name of an attribute


class Entrance:
    """``door`` of None lets everybody in, as nobody. ``seconds`` is the time between two looks at an open stream."""

    def __init__(self, door: Door | None, throttle: Throttle, *, seconds: float = LONGEST_SECONDS) -> None:
        self._door = door
        self._throttle = throttle
        self._seconds = max(seconds, 1.0)

    async def enter(self, request: HttpRequest, address: str) -> None:
        """Counts the request and notes whose it is. Raises Refused or Throttled."""
        if self._door is None:
            await self._throttle.check("request", address)
            return
        try:
            token, access = await self._door.enter(
                authorization_of(request), request.path, lambda: self._throttle.check("request", address)
            )
        except Refused:
            await self._throttle.check("request", address)
            raise
        setattr(request, _ATTRIBUTE, access.principal)
        setattr(request, _TOKEN, (token, access))
        await self._throttle.check("request", access.principal.key)

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


def principal_of(request: HttpRequest) -> Principal:
    """Whose request it is; anonymous where nobody is authenticated."""
    principal: Principal = getattr(request, _ATTRIBUTE, ANONYMOUS)
    return principal
