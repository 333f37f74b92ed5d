"""A stand-in for an authorization server that issues any token a test asks for, and can be slow, down or rotate.

It signs by ``cryptography`` alone and shares no code with the server under test.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.loops import loop_in_a_thread

RESOURCE = "https://mcp.example.com"
CLIENT, SECRET = "gauzy mcp", "s3cret/+:"
"""Ours at the introspection endpoint, with characters that HTTP Basic has to encode."""

_HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def says(status: int = 200, **response: Any) -> Answer:
    """An answer of the server, whatever it is asked."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, **response)

    return answer


Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def as_segment(value: Any) -> str:
    return encoded(value if isinstance(value, bytes) else json.dumps(value).encode())


@dataclass
class Pair:
    """A key pair as the server publishes it."""

    alg: str
    kid: str
    private: Private = field(repr=False)

    @classmethod
    def make(cls, alg: str, kid: str, *, bits: int = 2048) -> Pair:
        if alg.startswith("ES"):
            curve = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}[alg]
            return cls(alg, kid, ec.generate_private_key(curve))
        return cls(alg, kid, rsa.generate_private_key(65537, bits))

    @property
    def jwk(self) -> dict[str, Any]:
        named = {"kid": self.kid, "alg": self.alg, "use": "sig"}
        public = self.private.public_key().public_numbers()
        if isinstance(public, rsa.RSAPublicNumbers):
            return {"kty": "RSA", "n": _number(public.n), "e": _number(public.e), **named}
        size = (public.curve.key_size + 7) // 8
        curve = {256: "P-256", 384: "P-384", 521: "P-521"}[public.curve.key_size]
        return {"kty": "EC", "crv": curve, "x": _number(public.x, size), "y": _number(public.y, size), **named}

    @property
    def pem(self) -> str:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    def sign(self, data: bytes, alg: str | None = None) -> bytes:
        alg = alg or self.alg
        digest = _HASHES[alg[2:]]
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            size = (self.private.key_size + 7) // 8
            r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(digest)))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        if alg.startswith("PS"):
            return self.private.sign(data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        return self.private.sign(data, padding.PKCS1v15(), digest)


def _number(value: int, size: int | None = None) -> str:
    return encoded(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


PAIRS = {alg: Pair.make(alg, f"{alg.lower()}-1") for alg in ("RS256", "ES256", "PS256")}
"""Made once: keys take time."""


class StandIn:
    """``client`` may introspect; ``keys`` is what the JWK set lists, ``active`` what introspection knows.

    ``fetched`` and ``asked`` count.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.url = ""
        self.keys: list[dict[str, Any]] = [pair.jwk for pair in PAIRS.values()]
        self.active: dict[str, dict[str, Any]] = {}
        self.client = (CLIENT, SECRET)
        self.fetched = 0
        self.asked = 0
        self.canary = 0
        self.delay = 0.0
        self.jwks: Answer | None = None
        self.introspect: Answer | None = None
        self._runner: web.ServerRunner | None = None

    @property
    def issuer(self) -> str:
        return self.url

    def environment(self, **more: str) -> dict[str, str]:
        """What makes the server under test trust this one."""
        return {
            "MCP_AUTH_ENABLED": "true",
            "MCP_AUTH_RESOURCE_URI": RESOURCE,
            "MCP_AUTH_JWT_ISSUER": self.issuer,
            "MCP_AUTH_JWT_JWKS_URI": f"{self.url}/jwks",
            "MCP_AUTH_JWT_ALGORITHMS": "RS256,ES256,PS256",
            "GAUZY_IDENTITY_MODE": "shared",
            **more,
        }

    def introspecting(self, **more: str) -> dict[str, str]:
        return {
            "MCP_AUTH_INTROSPECTION_ENDPOINT": f"{self.url}/introspect",
            "MCP_AUTH_INTROSPECTION_CLIENT_ID": CLIENT,
            "MCP_AUTH_INTROSPECTION_CLIENT_SECRET": SECRET,
            **more,
        }

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a good token; a change to None leaves the claim out."""
        now = int(time.time())
        good = {
            "iss": self.issuer, "sub": "alice", "aud": RESOURCE, "exp": now + 300, "iat": now,
            "jti": secrets.token_hex(8), "client_id": "test-client", "scope": "mcp.read mcp.write",
        }  # fmt: skip
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def token(self, alg: str = "RS256", *, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """A signed token. ``header`` changes that of a good one, ``changes`` its claims."""
        return self.signed(self.claims(**changes), alg, header=header)

    def signed(
        self, payload: Any, alg: str = "RS256", *, header: dict[str, Any] | None = None, pair: Pair | None = None
    ) -> str:
        pair = pair or PAIRS[alg]
        named = {"alg": pair.alg, "kid": pair.kid, "typ": "at+jwt", **(header or {})}
        shown = {name: value for name, value in named.items() if value is not None}
        data = f"{as_segment(shown)}.{as_segment(payload)}"
        return f"{data}.{encoded(pair.sign(data.encode(), shown.get('alg') if shown.get('alg') in _ALL else None))}"

    def opaque(self, **changes: Any) -> str:
        """An opaque token that introspection knows."""
        token = secrets.token_urlsafe(24)
        self.active[token] = {"active": True, "token_type": "Bearer", **self.claims(**changes)}
        return token

    def start(self, port: int = 0) -> None:
        asyncio.run_coroutine_threadsafe(self._start(port), self._loop).result(10)

    def stop(self) -> None:
        """From now on connections are refused."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)

    def restart(self) -> None:
        """Serves at the same address again."""
        self.start(int(self.url.rpartition(":")[2]))

    async def _start(self, port: int) -> None:
        self._runner = web.ServerRunner(web.Server(self._serve), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/jwks":
            self.fetched += 1
            await asyncio.sleep(self.delay)
            return await self.jwks(request) if self.jwks else web.json_response({"keys": self.keys})
        if request.path == "/introspect" and request.method == "POST":
            self.asked += 1
            await asyncio.sleep(self.delay)
            return await self.introspect(request) if self.introspect else await self._introspect(request)
        self.canary += 1
        return web.Response(status=404)

    async def _introspect(self, request: web.BaseRequest) -> web.StreamResponse:
        """RFC 7662, for our client alone."""
        pair = ":".join(quote_plus(part) for part in self.client)
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(pair.encode()).decode():
            return web.json_response({"error": "invalid_client"}, status=401)
        form = await request.post()
        return web.json_response(self.active.get(str(form.get("token")), {"active": False}))


_ALL = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]


@contextlib.contextmanager
def stand_in() -> Iterator[StandIn]:
    """Serves from a thread of its own, so that tests need no event loop."""
    with loop_in_a_thread() as loop:
        server = StandIn(loop)
        server.start()
        try:
            yield server
        finally:
            server.stop()
