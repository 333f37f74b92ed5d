"""The token of an open socket: it was checked once, at the upgrade, and has to be looked at again while it is open."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

from oauth_resource.principal import Principal
from oauth_resource.resource.authenticator import Authenticator, Refused
from oauth_resource.resource.claims import Access
from oauth_resource.resource.errors import IssuerUnavailable, NotAuthenticated

LONGEST_SECONDS: Final = 60.0
"""How long a revocation may go unnoticed, whatever MCP_AUTH_TOKEN_CACHE_TTL says."""


async def until_it_ends(
    authenticator: Authenticator,
    token: str,
    access: Access,
    path: str,
    *,
    seconds: float,
    renewed: Callable[[Principal], object],
) -> None:
    """Returns when ``token`` has expired or was revoked; ``renewed`` hears whose it is after each check.

    ``seconds`` is the time between two checks; news of a revocation bring the next one forward.
    """
    heard = asyncio.Event()
    stop = authenticator.on_revoked(token, heard.set)
    try:
        while (left := access.expires_at - time.time()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, seconds, LONGEST_SECONDS)):
                    await heard.wait()
            heard.clear()
            # While nobody can tell, what was decided last holds until the token expires.
            with contextlib.suppress(IssuerUnavailable):
                access = await authenticator.again(token, path)
                renewed(access.principal)
    except (NotAuthenticated, Refused):
        return
    finally:
        stop()
