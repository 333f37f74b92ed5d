"""A token that is revoked after its row was read and before the answer is remembered: the next request asks anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from oauth_resource.principal import Principal
from oauth_resource.resource.claims import Access
from oauth_resource.resource.errors import InvalidToken
from oauth_resource.resource.introspection import Revoked
from oauth_resource.resource.validation import REVOKED, TokenValidator, digest_of

TOKEN = "opaque"


class Bus:
    """News of one process, which reach it at once."""

    def __init__(self) -> None:
        self._heard: list[Callable[[Any], object]] = []

    def listen(self, topic: str, heard: Callable[[Any], object]) -> Callable[[], None]:
        self._heard.append(heard)
        return lambda: self._heard.remove(heard)

    async def publish(self, topic: str, payload: Any = None) -> None:
        for heard in self._heard:
            heard(payload)


class Rows:
    """Where the token stands once, and is revoked while that answer is on its way."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._revoked = False

    async def access(self, token: str) -> Access:
        if self._revoked:
            raise Revoked("revoked")
        self._revoked = True
        await self._bus.publish(REVOKED, digest_of(token))
        return Access(Principal("https://issuer.example", "ann", "client", frozenset({"mcp.read"})), math.inf)

    async def confirm(self, token: str, validated: Access) -> Access:
        return await self.access(token)


async def test_the_next_request_asks_anew() -> None:
    bus = Bus()
    validator = TokenValidator(None, Rows(bus), bus, ttl=300)
    assert (await validator.access(TOKEN)).principal.subject == "ann", "this one was asked for before"
    assert validator.remembered(TOKEN) is None
    with pytest.raises(InvalidToken):
        await validator.access(TOKEN)
