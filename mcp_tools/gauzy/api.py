"""A Gauzy API host as such, without any user: requests, retries, sign-in, health."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.clock import Clock, utc_now
from mcp_tools.gauzy import answers
from mcp_tools.gauzy.breaker import Breaker
from mcp_tools.gauzy.errors import GauzyBusy, GauzyError, GauzyFault, GauzyRejected, GauzyUnreachable, SignInFailed
from mcp_tools.gauzy.identity import Identity, SignIn, from_login, has_tokens, refreshed
from mcp_tools.gauzy.pool import ApiSettings, HttpAnswer, Pool

if TYPE_CHECKING:
    import httpx

    from mcp_tools.protocol.tracing import Tracer

ATTEMPTS: Final = 3
MAX_WAIT_SECONDS: Final = 4.0
"""The longest a request waits before another attempt; a longer Retry-After is passed on to the caller."""

Query = Sequence[tuple[str, str]]

_PATH: Final = re.compile(r"(?:/[A-Za-z0-9!$&'()*+,;=:@_~.-]+)+")
_QUERY_NAME: Final = re.compile(r"[A-Za-z]\w*(?:\[\w*\])*", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant of a person who gave their password; ``token`` lets them in within a day, and is a secret."""

    tenant_id: str
    name: str
    token: str = dataclasses.field(repr=False)


class GauzyApi:
    """Shared by everybody who uses one API host. Holds no user's data.

    ``now`` is the time of day for its users. ``clock`` tells seconds that only go forward, and ``sleep`` waits for
    some of them.
    """

    def __init__(
        self,
        settings: ApiSettings,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        *,
        tracer: Tracer | None = None,
        now: Clock = utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.settings = settings
        self.now = now
        self._pool = Pool(settings, transport, tracer)
        self._breaker = Breaker(clock)
        self._clock = clock
        self._sleep = sleep

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        message_is_answer: bool = False,
    ) -> Any:
        """The decoded answer to ``METHOD /api{path}``. Raises the errors of :mod:`mcp_tools.gauzy.errors`.

        GET is tried up to ``ATTEMPTS`` times; a write only once, because nobody knows how far a failed one came.
        All attempts and the waits between them together take no longer than API_TIMEOUT. Raises GauzyFault, without a
        request, for a path or a name in the query that could mean another route than the one that was written.
        """
        _check_address(path, query)
        send = functools.partial(self._pool.send, method, path, query=query, body=body, headers=headers or {})
        attempts = ATTEMPTS if method in ("GET", "HEAD") else 1
        end = self._clock() + self.settings.timeout_ms / 1000
        for attempt in range(1, attempts + 1):
            try:
                answer = await self._watched(send, end - self._clock())
                return answers.read(
                    answer.status, answer.body, retry_after=answer.retry_after, message_is_answer=message_is_answer
                )
            except (GauzyUnreachable, GauzyBusy, GauzyFault) as error:
                wait = _wait(error, attempt)
                if attempt == attempts or wait is None or self._clock() + wait >= end:
                    raise
                await self._sleep(wait)
        raise AssertionError("unreachable")  # pragma: no cover

    async def _watched(self, send: Callable[..., Awaitable[HttpAnswer]], seconds: float) -> HttpAnswer:
        """One attempt, of which the breaker learns whether Gauzy is alive."""
        self._breaker.check()
        try:
            answer = await send(seconds=seconds)
        except GauzyUnreachable:
            self._breaker.failed()
            raise
        except GauzyFault:
            self._breaker.succeeded()
            raise
        if answer.status in (502, 503, 504):
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return answer

    async def sign_in(self, email: str, password: str, tenant_id: str | None = None) -> SignIn:
        """Signs in by ``POST /auth/login``, or into one tenant of a person who has several. Raises SignInFailed."""
        if tenant_id is not None:
            return await self._enter_workspace(email, password, tenant_id)
        return await self._let_in("/auth/login", {"email": email, "password": password})

    async def refresh(self, current: SignIn) -> SignIn:
        """A new pair of tokens. Raises GauzyRejected (401) when the refresh token is used up."""
        answer = await self.request("POST", "/auth/refresh-token", body={"refresh_token": current.refresh_token})
        if not has_tokens(answer):
            raise GauzyFault("Gauzy renewed the sign-in without a token", 200)
        return refreshed(current, answer)

    async def sign_out(self, current: SignIn) -> None:
        """Revokes the refresh token. Gauzy honours the access token until it expires: the caller forgets it."""
        await self.request(
            "POST", "/auth/logout", body={"refresh_token": current.refresh_token}, headers=bearer(current)
        )

    async def probe(self) -> dict[str, Any]:
        """Asks ``GET /health`` without an account: ``{reachable, status, milliseconds, message}``."""
        began = time.perf_counter()
        try:
            answer = await self.request("GET", "/health")
            status = str(answer.get("status", "ok")) if isinstance(answer, dict) else "ok"
            found = {"reachable": True, "status": status, "message": "Gauzy answers"}
        except GauzyError as error:
            found = {"reachable": error.status is not None, "status": "error", "message": error.message}
        return {**found, "milliseconds": round((time.perf_counter() - began) * 1000)}

    async def aclose(self) -> None:
        await self._pool.aclose()

    async def workspaces(self, email: str, password: str) -> list[Workspace]:
        """The tenants of a person (``POST /auth/signin.email.password``), one at least. Raises SignInFailed."""
        try:
            listed = await self.request(
                "POST", "/auth/signin.email.password", body={"email": email, "password": password}
            )
        except GauzyRejected as error:
            raise SignInFailed(_refused(email, error), error.status) from error
        found = [
            Workspace(one["user"]["tenant"]["id"], one["user"]["tenant"]["name"], one["token"])
            for one in (listed.get("workspaces", []) if isinstance(listed, dict) else [])
        ]
        if not found:
            raise SignInFailed(f"Gauzy knows no tenant of {email}")
        return found

    async def enter(self, email: str, token: str) -> SignIn:
        """Signs in to the tenant of a :class:`Workspace` (``POST /auth/signin.workspace``). Raises SignInFailed."""
        return await self._let_in("/auth/signin.workspace", {"email": email, "token": token})

    async def organizations(self, current: SignIn) -> dict[str, str]:
        """The names of the person's organizations in this tenant, by id (``GET /user-organization``)."""
        query = memberships(current.identity)
        return names_of(await self.request("GET", "/user-organization", query=query, headers=bearer(current)))

    async def switch(self, current: SignIn, organization_id: str) -> SignIn:
        """The same person in another organization (``POST /auth/switch-organization``). Raises GauzyFault."""
        answer = await self.request(
            "POST", "/auth/switch-organization", body={"organizationId": organization_id}, headers=bearer(current)
        )
        return switched(answer, organization_id)

    async def _let_in(self, path: str, credentials: dict[str, str]) -> SignIn:
        """What Gauzy answers to ``credentials``, which name the ``email``. Raises SignInFailed."""
        email = credentials["email"]
        try:
            answer = await self.request("POST", path, body=credentials)
        except GauzyRejected as error:
            raise SignInFailed(_refused(email, error), error.status) from error
        if not has_tokens(answer):
            raise SignInFailed(f"Gauzy let {email} in without a token; its account may be disabled")
        return await self._with_organization(from_login(answer))

    async def _enter_workspace(self, email: str, password: str, tenant_id: str) -> SignIn:
        found = await self.workspaces(email, password)
        chosen = next((one for one in found if one.tenant_id == tenant_id), None)
        if chosen is None:
            names = ", ".join(f"{one.name} ({one.tenant_id})" for one in found)
            raise SignInFailed(f"{email} is not in tenant {tenant_id}. Tenants of this account: {names}")
        return await self.enter(email, chosen.token)

    async def _with_organization(self, signed_in: SignIn) -> SignIn:
        """Accounts whose token names no organization take their default one (``GET /user-organization``)."""
        identity = signed_in.identity
        if identity.organization_id or not identity.tenant_id:
            return signed_in
        query = memberships(identity)[:-1]
        rows = _rows(await self.request("GET", "/user-organization", query=query, headers=bearer(signed_in)))
        if not rows:
            return signed_in
        chosen = next((row for row in rows if row.get("isDefault")), rows[0])
        found = dataclasses.replace(identity, organization_id=chosen["organizationId"])
        return dataclasses.replace(signed_in, identity=found)


def memberships(identity: Identity) -> list[tuple[str, str]]:
    """The query of ``GET /user-organization`` for one person, with the organizations themselves.

    Gauzy answers for anybody, so it is asked for nobody else.
    """
    where = [("where[userId]", identity.user_id), ("where[tenantId]", identity.tenant_id)]
    return [*where, ("relations[]", "organization")]


def names_of(answer: Any) -> dict[str, str]:
    """The organizations in an answer to :func:`memberships`: their names by id."""
    return {row["organizationId"]: str(row["organization"]["name"]) for row in _rows(answer) if row.get("organization")}


def _check_address(path: str, query: Query) -> None:
    """Refuses ``..``, ``%``, ``?``, ``#``, ``\\``, empty steps, control characters: parsers read them differently."""
    if not _PATH.fullmatch(path) or not {".", ".."}.isdisjoint(path.split("/")):
        raise GauzyFault(f"Not sent: {path[:80]!r} is not a path of Gauzy's API")
    for name, _ in query:
        if not _QUERY_NAME.fullmatch(name):
            raise GauzyFault(f"Not sent: {name[:80]!r} is not a name in a query of Gauzy's API")


def switched(answer: Any, organization_id: str) -> SignIn:
    """Reads the answer of ``POST /auth/switch-organization``. Raises GauzyFault when it let nobody in."""
    # For an organization that is not the person's, Gauzy answers 200 without a body.
    if not has_tokens(answer):
        raise GauzyFault(f"Gauzy did not let this account into the organization {organization_id}", 200)
    return from_login(answer)


def bearer(signed_in: SignIn) -> dict[str, str]:
    """The headers of an account. The spelling of ``Tenant-Id`` matters to Gauzy."""
    return {"Authorization": f"Bearer {signed_in.access_token}", "Tenant-Id": signed_in.identity.tenant_id}


def _rows(answer: Any) -> list[dict[str, Any]]:
    listed = answer.get("items", []) if isinstance(answer, dict) else []
    return [row for row in listed if row.get("organizationId")]


def _wait(error: GauzyError, attempt: int) -> float | None:
    """Seconds until the next attempt, with jitter; None when another attempt would not help or come too late."""
    backoff: float = random.uniform(0.5, 1.0) * 0.2 * 2**attempt  # noqa: S311 - jitter, not a secret
    if isinstance(error, GauzyBusy):
        return max(error.retry_after, backoff) if error.retry_after <= MAX_WAIT_SECONDS else None
    if isinstance(error, GauzyFault) and error.status not in (502, 504):
        return None
    return backoff


def _refused(email: str, error: GauzyRejected) -> str:
    if error.status == 401:
        return f"Gauzy refused the e-mail address or the password of {email}"
    return f"Gauzy refused the sign-in of {email}: {'; '.join(error.messages)}"
