"""Redis, where several processes are one server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

OLDEST: Final = (6, 2)
_CHECK: Final = "redis"
_SECONDS: Final = 5.0


def sharing(env: Environment) -> Iterator[Finding]:
    if env.REDIS_URL is None:
        yield passed(_CHECK, "REDIS_URL is not set: sessions live in one process, which is right for one process")
        return
    import redis

    place = urlsplit(env.REDIS_URL).netloc.rpartition("@")[2]
    began = time.perf_counter()
    try:
        with redis.Redis.from_url(
            env.REDIS_URL, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS
        ) as connection:
            version = str(connection.info("server")["redis_version"])
            connection.set("gauzy-mcp:doctor", "1", ex=1)
    except redis.RedisError as error:
        fix = "start it (redis-server), correct REDIS_URL, or remove REDIS_URL where one process serves"
        yield failed(_CHECK, f"Redis at {place} cannot be used: {error}", fix)
        return
    took = round((time.perf_counter() - began) * 1000)
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        yield warned(_CHECK, f"Redis at {place} is version {version}", "use Redis 6.2 or newer")
    else:
        yield passed(_CHECK, f"Redis {version} at {place} answers and takes writes ({took} ms)")
