"""Who asks too often is told to wait: over HTTP, on sockets, and when signing in."""

from __future__ import annotations

import hashlib
import logging
from typing import Final

from mcp_tools.protocol.errors import TOO_MANY_REQUESTS, ProtocolError
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.limits import Exceeded, Hit, Limiter

log = logging.getLogger("gauzy_mcp.limits")

SIGN_INS: Final = ("login", "account")
"""Kinds that are refused, not admitted, while nobody can count them."""

LOGINS = 10
"""Sign-ins per window and address: enough for typing mistakes, too few for guessing."""


class RateLimited(ProtocolError):
    """One request too many; ``exceeded`` says how long to wait."""

    def __init__(self, exceeded: Exceeded) -> None:
        super().__init__(
            TOO_MANY_REQUESTS,
            f"Too many requests: at most {exceeded.limit} in {exceeded.window} seconds (THROTTLE_LIMIT); "
            f"try again in {exceeded.reset} seconds",
            {"retryAfter": exceeded.reset},
            status=429,
        )
        self.exceeded = exceeded

    @property
    def headers(self) -> dict[str, str]:
        """Those of a 429 (RFC 6585 section 4), and the RateLimit fields of draft-ietf-httpapi-ratelimit-headers."""
        exceeded = self.exceeded
        return {
            "Retry-After": str(exceeded.reset),
            "RateLimit-Policy": f'"default";q={exceeded.limit};w={exceeded.window}',
            "RateLimit": f'"default";r=0;t={exceeded.reset}',
        }


class RateLimiter:
    """Counts by caller: the OAuth principal where there is one, else the client's address; stdio is not counted."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    async def check(self, kind: str, who: str | None, cost: int = 1) -> None:
        """Counts ``cost`` requests of ``who``, all or none; None is stdio, which is not counted.

        Raises RateLimited. Requests go on when the counters are away; sign-ins do not. Raises ValueError for an empty
        key, under which callers would share one count or none.
        """
        if who is None:
            return
        if not who:
            raise ValueError(f"a {kind} without a key cannot be counted")
        hit = Hit(kind, who, cost)
        self.check_told(hit)
        try:
            exceeded = await self._limiter.hit(hit)
        except StateUnavailable as error:
            if kind in SIGN_INS:
                raise
            log.warning("the rate limits cannot be counted: %s", error)
            return
        if exceeded is not None:
            raise self.refusal(hit, exceeded)

    async def check_sign_in(self, address: str | None, email: str) -> None:
        """Counts a password that is tried for ``email`` from ``address``; None is stdio, which is not counted.

        Guesses at one account may come from anywhere, so the account counts by itself. Raises as :meth:`check`.
        """
        if address is not None:
            await self.check("login", address)
            # The e-mail address is no secret, but need not be in Redis.
            await self.check("account", hashlib.sha256(email.strip().lower().encode()).hexdigest())

    def check_told(self, hit: Hit) -> None:
        """Raises RateLimited for whoever has been told to wait, without counting or asking anybody."""
        exceeded = self._limiter.told(hit)
        if exceeded is not None:
            raise self.refusal(hit, exceeded)

    def refusal(self, hit: Hit, exceeded: Exceeded) -> RateLimited:
        """The answer to a hit that was one too many."""
        log.warning("throttled kind=%s who=%s", hit.kind, hit.who)
        return RateLimited(exceeded)
