"""Whether this machine's clock agrees with those whose tokens it checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.asking import NoAnswer, ask
from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

TOLERATED_SECONDS: Final = 30.0
"""As much as the validity of a token may be off."""

WRONG_SECONDS: Final = 300.0
"""From here on tokens that have just been made are refused, or used after their end."""

_CHECK: Final = "clock"
_FIX: Final = "set this machine's clock by NTP (timedatectl set-ntp true), or that of the other"


def clock(env: Environment) -> Iterator[Finding]:
    asked = {"Gauzy": f"{env.API_BASE_URL}/api/health" if env.API_BASE_URL else None}
    if env.MCP_AUTH_ENABLED and not env.embeds_server:
        asked["the issuer"] = env.jwks_uri or env.MCP_AUTH_JWT_ISSUER
    others = {name: url for name, url in asked.items() if url}
    if not others:
        yield passed(_CHECK, "no certificate or token is checked here, so no clock matters")
    for name, url in others.items():
        yield _compared(env, name, url)


def _compared(env: Environment, name: str, url: str) -> Finding:
    try:
        ahead = ask(env, url, verify=False).ahead
    except NoAnswer as error:
        return warned(_CHECK, f"not compared with {name}: {error.reason}", "mend what keeps it from answering")
    if ahead is None:
        return passed(_CHECK, f"{name} does not tell the time")
    told = f"this clock is {abs(ahead):.0f} seconds {'behind' if ahead > 0 else 'ahead of'} that of {name}"
    if abs(ahead) > WRONG_SECONDS:
        return failed(_CHECK, told, _FIX)
    if abs(ahead) > TOLERATED_SECONDS:
        return warned(_CHECK, told, _FIX)
    return passed(_CHECK, f"this clock agrees with that of {name}")
