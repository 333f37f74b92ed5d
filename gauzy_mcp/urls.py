"""URLs of the Django side. The MCP endpoint is here too, so that Django's test client and ``reverse`` know it."""

import functools
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from gauzy_mcp import __version__
from gauzy_mcp.wiring import Assembly, http_paths, process_assembly
from mcp_tools.console.views import Console, wants_page
from mcp_tools.onboarding.clients import client_configs
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
    authenticator = process_assembly().authenticator
    return respond(request, authenticator.resource if authenticator else None, place)


@functools.cache
def _console() -> Console | None:
    """None where it is switched off (MCP_CONSOLE)."""
    assembly = process_assembly()
    if not assembly.env.MCP_CONSOLE:
        return None
    known = assembly.authenticator.resource if assembly.authenticator else None
    client_id, places = _console_client(assembly)
    return Console(
        assembly.env.MCP_WS_PATH,
        assembly.offer.tools,
        client_configs,
        known.base if known else None,
        known.servers if known else (),
        client_id,
        places,
    )


def _console_client(assembly: Assembly) -> tuple[str, tuple[str, ...]]:
    """The console's client id, and the addresses of its page that the id is good at; none for any address."""
    configured = assembly.env.MCP_CONSOLE_CLIENT_ID
    if configured or not assembly.env.embeds_server:
        return configured or "", ()
    from oauth_resource.server.first_party import CONSOLE

    return CONSOLE, assembly.authorization_server.console


async def index(request: HttpRequest) -> HttpResponse:
    """What lives here: the console for a person who opens the address in a browser, JSON for everybody else."""
    assembly, console = process_assembly(), _console()
    if console is not None and wants_page(request):
        return await console.page(request)
    body: dict[str, Any] = {
        "name": "gauzy-mcp-server",
        "version": __version__,
        "status": "running",
        "source": assembly.env.MCP_SOURCE_URL,
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
    return JsonResponse(body, headers={"Vary": "Accept"})


async def console_facts(request: HttpRequest) -> HttpResponse:
    console = _console()
    return await console.facts(request) if console else HttpResponse(status=404)


_readyz = Readiness()


async def readyz(request: HttpRequest) -> JsonResponse:
    return await _readyz(request)


def _authorization_server() -> list[URLPattern]:
    """The embedded one, where it serves."""
    env = process_assembly().env
    if not env.embeds_server:
        return []
    from gauzy_mcp.embedded import issuer
    from oauth_resource.server.urls import urls

    return list(urls(issuer(env)))


urlpatterns = [
    path("", index, name="index"),
    path("console/facts", console_facts, name="console-facts"),
    *(path(place.lstrip("/") + slash, mcp) for place in http_paths() for slash in ("", "/")),
    path("sse/session", Sessions.as_view(), name="sessions"),
    path("sse/session/<str:session_id>", OwnSession.as_view(), name="session"),
    path("sse/sessions/stats", Stats.as_view(), name="session-stats"),
    path(WELL_KNOWN.lstrip("/"), resource_metadata, name="resource-metadata"),
    re_path(f"^{WELL_KNOWN.lstrip('/')}(?P<place>/.+)$", resource_metadata),
    path("link", link, name="link"),
    path("api/schema", SpectacularAPIView.as_view(http_method_names=["get", "head"]), name="schema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="schema", http_method_names=["get", "head"]), name="docs"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    *_authorization_server(),
]
