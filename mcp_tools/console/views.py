"""The console: one page that speaks to this server as any client does, and the facts that no MCP list tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mcp_tools.catalog.tool import Catalog
from mcp_tools.console.lookups import formats, lookups, searched_by

TEMPLATE: Final = "console/index.html"
_PLACE: Final = re.compile(r"https?://(?P<host>[^/]+)(?:/[\w.~%-]+)*", re.ASCII)
Configs = Callable[[str], list[dict[str, Any]]]
"""From the address of this server to how each client is told of it, see :mod:`mcp_tools.onboarding.clients`."""


def wants_page(request: HttpRequest) -> bool:
    """Whether HTML is asked for by its name, as browsers do; ``*/*`` of curl is not enough."""
    return any((kind.main_type, kind.sub_type) == ("text", "html") for kind in request.accepted_types)


@dataclass(frozen=True)
class Console:
    """``endpoint`` is the path of the WebSocket; ``address`` the server's own when it is known (MCP_AUTH_RESOURCE_URI).

    ``issuers`` are the authorization servers, empty when nobody is authenticated; ``client_id`` is the page's at the
    first of them, empty where it registers itself; ``client_places`` are the addresses of the page that the id is good
    at, empty for all; ``configs`` says how each client is set up.
    """

    endpoint: str
    catalog: Catalog
    configs: Configs
    address: str | None = None
    issuers: tuple[str, ...] = ()
    client_id: str = ""
    client_places: tuple[str, ...] = ()

    async def page(self, request: HttpRequest) -> HttpResponse:
        shown = {
            "endpoint": self.endpoint,
            "signs_in": bool(self.issuers),
            "client_id": self.client_id,
            "client_places": " ".join(self.client_places),
            "address": self.address,
        }
        response = render(request, TEMPLATE, shown)
        response["Content-Security-Policy"] = policy(request.get_host(), self.issuers)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Content-Type-Options"] = "nosniff"
        response["X-Frame-Options"] = "DENY"
        response["Vary"] = "Accept"
        return response

    async def facts(self, request: HttpRequest) -> JsonResponse:
        """``{toolsets, lookups, formats, searches, clients}``: names of tools by toolset, and see :mod:`.lookups`.

        ``?at=`` is the address of the page, for ``clients`` where no other is configured.
        """
        body = {**self._of_catalog(), "clients": self.configs(self._address(request))}
        return JsonResponse(body, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})

    def _of_catalog(self) -> Mapping[str, Any]:
        catalog = self.catalog
        named = [name for name in catalog.toolsets if name != "all"]
        found = lookups(catalog)
        lists = {tool for arguments in found.values() for tool in arguments.values()}
        return {
            "toolsets": {name: [tool.name for tool in catalog.listed([name])] for name in named},
            "lookups": found,
            "formats": formats(catalog),
            "searches": {tool.name: searched_by(tool) for tool in catalog if tool.name in lists},
        }

    def _address(self, request: HttpRequest) -> str:
        """As configured, else as the page knows it: only there is seen what a proxy does to scheme and path."""
        told, host = _PLACE.fullmatch(request.GET.get("at", "")), request.get_host()
        here = told[0] if told and told["host"] == host else f"{request.scheme}://{host}"
        return self.address or here


def policy(host: str, issuers: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of the page at ``host``, which may ask the servers at ``issuers`` for tokens."""
    foreign = sorted({origin(issuer) for issuer in issuers})
    # Not every browser takes 'self' for the WebSocket of the same host.
    connect = " ".join(("'self'", f"ws://{host}", f"wss://{host}", *foreign))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src {connect}; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
