"""Probes: ``/healthz`` says that the process runs, ``/readyz`` whether it can do its work, and what is missing."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final

from django.db import connection
from django.http import HttpRequest, JsonResponse

from mcp_tools.operations.access import running

REMEMBER_SECONDS: Final = 2.0
"""Probes may come often; what they ask of others is asked this seldom."""

_LONGEST: Final = 4.0


async def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "ok"})


class Readiness:
    """``GET /readyz``: 200 when every part answers, else 503; each part with its own finding."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}
        self._asked = -REMEMBER_SECONDS
        self._asking = asyncio.Lock()

    async def __call__(self, request: HttpRequest) -> JsonResponse:
        async with self._asking:
            if time.monotonic() - self._asked > REMEMBER_SECONDS:
                self._found = await self._ask()
                self._asked = time.monotonic()
        ready = all(part["ok"] for part in self._found.values())
        body = {"status": "ready" if ready else "not ready", "parts": self._found}
        return JsonResponse(body, status=200 if ready else 503)

    async def _ask(self) -> dict[str, Any]:
        database, others = await asyncio.gather(_database(), running().ready())
        return {"database": database, **others}


async def _database() -> dict[str, Any]:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    return await timed(asyncio.to_thread(ask))


async def timed(work: Any) -> dict[str, Any]:
    """``{"ok", "milliseconds", "problem"?}`` of something that may fail, and what it answers if that is a dictionary.

    What went wrong is told by its kind alone.
    """
    began = time.perf_counter()
    try:
        async with asyncio.timeout(_LONGEST):
            told = await work
        found = {"ok": True, **(told if isinstance(told, dict) else {})}
    except Exception as error:
        found = {"ok": False, "problem": type(error).__name__}
    return {**found, "milliseconds": round((time.perf_counter() - began) * 1000)}
