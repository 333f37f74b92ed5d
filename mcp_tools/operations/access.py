"""The running server, as the operators' room sees it. Settings say where it is; this room must not import it."""

from __future__ import annotations

from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from mcp_tools.dispatch.engine import Engine
from mcp_tools.sessions.backplane import Backplane


class Running(Protocol):
    """What operators may use of an assembly."""

    engine: Engine
    plane: Backplane

    async def ready(self) -> dict[str, object]:
        """What this server stands on and whether each part answers: ``{name: {"ok": bool, …}}``."""


def running() -> Running:
    return cast(Running, import_string(settings.MCP_ASSEMBLY)())


async def terminate(uid: str) -> bool:
    """Ends a session in every process. False when it is not live any more."""
    return await running().engine.end_by_uid(uid, "terminated")
