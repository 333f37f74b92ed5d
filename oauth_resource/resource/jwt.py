"""Access tokens that are JWTs (RFC 9068, RFC 8725): checked here, with the issuer's keys.

The order is: form, header, key, signature, type, claims. Nothing of a token is believed before its signature holds,
and nothing of its header chooses a key but the key id.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Collection
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError

from oauth_resource.resource.bearer import MAX_TOKEN
from oauth_resource.resource.claims import Access, Rules, access, parse
from oauth_resource.resource.errors import InvalidToken
from oauth_resource.resource.keys import Key, Keys

_FORM: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_ACCESS_TOKEN: Final = frozenset({"at+jwt", "application/at+jwt"})
_UNSPECIFIC: Final = frozenset({"jwt", "application/jwt", ""})
_LONGEST_KID: Final = 255


class JwtValidator:
    """``require_at_jwt`` is MCP_AUTH_REQUIRE_AT_JWT: without it ``typ: JWT``, or none, is taken as well, which is
    what Keycloak, Auth0 and Cognito send."""

    def __init__(
        self,
        keys: Keys,
        rules: Rules,
        algorithms: Collection[str],
        *,
        require_at_jwt: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.keys = keys
        self._rules = rules
        self._algorithms = frozenset(algorithms)
        self._types = _ACCESS_TOKEN if require_at_jwt else _ACCESS_TOKEN | _UNSPECIFIC
        self._clock = clock
        self._registry = jws.JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
        # Some issuers send their certificates along; the token as a whole is bounded already.
        self._registry.max_header_length = MAX_TOKEN

    async def validate(self, token: str) -> Access:
        """Raises InvalidToken, or IssuerUnavailable when the keys cannot be had."""
        parts = _FORM.fullmatch(token)
        if parts is None or len(token) > MAX_TOKEN:
            raise InvalidToken("not a signed JWT")
        header = parse(_decoded(parts[1]))
        algorithm, kid = self._read(header)
        _decoded(parts[3])
        candidates = await self.keys.candidates(kid, algorithm)
        payload = self._verified(token, candidates, algorithm)
        self._check_type(header.get("typ", ""))
        return access(parse(payload), self._rules, self._clock(), of_jwt=True)

    def _read(self, header: dict[str, Any]) -> tuple[str, str | None]:
        """Algorithm and key id of a header."""
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in self._algorithms:
            raise InvalidToken("an algorithm that is not accepted")
        if "crit" in header or "b64" in header:
            raise InvalidToken("a header that demands an extension")
        if kid is not None and (not isinstance(kid, str) or len(kid) > _LONGEST_KID):
            raise InvalidToken("not a key id")
        return algorithm, kid

    def _verified(self, token: str, candidates: list[Key], algorithm: str) -> bytes:
        for key in candidates:
            try:
                return jws.deserialize_compact(token, key.key, [algorithm], self._registry).payload
            except JoseError:
                continue
        raise InvalidToken("the signature does not hold")

    def _check_type(self, kind: Any) -> None:
        if not isinstance(kind, str) or kind.lower() not in self._types:
            raise InvalidToken("a token of another type")


def _decoded(segment: str) -> bytes:
    """Base64url without padding, in its one canonical form: a changed token must not be the same token."""
    try:
        plain = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raise InvalidToken("not base64url") from None
    if base64.urlsafe_b64encode(plain).rstrip(b"=").decode() != segment:
        raise InvalidToken("not canonical base64url")
    return plain
