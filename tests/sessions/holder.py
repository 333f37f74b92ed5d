"""A process that takes a lease, says so, and lives until it is killed: ``python -m tests.sessions.holder URL NAME``."""

from __future__ import annotations

import asyncio
import sys

from mcp_tools.sessions.on_redis import on_redis
from tests.sessions.planes import KEY, TTL


async def main(url: str, name: str, seconds: float) -> None:
    plane = on_redis(url, TTL, KEY, lease_seconds=seconds)
    await plane.leases.hold(name)
    print("held", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
