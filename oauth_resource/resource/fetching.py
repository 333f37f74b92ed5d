"""Asking an authorization server: bounded in time and size, never redirected, at addresses of the configuration."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from oauth_resource.resource.errors import IssuerUnavailable

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS: Final = 3.0
TOTAL_SECONDS: Final = 5.0
MAX_ANSWER: Final = 256 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Fetched:
    status: int
    body: bytes


class Fetch(Protocol):
    async def get(self, url: str) -> Fetched:
        """Raises IssuerUnavailable without an answer."""

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Fetched:
        """Sends ``form`` as application/x-www-form-urlencoded. Raises IssuerUnavailable without an answer."""


class HttpFetch:
    """``certificates`` is whom to trust; the system's store unless given."""

    def __init__(self, certificates: ssl.SSLContext | None = None) -> None:
        self._certificates = certificates
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def get(self, url: str) -> Fetched:
        return await self._send("GET", url, None, {})

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Fetched:
        return await self._send("POST", url, form, headers)

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _send(self, method: str, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> Fetched:
        import httpx

        body, size = [], 0
        try:
            async with (
                asyncio.timeout(TOTAL_SECONDS),
                self._ready().stream(method, url, data=form, headers=headers) as response,
            ):
                async for part in response.aiter_bytes():
                    size += len(part)
                    if size > MAX_ANSWER:
                        raise IssuerUnavailable(f"{url} answers more than {MAX_ANSWER} bytes")
                    body.append(part)
                return Fetched(response.status_code, b"".join(body))
        except (httpx.HTTPError, TimeoutError) as error:
            raise IssuerUnavailable(f"{url} does not answer: {type(error).__name__}") from error

    def _ready(self) -> httpx.AsyncClient:
        import httpx

        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            # Connections belong to the loop they were opened in.
            self._client, self._loop = (
                httpx.AsyncClient(
                    verify=self._certificates or True,
                    timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
                    follow_redirects=False,
                    headers={"Accept": "application/json", "User-Agent": "gauzy-mcp"},
                ),
                loop,
            )
        return self._client
