"""A Gauzy API host as such, without any user: requests, retries, sign-in, health."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.gauzy import answers
from mcp_tools.gauzy.breaker import Breaker
from mcp_tools.gauzy.errors import GauzyBusy, GauzyError, GauzyFault, GauzyRejected, GauzyUnreachable, SignInFailed
from mcp_tools.gauzy.identity import SignIn, from_login, has_tokens, refreshed
from mcp_tools.gauzy.pool import ApiSettings, HttpAnswer, Pool

if TYPE_CHECKING:
    import httpx

ATTEMPTS: Final = 3
MAX_WAIT_SECONDS: Final = 4.0
"""The longest a request waits before another attempt; a longer Retry-After is passed on to the caller."""

Query = Sequence[tuple[str, str]]


class GauzyApi:
    """Shared by everybody who uses one API host. Holds no user's data.

    ``clock`` tells seconds that only go forward, and ``sleep`` waits for some of them.
    """

    def __init__(
        self,
        settings: ApiSettings,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.settings = settings
        self._pool = Pool(settings, transport)
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
        All attempts and the waits between them together take no longer than API_TIMEOUT.
        """
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
        body = {"email": email, "password": password}
        try:
            if tenant_id is None:
                answer = await self.request("POST", "/auth/login", body=body)
            else:
                answer = await self._enter_workspace(body, tenant_id)
        except GauzyRejected as error:
            raise SignInFailed(_refused(email, error), error.status) from error
        if not has_tokens(answer):
            raise SignInFailed(f"Gauzy let {email} in without a token; its account may be disabled")
        return await self._with_organization(from_login(answer))

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

    async def _enter_workspace(self, body: dict[str, str], tenant_id: str) -> Any:
        listed = await self.request("POST", "/auth/signin.email.password", body=body)
        tenants = {}
        for workspace in listed.get("workspaces", []) if isinstance(listed, dict) else []:
            tenant = workspace["user"]["tenant"]
            tenants[tenant["id"]] = tenant["name"]
            if tenant["id"] == tenant_id:
                entry = {"email": body["email"], "token": workspace["token"]}
                return await self.request("POST", "/auth/signin.workspace", body=entry)
        names = ", ".join(f"{name} ({known})" for known, name in tenants.items())
        raise SignInFailed(f"{body['email']} is not in tenant {tenant_id}. Tenants of this account: {names or 'none'}")

    async def _with_organization(self, signed_in: SignIn) -> SignIn:
        """Accounts whose token names no organization take their default one (``GET /user-organization``)."""
        identity = signed_in.identity
        if identity.organization_id or not identity.tenant_id:
            return signed_in
        query = [("where[userId]", identity.user_id), ("where[tenantId]", identity.tenant_id)]
        answer = await self.request("GET", "/user-organization", query=query, headers=bearer(signed_in))
        listed = answer.get("items", []) if isinstance(answer, dict) else []
        rows = [row for row in listed if row.get("organizationId")]
        if not rows:
            return signed_in
        chosen = next((row for row in rows if row.get("isDefault")), rows[0])
        found = dataclasses.replace(identity, organization_id=chosen["organizationId"])
        return dataclasses.replace(signed_in, identity=found)


def bearer(signed_in: SignIn) -> dict[str, str]:
    """The headers of an account. The spelling of ``Tenant-Id`` matters to Gauzy."""
    return {"Authorization": f"Bearer {signed_in.access_token}", "Tenant-Id": signed_in.identity.tenant_id}


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
