"""Rate limits, Host and Origin rules of the Django side.

They look at ``path_info``, as Django's routing does: ``path`` has the root path in front.

The MCP endpoint has its own (transports/http/origin_policy.py), because its handler runs no middleware.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import sync_and_async_middleware

from mcp_tools.dispatch.rate_limiter import RateLimited
from mcp_tools.operations.access import running
from mcp_tools.sessions.errors import StateUnavailable

log = logging.getLogger("gauzy_mcp.limits")

UNCOUNTED: Final = ("/healthz", "/readyz", "/metrics", "/static/")
"""What machines ask all day, and what a page consists of."""

LOGIN: Final = "/admin/login/"
REST: Final = "/sse/"


@sync_and_async_middleware
def enforce_access(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    if iscoroutinefunction(get_response):

        async def opened(request: HttpRequest) -> HttpResponseBase:
            return await refusal(request) or await get_response(request)

        return opened

    def opened_sync(request: HttpRequest) -> HttpResponseBase:
        return async_to_sync(refusal)(request) or get_response(request)

    return opened_sync


async def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to what may not come in: 403, 429, or 503 when sign-ins cannot be counted. Else None."""
    path = request.path_info
    if path.startswith(UNCOUNTED):
        return None
    server = running()
    # Django's own check would not say which variable has the name.
    refused = server.refuse(request) if path.startswith(REST) else server.refuse_host(request)
    if refused is not None:
        return refused
    address = server.address(request)
    try:
        if path not in settings.MCP_COUNTED_PATHS:
            await server.rate_limiter.check("request", address)
        if path == LOGIN and request.method == "POST":
            await server.rate_limiter.check("login", address)
    except RateLimited as error:
        return JsonResponse({"error": error.message}, status=429, headers=error.headers)
    except StateUnavailable as error:
        log.error("%s", error)
        return JsonResponse({"error": "Sign-ins cannot be counted now; try again in a moment"}, status=503)
    return None
