"""One function from a token to its holder, and what is remembered of it.

Decisions are kept under the SHA-256 of the token, never under the token. A token that turns out to be revoked is told
to all processes, which then ask anew.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from oauth_resource.resource.claims import Access
from oauth_resource.resource.errors import InvalidToken
from oauth_resource.resource.flight import SingleFlight
from oauth_resource.resource.introspection import Introspection, Revoked
from oauth_resource.resource.jwt import JwtValidator
from oauth_resource.scopes import written

log = logging.getLogger("gauzy_mcp.audit")

MAX_REMEMBERED: Final = 10_000
REFUSED_SECONDS: Final = 10.0
"""How long the issuer's no is repeated without asking again: a client that retries costs no question each time."""

_SCOPES_LOGGED: Final = 300

REVOKED: Final = "token-revoked"
"""The topic of :class:`News` whose payload is the digest of a token."""


class News(Protocol):
    """Messages to all processes, which may get lost; None stands for some that were."""

    def listen(self, topic: str, heard: Callable[[Any], object]) -> Callable[[], None]: ...
    async def publish(self, topic: str, payload: Any = None) -> None: ...


class Confirmation(Protocol):
    """Who knows what became of a token since it was issued."""

    async def access(self, token: str) -> Access:
        """The holder of a token that is no JWT. Raises InvalidToken or IssuerUnavailable."""

    async def confirm(self, token: str, validated: Access) -> Access:
        """``validated``, the reading of a JWT, unless it was revoked. Raises as :meth:`access` does."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``access`` of None is a refusal, for ``reason``; ``until`` is Unix seconds."""

    access: Access | None
    until: float
    reason: str = ""


class TokenValidator:
    """``ttl`` is MCP_AUTH_TOKEN_CACHE_TTL, in seconds. At least one of ``jwt`` and ``introspection`` is given; with
    both, the second is the revocation check of what the first accepts, and decides on tokens that are not JWTs if
    ``opaque`` allows them."""

    def __init__(
        self,
        jwt: JwtValidator | None,
        introspection: Confirmation | None,
        news: News,
        *,
        ttl: float,
        opaque: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if jwt is None and introspection is None:
            raise ValueError("nothing to check tokens with")
        self._jwt = jwt
        self._introspection = introspection
        self._news = news
        self._ttl = ttl
        self._opaque = opaque
        self._clock = clock
        self._accepted: OrderedDict[str, Decision] = OrderedDict()
        # Apart, so that made-up tokens cannot push out good ones.
        self._refused: OrderedDict[str, Decision] = OrderedDict()
        self._flight: SingleFlight[Access] = SingleFlight()
        self._listening = False
        self._heard = 0

    def parts(self) -> Iterator[tuple[str, Awaitable[dict[str, object]]]]:
        """What tokens are checked with, by name, and what is to be known of it. Each may raise IssuerUnavailable."""
        if self._jwt is not None:
            yield "jwks", self._jwt.keys.ready()
        if isinstance(self._introspection, Introspection):
            yield "introspection", self._introspection.ready()

    def remembered(self, token: str) -> Access | None:
        """What was decided a moment ago; None when the token has to be checked. Raises InvalidToken for a no."""
        digest, now = digest_of(token), self._clock()
        refused = self._refused.get(digest)
        if refused is not None and refused.until > now:
            raise InvalidToken(f"{refused.reason}, as was found a moment ago")
        accepted = self._accepted.get(digest)
        if accepted is None or accepted.until <= now:
            return None
        self._accepted.move_to_end(digest)
        return accepted.access

    async def access(self, token: str, *, fresh: bool = False) -> Access:
        """Who holds ``token``. Raises InvalidToken, or IssuerUnavailable when nobody can tell.

        ``fresh`` asks again even if the token was checked a moment ago.
        """
        known = None if fresh else self.remembered(token)
        if known is not None:
            return known
        return await self._flight.run(digest_of(token), lambda: self._decide(token))

    async def _decide(self, token: str) -> Access:
        self._listen()
        digest, heard = digest_of(token), self._heard
        try:
            access = await self._check(token)
        except InvalidToken as error:
            self._accepted.pop(digest, None)
            if isinstance(error, Revoked):
                await self._news.publish(REVOKED, digest)
            raise
        if digest not in self._accepted:
            _tell(access)
        if self._heard == heard:
            # Else a revocation was told meanwhile, which may be this token's.
            until = min(self._clock() + self._ttl, access.expires_at)
            _keep(self._accepted, digest, Decision(access, until))
        return access

    async def _check(self, token: str) -> Access:
        is_opaque = self._opaque and token.count(".") != 2
        if self._jwt is None or (self._introspection is not None and is_opaque):
            assert self._introspection is not None
            return await self._asked(token, self._introspection.access(token))
        access = await self._jwt.validate(token)
        if self._introspection is None:
            return access
        return await self._asked(token, self._introspection.confirm(token, access))

    async def _asked(self, token: str, question: Awaitable[Access]) -> Access:
        """The answer to ``question``, of which a no is remembered."""
        digest = digest_of(token)
        try:
            access = await question
        except InvalidToken as error:
            _keep(self._refused, digest, Decision(None, self._clock() + REFUSED_SECONDS, str(error)))
            raise
        self._refused.pop(digest, None)
        return access

    def _listen(self) -> None:
        """From the first decision on; before, there is nothing to forget, and perhaps no loop to listen on."""
        if not self._listening:
            self._listening = True
            self._news.listen(REVOKED, self._forget)

    def _forget(self, digest: Any) -> None:
        """Another process learned that a token is revoked; a no of our own stays."""
        self._heard += 1
        if digest is None:
            self._accepted.clear()
        else:
            self._accepted.pop(digest, None)


def _keep(decisions: OrderedDict[str, Decision], digest: str, decision: Decision) -> None:
    decisions[digest] = decision
    decisions.move_to_end(digest)
    while len(decisions) > MAX_REMEMBERED:
        decisions.popitem(last=False)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _tell(access: Access) -> None:
    principal = access.principal
    log.info(
        "token accepted issuer=%s subject=%s client=%s scopes=%s",
        principal.issuer or "-",
        principal.subject,
        principal.client_id or "-",
        written(principal.scopes)[:_SCOPES_LOGGED] or "-",
    )
