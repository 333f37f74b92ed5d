"""The network under :mod:`mcp_tools.gauzy.pool`: aiohttp behind httpx. Loaded at the first request, not before."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

CONNECTIONS: Final = 100
KEEP_ALIVE_SECONDS: Final = 4.0
"""Below the 5 seconds of a Node server, so that it never closes a connection that a request is about to use."""


class Network(AiohttpTransport):
    """Keeps no cookies: its connections serve every account, and a cookie of one would speak for the others."""

    def __init__(self, certificates: ssl.SSLContext, proxy: httpx.Proxy | None = None) -> None:
        super().__init__(client=_session(certificates), verify=certificates, proxy=proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except aiohttp.ClientError as error:
            # The transport lets some of its errors through, such as an answer that is not HTTP.
            raise httpx.RemoteProtocolError(str(error)) from error


def _session(certificates: ssl.SSLContext) -> Callable[[], aiohttp.ClientSession]:
    def make() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(ssl=certificates, limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return make


def proxy_for(base_url: str) -> httpx.Proxy | None:
    """The proxy of the operating system or of HTTPS_PROXY, HTTP_PROXY and NO_PROXY; None for a direct connection."""
    place = urlsplit(base_url)
    if proxy_bypass(place.hostname or ""):
        return None
    proxies = getproxies()
    found = proxies.get(place.scheme) or proxies.get("all")
    return httpx.Proxy(found) if found else None


def certificates(*, verify: bool, besides: Path | None) -> ssl.SSLContext:
    """The system's trust store, so that a company's own authority works unasked, and those of the file ``besides``."""
    if not verify:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if besides is not None:
        context.load_verify_locations(cafile=besides)
    return context


def explain(error: Exception, base_url: str) -> str:
    """Why Gauzy at ``base_url`` could not be reached, and what to do."""
    cause: BaseException | None = error
    while cause is not None:
        # aiohttp's own certificate error is one of ssl's by name only: it holds no reason.
        reason = getattr(cause, "verify_message", "") if isinstance(cause, ssl.SSLCertVerificationError) else ""
        if reason:
            return (
                f"The certificate of {base_url} is not trusted: {reason.rstrip('.')}. "
                "GAUZY_CA_BUNDLE names a certificate to trust."
            )
        cause = cause.__cause__ or cause.__context__
    return f"Gauzy at {base_url} cannot be reached: {str(error) or type(error).__name__}. Check API_BASE_URL."
