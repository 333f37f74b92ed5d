"""What the processes of one deployment share, as the environment says. Loads no Django."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gauzy_mcp.home import derive, root_secret
from mcp_tools.dispatch.rate_limiter import LOGINS
from mcp_tools.sessions.backplane import Backplane, in_memory
from mcp_tools.sessions.limits import Rates

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment


def backplane(env: Environment) -> Backplane:
    """Redis where it is configured, so that several processes are one server; this process's memory otherwise.

    With GAUZY_MCP_DEBUG the session store logs what it does.
    """
    plane = _backplane(env)
    if not env.GAUZY_MCP_DEBUG:
        return plane
    from mcp_tools.sessions.logged import LoggedSessions

    return dataclasses.replace(plane, sessions=LoggedSessions(plane.sessions, "redis" if env.REDIS_URL else "memory"))


def _backplane(env: Environment) -> Backplane:
    ttl_seconds, rates = env.MCP_SESSION_TTL / 1000, _rates(env)
    if env.REDIS_URL is None:
        return in_memory(ttl_seconds, rates)
    from mcp_tools.sessions.on_redis import on_redis

    return on_redis(env.REDIS_URL, ttl_seconds, derive(root_secret(env), "sessions"), rates)


def _rates(env: Environment) -> Rates | None:
    """Limits are on wherever others can reach this server, unless THROTTLE_ENABLED says otherwise."""
    if not env.throttles:
        return None
    counts = {
        **dict.fromkeys(("request", "upgrade"), env.THROTTLE_LIMIT),
        **dict.fromkeys(("login", "account", "registration"), LOGINS),
    }
    return Rates(counts, env.THROTTLE_TTL)
