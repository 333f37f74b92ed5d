"""URLs of the Django side. The MCP endpoint is here too, so that Django's test client and ``reverse`` know it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from gauzy_mcp import __version__
from gauzy_mcp.wiring import http_paths, process_assembly
from mcp_tools.operations.health import Readiness, healthz
from mcp_tools.operations.metrics import metrics
from mcp_tools.operations.rest import OwnSession, Sessions, Stats
from oauth_resource.identity.views import link
from oauth_resource.resource.metadata import WELL_KNOWN
from oauth_resource.resource.publishing import respond


async def mcp(request: HttpRequest) -> HttpResponseBase:
    return await process_assembly().http_view(request)


async def resource_metadata(request: HttpRequest, place: str = "") -> HttpResponse:
    """RFC 9728, at the root and at the path of each endpoint."""
    door = process_assembly().door
    return respond(request, door.resource if door else None, place)


async def index(request: HttpRequest) -> JsonResponse:
    """What lives here, for a person who opens the address in a browser."""
    assembly = process_assembly()
    body: dict[str, Any] = {
        "name": "gauzy-mcp-server",
        "version": __version__,
        "status": "running",
        "endpoints": {
            "mcp": "/mcp",
            "json-rpc": "/sse",
            "websocket": assembly.env.MCP_WS_PATH,
            "sessions": "/sse/session",
            "admin": "/admin/",
            "health": ["/healthz", "/readyz"],
            "metrics": "/metrics",
            "openapi": "/api/schema",
        },
    }
    return JsonResponse(body)


_readyz = Readiness()


async def readyz(request: HttpRequest) -> JsonResponse:
    return await _readyz(request)


urlpatterns = [
    path("", index, name="index"),
    *(path(place.lstrip("/"), mcp) for place in http_paths()),
    path("sse/session", Sessions.as_view(), name="sessions"),
    path("sse/session/<str:session_id>", OwnSession.as_view(), name="session"),
    path("sse/sessions/stats", Stats.as_view(), name="session-stats"),
    path(WELL_KNOWN.lstrip("/"), resource_metadata, name="resource-metadata"),
    re_path(f"^{WELL_KNOWN.lstrip('/')}(?P<place>/.+)$", resource_metadata),
    path("link", link, name="link"),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
]
