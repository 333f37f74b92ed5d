"""What is wrong with how several processes share this server, as far as one of them can know.

Django's check framework shows it: ``manage.py check``, and the log at the start of a network process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks

from gauzy_mcp.env import Environment, environment
from mcp_tools.operations import siblings


def register() -> None:
    checks.register(shared_state, "gauzy_mcp")


def shared_state(app_configs: Sequence[Any] | None, **_: Any) -> list[checks.CheckMessage]:
    """Warnings gauzy_mcp.W001 (sessions are not shared) and gauzy_mcp.W002 (SQLite is shared)."""
    env = environment()
    return list(_found(env, *_several(env)))


def _found(env: Environment, several: str, several_here: str) -> Iterator[checks.CheckMessage]:
    if several and env.REDIS_URL is None:
        yield checks.Warning(
            f"{several}, and REDIS_URL is not set: each process knows its own sessions only, so clients get 404",
            hint="Set REDIS_URL, for example redis://localhost:6379, or run one process.",
            id="gauzy_mcp.W001",
        )
    why = several_here or ("REDIS_URL is set in production" if env.production and env.REDIS_URL else "")
    if why and env.DATABASE_URL is None:
        yield checks.Warning(
            f"{why}, and DATABASE_URL is not: the history is kept in SQLite, which serves one process of one machine",
            hint="Set DATABASE_URL to a PostgreSQL, and run python manage.py migrate.",
            id="gauzy_mcp.W002",
        )


def _several(env: Environment) -> tuple[str, str]:
    """Why there seem to be several processes, anywhere and on this machine."""
    workers = os.environ.get("WEB_CONCURRENCY", "")
    here = ""
    if others := siblings.others(env.home):
        here = f"{env.home} is also served by process {', '.join(map(str, others))}"
    elif workers.isdigit() and int(workers) > 1:
        here = f"WEB_CONCURRENCY={workers} starts several processes"
    elif os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        here = "PROMETHEUS_MULTIPROC_DIR is set, which is for several processes"
    replicas = "KUBERNETES_SERVICE_HOST is set, so there may be several replicas"
    return here or (replicas if "KUBERNETES_SERVICE_HOST" in os.environ else ""), here
