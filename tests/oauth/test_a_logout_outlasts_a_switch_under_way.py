"""A session that signs out while it is being switched to another organization stays signed out."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from tests.gauzy.stand_in import ORGANIZATION, Account, says
from tests.oauth.knocking import bearer, call, open_session, opened, text_of
from tests.oauth.stand_in import StandIn
from tests.oauth.upstream import PASSWORD, gauzy
from tests.transports.calls import message

LABS = "33333333-0000-4000-8000-0000000000f3"
MEMBER_OF = [
    {"organizationId": ORGANIZATION, "organization": {"id": ORGANIZATION, "name": "Home"}},
    {"organizationId": LABS, "organization": {"id": LABS, "name": "Labs"}},
]


def test_what_was_acknowledged_holds(issuer: StandIn) -> None:
    arrived, release = threading.Event(), threading.Event()
    with gauzy() as upstream, ThreadPoolExecutor(1) as pool:
        upstream.add("ann@example.com")
        there = Account("ann@example.com", claims={"organizationId": LABS})

        async def switch(_: web.BaseRequest) -> web.StreamResponse:
            arrived.set()
            await asyncio.to_thread(release.wait, 30)
            return web.json_response(upstream.issue(there))

        upstream.on("GET", "/user-organization", says({"items": MEMBER_OF, "total": 2}))
        upstream.on("POST", "/auth/switch-organization", switch)
        environment = issuer.environment(
            GAUZY_IDENTITY_MODE="per_user", API_BASE_URL=upstream.url, GAUZY_MCP_HOME=tempfile.mkdtemp()
        )
        token = issuer.token(sub="ann")
        with opened(environment) as (_, client):
            session = open_session(client, token)
            call(client, token, "login", {"email": "ann@example.com", "password": PASSWORD}, **session)
            switching = pool.submit(
                lambda: call(client, token, "switch_organization", {"organization": "Labs"}, **session)
            )
            assert arrived.wait(30)
            # Two requests that run at the same time need two ids.
            logout = message("tools/call", {"name": "logout", "arguments": {}}, request_id=2)
            signed_out = client.post("/sse", json=logout, headers={**bearer(token), **session}).json()["result"]
            release.set()
            told = switching.result()
            status = call(client, token, "get_auth_status", **session)["structuredContent"]
    assert signed_out["structuredContent"]["signedOut"] is True
    assert told["isError"] and "signed out" in text_of(told)
    assert status["authenticated"] is False
