"""Client ID metadata documents (draft-ietf-oauth-client-id-metadata-document): a client is where its description is.

Anybody can name an address, so a document is asked for only on the public internet, at the address that was checked,
and for a bounded time and size. The toolkit makes a client of it, and remembers failures.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpx
from oauth2_provider.cimd import CIMDError
from oauth2_provider.settings import oauth2_settings

from oauth_resource.server.public import is_public
from oauth_resource.server.registration import Invalid, read
from oauth_resource.server.unused import make_room

LONGEST_ID: Final = 255
"""Of a client id, as the table of clients has it."""

MAX_DOCUMENT: Final = 16 * 1024
"""Bytes."""

TOTAL_SECONDS: Final = 5.0
_TIMEOUT: Final = httpx.Timeout(TOTAL_SECONDS, connect=2.0)
MOST_ADDRESSES: Final = 4
"""Of one host that are tried."""

Resolve = Callable[[str], list[str]]
"""The network addresses of a host. Raises OSError when it has none."""


def resolved(host: str) -> list[str]:
    return list(dict.fromkeys(str(one[4][0]) for one in socket.getaddrinfo(host, 443, proto=socket.IPPROTO_TCP)))


def at_443(address: str) -> tuple[str, int]:
    return address, 443


class Documents:
    """``resolve`` and ``certificates`` are the system's unless given; ``at`` is where a checked address is called."""

    def __init__(
        self,
        resolve: Resolve = resolved,
        at: Callable[[str], tuple[str, int]] = at_443,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        self._resolve = resolve
        self._at = at
        self._certificates = certificates

    def fetch(self, client_id: str) -> tuple[dict[str, Any], int]:
        """The document at ``client_id`` as the toolkit takes it, and for how many seconds it is good.

        Raises CIMDError.
        """
        parts = address(client_id)
        found = self._public(parts.hostname or "")
        try:
            document, age = asyncio.run(self._read(parts, found))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise CIMDError(f"the document cannot be fetched: {type(error).__name__}") from error
        client = accepted(document, client_id)
        make_room()
        return client, age

    def _public(self, host: str) -> list[str]:
        """One address that is not public spoils all: a host has no business with both."""
        try:
            found = self._resolve(host)
        except (OSError, UnicodeError) as error:
            raise CIMDError(f"the host of client_id is not known: {error}") from error
        if not found or not all(map(is_public, found)):
            raise CIMDError("the host of client_id is not on the public internet")
        return found[:MOST_ADDRESSES]

    async def _read(self, parts: SplitResult, found: list[str]) -> tuple[dict[str, Any], int]:
        trust = self._certificates or ssl.create_default_context()
        # A proxy of the environment would look the host up again.
        client = httpx.AsyncClient(verify=trust, trust_env=False, follow_redirects=False, timeout=_TIMEOUT)
        async with asyncio.timeout(TOTAL_SECONDS), client:
            for last, ip in enumerate(found, start=1 - len(found)):
                try:
                    return await self._asked(client, parts, ip)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    if last == 0:
                        raise
        raise AssertionError("a host has an address")

    async def _asked(self, client: httpx.AsyncClient, parts: SplitResult, ip: str) -> tuple[dict[str, Any], int]:
        """The name of the host is for its certificate and itself; the connection goes to ``ip`` and nowhere else."""
        host, port = self._at(ip)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        url = httpx.URL(scheme="https", host=host, port=port, raw_path=target.encode())
        headers = {"Host": parts.netloc, "Accept": "application/json", "Accept-Encoding": "identity"}
        known_as = {"sni_hostname": parts.hostname}
        async with client.stream("GET", url, headers=headers, extensions=known_as) as response:
            _check_answer(response)
            return await _document(response), _age(response.headers.get("Cache-Control", ""))


def address(client_id: str) -> SplitResult:
    """The parts of a client id that a public client can have (section 3). Raises CIMDError.

    Another port than 443 may be some other service's.
    """
    if len(client_id) > LONGEST_ID or not re.fullmatch(r"[!-\[\]-~]+", client_id):
        raise CIMDError(f"client_id must be a URL of at most {LONGEST_ID} visible ASCII characters")
    try:
        parts = urlsplit(client_id)
        port = parts.port
    except ValueError:
        raise CIMDError("client_id is not a URL") from None
    if parts.scheme != "https" or not parts.hostname or not parts.path or port not in (None, 443):
        raise CIMDError("client_id must be an https URL with a path, at port 443")
    if "@" in parts.netloc or "#" in client_id or {".", ".."} & set(parts.path.split("/")):
        raise CIMDError("client_id must have no user information, no fragment and no dot segments")
    return parts


def accepted(document: Mapping[str, Any], client_id: str) -> dict[str, Any]:
    """``document`` as that of a public client with an authorization code, if it can be one. Raises CIMDError.

    Some list grants that are for other servers, or prefer an authentication that is not offered here beside none.
    """
    if document.get("client_id") != client_id:
        raise CIMDError("client_id of the document must be its address")
    if "client_secret" in document or "client_secret_expires_at" in document:
        raise CIMDError("a document that everybody can read must have no client_secret")
    methods = document.get("token_endpoint_auth_methods_supported")
    offers_none = isinstance(methods, list) and "none" in methods
    method = "none" if offers_none else document.get("token_endpoint_auth_method", "none")
    if method != "none":
        raise CIMDError("token_endpoint_auth_method must be none, or token_endpoint_auth_methods_supported contain it")
    try:
        known = read({**document, "token_endpoint_auth_method": method})
    except Invalid as error:
        raise CIMDError(str(error)) from error
    return {
        "client_id": client_id,
        "client_name": known.name,
        "redirect_uris": list(known.redirect_uris),
        "grant_types": list(known.grants),
        "token_endpoint_auth_method": method,
    }


def _check_answer(response: httpx.Response) -> None:
    if response.status_code != 200:
        raise CIMDError(f"the document is answered with HTTP {response.status_code}")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not re.fullmatch(r"application/(json|[\w.-]+\+json)", kind):
        raise CIMDError(f"the document must be application/json, not {kind[:60]!r}")


async def _document(response: httpx.Response) -> dict[str, Any]:
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > MAX_DOCUMENT:
            raise CIMDError(f"the document must not be longer than {MAX_DOCUMENT} bytes")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CIMDError("the document is not JSON") from error
    if not isinstance(document, dict):
        raise CIMDError("the document must be a JSON object")
    return document


def _age(cache_control: str) -> int:
    """For how many seconds a document is good (RFC 9111 section 5.2.2), within the bounds of the settings."""
    least, most = oauth2_settings.CIMD_METADATA_MIN_AGE_SECONDS, oauth2_settings.CIMD_METADATA_MAX_AGE_SECONDS
    rule = cache_control.lower()
    told = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", rule)
    asked = 0 if "no-store" in rule or "no-cache" in rule else int(told[1]) if told else most
    return int(max(least, min(asked, most)))
