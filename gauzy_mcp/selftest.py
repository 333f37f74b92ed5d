"""``--test``: truly asks Gauzy whether it is there and whether the configured account may sign in."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TextIO

from gauzy_mcp.wiring import Assembly
from mcp_tools.gauzy.errors import GauzyError

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment


async def check(env: Environment, out: TextIO) -> int:
    """Prints one line per check to ``out`` and answers 0 when all passed, else 1."""
    assembly = Assembly(dataclasses.replace(env, MCP_AUTH_ENABLED=False))
    place = "the embedded demo company" if env.uses_sandbox else str(env.API_BASE_URL)
    try:
        health = await assembly.api.probe()
        if not health["reachable"]:
            print(f"FAIL  Gauzy at {place}: {health['message']}", file=out)
            return 1
        print(f"PASS  Gauzy at {place} answers ({health['milliseconds']} ms)", file=out)
        if assembly.accounts.configured is None:
            print("FAIL  login: no account is configured; set GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD", file=out)
            return 1
        account = assembly.accounts.configured
        identity = (await assembly.api.sign_in(account.email, account.password)).identity
        print(f"PASS  signed in as {identity.email}, organization {identity.organization_id or 'none'}", file=out)
    except GauzyError as error:
        print(f"FAIL  login: {error}", file=out)
        return 1
    finally:
        await assembly.stop()
    print("All checks passed.", file=out)
    return 0
