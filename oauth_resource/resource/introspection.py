"""Token introspection (RFC 7662): the issuer says whether a token is good, for opaque tokens and for revocation."""

from __future__ import annotations

import base64
import contextlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from oauth_resource.resource.claims import Access, Rules, access, confirmed, parse
from oauth_resource.resource.errors import InvalidToken, IssuerUnavailable
from oauth_resource.resource.fetching import Fetch


class Revoked(InvalidToken):
    """The issuer says that the token is not active (any more)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """MCP_AUTH_INTROSPECTION_ENDPOINT with our client there."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """HTTP Basic, with both parts form-encoded first (RFC 6749 section 2.3.1)."""
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret)}"
        return "Basic " + base64.b64encode(pair.encode()).decode()


class Introspection:
    def __init__(
        self, endpoint: Endpoint, rules: Rules, fetch: Fetch, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._endpoint = endpoint
        self._rules = rules
        self._fetch = fetch
        self._clock = clock

    async def access(self, token: str) -> Access:
        """What the issuer says of an opaque token. Raises InvalidToken or IssuerUnavailable."""
        return access(await self._ask(token), self._rules, self._clock(), of_jwt=False)

    async def confirm(self, token: str, validated: Access) -> Access:
        """``validated``, the reading of a JWT, unless the issuer revoked or narrowed it since. Raises as
        :meth:`access` does."""
        return confirmed(await self._ask(token), validated, self._rules, self._clock())

    async def ready(self) -> dict[str, object]:
        """Asks of a token that nobody has. Raises IssuerUnavailable when the issuer does not answer us."""
        with contextlib.suppress(Revoked):
            await self._ask(secrets.token_urlsafe(16))
        return {}

    async def _ask(self, token: str) -> dict[str, object]:
        form = {"token": token, "token_type_hint": "access_token"}
        headers = {"Authorization": self._endpoint.authorization}
        answer = await self._fetch.post(self._endpoint.url, form, headers)
        if answer.status != 200:
            # 401 means that our own credentials are wrong, which says nothing about the token.
            raise IssuerUnavailable(f"{self._endpoint.url} answers {answer.status}")
        try:
            claims = parse(answer.body)
        except InvalidToken:
            raise IssuerUnavailable(f"{self._endpoint.url} answers no JSON object") from None
        if claims.get("active") is not True:
            raise Revoked("not active")
        return claims
