"""Asks a sandbox over ASGI, without a server between, so that header names keep their spelling."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident

TENANT = ident("tenant", demo.TENANT)
ORGANIZATION = ident("organization", demo.ORGANIZATION)
OWNER = {"organizationId": ORGANIZATION, "tenantId": TENANT}
WHERE = [("where[organizationId]", ORGANIZATION), ("where[tenantId]", TENANT)]
NOBODYS = "00000000-0000-4000-8000-000000000000"
"""An id that no record has."""


@dataclass(frozen=True)
class Answer:
    status: int
    type: str
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None


@dataclass
class Caller:
    """Somebody who asks; ``headers`` go with every request."""

    sandbox: Sandbox
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, method: str, path: str, query: Any = (), body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """``body`` is sent as JSON; a text is sent as it is."""
        raw = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        named = self.headers if headers is None else headers
        scope = {
            "type": "http", "method": method, "path": f"/api{path}", "query_string": urlencode(list(query)).encode(),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.sandbox(scope, receive, send)
        kind = dict(sent[0]["headers"]).get(b"content-type", b"").decode()
        return Answer(sent[0]["status"], kind, b"".join(part["body"] for part in sent[1:]))

    async def get(self, path: str, *query: tuple[str, str]) -> Answer:
        return await self.ask("GET", path, query)

    async def listed(self, path: str, *query: tuple[str, str]) -> list[dict[str, Any]]:
        """The items of a list that belongs to the demo company."""
        answer = await self.ask("GET", path, [*WHERE, *query])
        assert answer.status == 200, answer.body
        return answer.body["items"]


async def signed_in(sandbox: Sandbox, email: str = "demo@gauzy.local") -> Caller:
    """Somebody of the demo company, with the headers that every request wants."""
    answer = await Caller(sandbox).ask("POST", "/auth/login", body={"email": email, "password": demo.PASSWORD})
    assert answer.status == 200, answer.body
    token, tenant = answer.body["token"], answer.body["user"]["tenantId"]
    return Caller(sandbox, {"Authorization": f"Bearer {token}", "Tenant-Id": tenant})
