"""Access tokens as JWTs (RFC 9068), and refresh tokens, which are random."""

from __future__ import annotations

import secrets
import time
from typing import Any, Final

from joserfc import jwt

from oauth_resource.server.running import running
from oauth_resource.server.toolkit import ACCESS_SECONDS
from oauth_resource.server.validator import account_of

REFRESH_PREFIX: Final = "gauzy_mcp_rt_"


def access_token(request: Any) -> str:
    """The token that answers ``request``, an oauthlib request whose user, client, scopes and resource are checked."""
    server = running()
    signer, now = server.keys.signer(), int(time.time())
    audience = request.resource
    claims = {
        "iss": server.issuer.url,
        "sub": str(account_of(request.user).subject),
        "aud": audience[0] if len(audience) == 1 else audience,
        "client_id": request.client.client_id,
        "scope": " ".join(request.scopes),
        "iat": now,
        "exp": now + ACCESS_SECONDS,
        "jti": secrets.token_urlsafe(16),
    }
    header = {"alg": signer.algorithm, "kid": signer.kid, "typ": "at+jwt"}
    return str(jwt.encode(header, claims, signer.key, algorithms=[signer.algorithm]))


def refresh_token(request: Any) -> str:
    return REFRESH_PREFIX + secrets.token_urlsafe(32)
