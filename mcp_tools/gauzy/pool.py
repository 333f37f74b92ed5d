"""The HTTP side of an API host: one connection pool per event loop, certificates, timeouts, size limits."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.gauzy.errors import GauzyFault, GauzyTimeout, GauzyUnreachable

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("gauzy_mcp.gauzy")

MAX_ANSWER: Final = 32 * 1024 * 1024
"""Bytes of one answer; Gauzy's largest regular ones are about 1 MB."""

_CONNECTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """``base_url`` is without ``/api``; ``timeout_ms`` bounds one answer (API_TIMEOUT)."""

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

    def __init__(self, settings: ApiSettings, transport: Callable[[], httpx.AsyncBaseTransport] | None = None) -> None:
        self._settings = settings
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(
        self, method: str, path: str, *, query: Sequence[tuple[str, str]], body: Any, headers: Mapping[str, str]
    ) -> HttpAnswer:
        """One request to ``{base_url}/api{path}``. Raises GauzyUnreachable, GauzyTimeout or GauzyFault."""
        import httpx

        client = self._ready()
        began = time.perf_counter()
        outcome: int | str = "failed"
        try:
            async with client.stream(
                method, f"/api{path}", params=list(query), content=_encoded(body), headers=_with_type(headers, body)
            ) as response:
                answer = HttpAnswer(response.status_code, await _bounded(response), response.headers.get("retry-after"))
                outcome = answer.status
                return answer
        except httpx.TimeoutException:
            raise GauzyTimeout(
                f"Gauzy did not answer within {self._settings.timeout_ms / 1000:g} seconds (API_TIMEOUT)"
            ) from None
        except httpx.HTTPError as error:
            raise GauzyUnreachable(self._unreachable(error)) from error
        finally:
            log.debug("gauzy %s /api%s status=%s ms=%.0f", method, path, outcome, (time.perf_counter() - began) * 1000)

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
        import httpx

        seconds = self._settings.timeout_ms / 1000
        return httpx.AsyncClient(
            base_url=self._settings.base_url,
            timeout=httpx.Timeout(seconds, connect=min(seconds, 5.0)),
            transport=self._transport() if self._transport else self._network(),
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "gauzy-mcp"},
        )

    def _network(self) -> httpx.AsyncBaseTransport:
        import httpx
        from httpx_aiohttp import AiohttpTransport

        return AiohttpTransport(
            verify=self._certificates(), trust_env=True, limits=httpx.Limits(max_connections=_CONNECTIONS)
        )

    def _certificates(self) -> ssl.SSLContext:
        """The system's trust store, so that a company's own authority works without further settings."""
        import truststore

        if not self._settings.verify_tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context
        if self._settings.ca_bundle is not None:
            return ssl.create_default_context(cafile=str(self._settings.ca_bundle))
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def _unreachable(self, error: Exception) -> str:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return (
                    f"The certificate of {self._settings.base_url} is not trusted: {cause.verify_message}. "
                    "GAUZY_CA_BUNDLE names a certificate to trust."
                )
            cause = cause.__cause__ or cause.__context__
        return f"Gauzy at {self._settings.base_url} cannot be reached: {error or type(error).__name__}. Check API_BASE_URL."


async def _bounded(response: httpx.Response) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise GauzyFault(f"Gauzy's answer is larger than {MAX_ANSWER} bytes; ask for less")
        parts.append(part)
    return b"".join(parts)


def _encoded(body: Any) -> bytes | None:
    import orjson

    return None if body is None else orjson.dumps(body)


def _with_type(headers: Mapping[str, str], body: Any) -> dict[str, str]:
    return dict(headers) if body is None else {**headers, "Content-Type": "application/json"}
