"""The HTTP side of an API host: one connection pool per event loop, timeouts, size limits."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mcp_tools.gauzy.errors import GauzyFault, GauzyTimeout, GauzyUnreachable
from mcp_tools.protocol import redaction

if TYPE_CHECKING:
    import httpx

    from mcp_tools.protocol.tracing import Tracer

log = logging.getLogger("gauzy_mcp.gauzy")

MAX_ANSWER: Final = 32 * 1024 * 1024
"""Bytes of one answer; Gauzy's largest regular ones are about 1 MB."""

CONNECT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """``base_url`` is without ``/api``; ``timeout_ms`` bounds one request with all its attempts (API_TIMEOUT).

    ``ca_bundle`` is a PEM file of certificates to trust besides the system's.
    """

    base_url: str
    timeout_ms: int
    ca_bundle: Path | None = None
    verify_tls: bool = True


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    body: bytes
    retry_after: str | None


class Pool:
    """Sends single requests. ``transport`` makes a replacement of the network, for a Gauzy inside this process."""

    def __init__(
        self,
        settings: ApiSettings,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        self._settings = settings
        self._tracer = tracer
        self._place = _host_and_port(settings.base_url)
        self._transport = transport or self._network
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]],
        body: Any,
        headers: Mapping[str, str],
        seconds: float,
    ) -> HttpAnswer:
        """One request to ``{base_url}/api{path}``, answered in full within ``seconds``.

        Raises GauzyUnreachable, GauzyTimeout or GauzyFault.
        """
        send = functools.partial(self._send, method, path, query=query, body=body, seconds=seconds)
        if self._tracer is None:
            return await send(headers=headers)
        traced = dict(headers)
        with self._tracer.outgoing(method, f"/api{path}", *self._place, traced.__setitem__) as span:
            answer = await send(headers=traced)
            span.tell({"http.response.status_code": answer.status})
            if answer.status >= 400:
                span.fail(str(answer.status))
            return answer

    async def _send(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]],
        body: Any,
        headers: Mapping[str, str],
        seconds: float,
    ) -> HttpAnswer:
        import httpx

        client = self._ready()
        began = time.perf_counter()
        outcome: HttpAnswer | None = None
        debug = log.isEnabledFor(logging.DEBUG)
        if debug:
            log.debug("gauzy request %s /api%s %s", method, path, _shown_request(query, body))
        try:
            async with (
                asyncio.timeout(seconds),
                client.stream(
                    method, f"/api{path}", params=list(query), content=_encoded(body), headers=_with_type(headers, body)
                ) as response,
            ):
                outcome = HttpAnswer(
                    response.status_code, await _bounded(response), response.headers.get("retry-after")
                )
                return outcome
        except httpx.InvalidURL as error:
            raise GauzyFault(f"Gauzy cannot be asked this: {error}; is a filter too long?") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise self._no_answer(error) from error
        finally:
            if debug:
                log.debug("gauzy %s /api%s %s", method, path, _shown_answer(outcome, time.perf_counter() - began))

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _ready(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            # Connections belong to the loop they were opened in; another loop needs its own.
            self._client, self._loop = self._make(), loop
        return self._client

    def _make(self) -> httpx.AsyncClient:
        from http.cookiejar import CookieJar, DefaultCookiePolicy

        import httpx

        return httpx.AsyncClient(
            base_url=self._settings.base_url,
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            transport=self._transport(),
            follow_redirects=False,
            # One client serves every account: a cookie set for one must not go out with the request of another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept": "application/json", "User-Agent": "gauzy-mcp"},
        )

    def _network(self) -> httpx.AsyncBaseTransport:
        from mcp_tools.gauzy.network import Network, certificates, proxy_for

        trusted = certificates(verify=self._settings.verify_tls, besides=self._settings.ca_bundle)
        return Network(trusted, proxy_for(self._settings.base_url))

    def _no_answer(self, error: Exception) -> GauzyUnreachable:
        """httpx-aiohttp calls every failed connection a ConnectTimeout; only the cause tells which were timeouts."""
        import httpx

        from mcp_tools.gauzy.network import explain

        if isinstance(error, TimeoutError):
            seconds = self._settings.timeout_ms / 1000
            return GauzyTimeout(f"Gauzy did not answer within {seconds:g} seconds (API_TIMEOUT)")
        if isinstance(error, httpx.ConnectTimeout) and isinstance(error.__cause__, TimeoutError):
            return GauzyUnreachable(
                f"Gauzy at {self._settings.base_url} took no connection within {CONNECT_SECONDS:g} seconds. "
                "Check API_BASE_URL."
            )
        return GauzyUnreachable(explain(error, self._settings.base_url))


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


async def _bounded(response: httpx.Response) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise GauzyFault(f"Gauzy's answer is larger than {MAX_ANSWER} bytes; ask for less", response.status_code)
        parts.append(part)
    return b"".join(parts)


def _shown_request(query: Sequence[tuple[str, str]], body: Any) -> str:
    return f"query={redaction.shown_query(query)} body={'(none)' if body is None else redaction.shown(body)}"


def _shown_answer(answer: HttpAnswer | None, seconds: float) -> str:
    took = f"ms={seconds * 1000:.0f}"
    if answer is None:
        return f"status=failed {took}"
    return f"status={answer.status} {took} bytes={len(answer.body)} body={redaction.shown_body(answer.body)}"


def _encoded(body: Any) -> bytes | None:
    import orjson

    return None if body is None else orjson.dumps(body)


def _with_type(headers: Mapping[str, str], body: Any) -> dict[str, str]:
    return dict(headers) if body is None else {**headers, "Content-Type": "application/json"}
