"""A small HTTP server that stands in for Gauzy: it signs in, renews, and otherwise answers what a test tells it."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TENANT, ORGANIZATION, USER = "11111111-0000-4000-8000-0000000000f1", "22222222-0000-4000-8000-0000000000f2", "u-1"
HOUR = 3600

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def token(number: int, *, lives: float = HOUR, **claims: Any) -> str:
    """An access token as Gauzy's: a JWT whose claims are what the client reads. ``lives`` is in seconds."""
    told = {"id": USER, "tenantId": TENANT, "organizationId": ORGANIZATION, "employeeId": "e-1", "role": "ADMIN"}
    payload = {**told, "n": number, "exp": int(time.time() + lives), **claims}
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b"{}", _json(payload), b"sig"))


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


@dataclass
class Account:
    """Somebody who may sign in. ``claims`` change those of the access token; its ``lives`` is in seconds."""

    email: str
    password: str = "s3cret-Passw0rd"
    claims: dict[str, Any] = field(default_factory=dict)
    lives: float = HOUR


class StandIn:
    """``seen`` records every request as ``(method, path)``; :meth:`on` scripts the answers of a route in order."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[tuple[str, str]] = []
        self.requests: list[web.BaseRequest] = []
        self.bodies: list[Any] = []
        self.accounts: dict[str, Account] = {}
        self.access: dict[str, Account] = {}
        self.refresh: dict[str, Account] = {}
        self._scripts: dict[tuple[str, str], deque[Handler]] = defaultdict(deque)
        self._tokens = 0

    def add(self, email: str, **options: Any) -> Account:
        self.accounts[email] = Account(email, **options)
        return self.accounts[email]

    def on(self, method: str, path: str, *answers: Handler) -> None:
        """The next answers of ``METHOD /api{path}``: a handler, or :func:`says`; the last one is given for ever."""
        self._scripts[(method, path)].extend(answers)

    def count(self, method: str, path: str) -> int:
        return self.seen.count((method, path))

    def end_access_tokens(self) -> None:
        """As when Gauzy's secret changes: every access token is refused, refresh tokens stay good."""
        self.access.clear()

    def end_refresh_tokens(self) -> None:
        self.refresh.clear()

    def issue(self, account: Account) -> dict[str, Any]:
        """A new pair of tokens with their user."""
        self._tokens += 1
        claims = {"id": f"u-{account.email}", **account.claims}
        access, refresh = token(self._tokens, lives=account.lives, **claims), f"refresh-{self._tokens}-{account.email}"
        self.access[access] = self.refresh[refresh] = account
        return {"user": {"email": account.email, "firstName": "A", "lastName": "B"}, "token": access,
                "refresh_token": refresh}  # fmt: skip

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path.removeprefix("/api")
        body = await request.read()
        self.seen.append((request.method, path))
        self.requests.append(request)
        self.bodies.append(json.loads(body) if body else None)
        script = self._scripts.get((request.method, path))
        if script:
            chosen = script[0] if len(script) == 1 else script.popleft()
            return await chosen(request)
        return self._built_in(path, self.bodies[-1] or {}, request)

    def _built_in(self, path: str, body: dict[str, Any], request: web.BaseRequest) -> web.Response:
        if path == "/auth/login":
            account = self.accounts.get(body.get("email", ""))
            known = account is not None and account.password == body.get("password")
            return web.json_response(self.issue(account)) if account and known else unauthorized()
        if path == "/auth/refresh-token":
            account = self.refresh.pop(body.get("refresh_token", ""), None)
            return web.json_response(self.issue(account)) if account else unauthorized()
        if path == "/auth/logout":
            self.refresh.pop(body.get("refresh_token", ""), None)
            return web.Response()
        account = self.access.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return web.json_response({"email": account.email}) if account else unauthorized()


def unauthorized() -> web.Response:
    return web.json_response({"statusCode": 401, "message": "Unauthorized"}, status=401)


class Held:
    """A handler that answers ``value`` once :attr:`release` is set; ``arrived`` and ``gone`` tell of its caller."""

    def __init__(self, value: Any = None) -> None:
        self.arrived, self.release, self.gone = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._value = value

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.arrived.set()
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            self.gone.set()
            raise
        return web.json_response(self._value)


def says(value: Any = None, status: int = 200, *, body: bytes | None = None, **headers: str) -> Handler:
    """A handler that answers ``value`` as JSON, or ``body`` as it is; underscores in header names become hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=_json(value) if body is None else body, status=status, headers=named)

    return handler


async def breaks_off(request: web.BaseRequest) -> web.StreamResponse:
    """A handler that closes the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@asynccontextmanager
async def running(tls: ssl.SSLContext | None = None) -> AsyncIterator[StandIn]:
    """A stand-in on a port that the system chooses."""
    stand_in = StandIn()
    runner = web.ServerRunner(web.Server(stand_in.handle, handler_cancellation=True), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    host, port = runner.addresses[0][:2]
    stand_in.url = f"{'https' if tls else 'http'}://{host}:{port}"
    try:
        yield stand_in
    finally:
        await runner.cleanup()
