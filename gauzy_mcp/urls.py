"""URLs of the Django side. The MCP endpoint is here too, so that Django's test client and ``reverse`` know it."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import path

from gauzy_mcp import __version__
from gauzy_mcp.wiring import http_paths, process_assembly


async def mcp(request: HttpRequest) -> HttpResponseBase:
    return await process_assembly().http_view(request)


async def index(request: HttpRequest) -> JsonResponse:
    """What lives here, for a person who opens the address in a browser."""
    assembly = process_assembly()
    body: dict[str, Any] = {
        "name": "gauzy-mcp-server",
        "version": __version__,
        "status": "running",
        "endpoints": {"mcp": "/mcp", "json-rpc": "/sse", "websocket": assembly.env.MCP_WS_PATH},
    }
    return JsonResponse(body)


urlpatterns = [path("", index, name="index"), *(path(place.lstrip("/"), mcp) for place in http_paths())]
