"""Whatever the way in: client program, address, Gauzy account and organization, also of the configured account."""

from __future__ import annotations

from typing import Any

import httpx

from tests.conformance.clients import calling, opening
from tests.conformance.test_clients_of_2024_11_05_converse_over_a_stream import conversing
from tests.operations.conftest import Place
from tests.operations.operators import Operator
from tests.operations.sockets import call, initialize, name_of, socket
from tests.processes import Stdio
from tests.transports.calls import initialize as open_session
from tests.transports.calls import tool

CALLS, SESSIONS = "/admin/operations/callrecord/", "/admin/operations/sessionrecord/"
HERE = "127.0.0.1"
DEMO = "demo@gauzy.local"


def headers_of(http: httpx.Client) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in open_session(http).items()}


def session_of(http: httpx.Client, headers: dict[str, str]) -> str:
    answer = tool(http, "get_session_info", **headers).json()
    return str(answer["result"]["structuredContent"]["session"])


def who(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["account"], bool(row["account_name"]), bool(row["organization"]), row["address"])


def last_call(place: Place, uid: str, name: str) -> dict[str, Any]:
    found = place.history.until(
        lambda: [row for row in place.history.calls() if (row["session_id"], row["tool"]) == (uid, name)], bool
    )
    return dict(found[-1])


def test_a_session_over_http_with_the_configured_account(place: Place, http: httpx.Client) -> None:
    headers = headers_of(http)
    uid = session_of(http, headers)
    tool(http, "get_projects", {"limit": 1}, **headers)
    row = place.history.session(uid, calls=2)
    assert who(row) == (DEMO, True, True, HERE)
    assert row["uses_configured_account"] and (row["client_name"], row["client_version"]) == ("test", "1")
    made = last_call(place, uid, "get_projects")
    assert who(made) == who(row)
    assert (made["client_name"], made["client_version"], made["transport"]) == ("test", "1", "http")


def test_an_account_of_ones_own_is_not_the_configured_one(place: Place, http: httpx.Client) -> None:
    headers = headers_of(http)
    uid = session_of(http, headers)
    tool(http, "login", {"email": "manager@gauzy.local", "password": "demo"}, **headers)
    tool(http, "get_projects", {"limit": 1}, **headers)
    row = place.history.session(uid, calls=3, account="manager@gauzy.local")
    assert who(row) == ("manager@gauzy.local", True, True, HERE) and not row["uses_configured_account"]
    assert last_call(place, uid, "get_session_info")["account"] == DEMO, "a call keeps whom it was made as"
    assert last_call(place, uid, "get_projects")["account"] == "manager@gauzy.local"


def test_a_socket(place: Place) -> None:
    with socket(place.server.ws) as opened:
        uid = name_of(opened)
        assert place.history.session(uid)["address"] == HERE
        initialize(opened)
        call(opened, "get_projects", limit=1)
        row = place.history.session(uid, client_name="socket", calls=2)
        assert who(row) == (DEMO, True, True, HERE)
        made = last_call(place, uid, "get_projects")
        assert (who(made), made["client_name"]) == (who(row), "socket")


async def test_the_streams_of_2024_11_05(place: Place) -> None:
    async with conversing(place.server) as client:
        await client.ask(opening("2024-11-05"))
        await client.ask(calling("get_projects", 2))
        (row,) = place.history.until(
            lambda: [row for row in place.history.sessions() if row["transport"] == "sse" and row["calls"]], bool
        )
        assert who(row) == (DEMO, True, True, HERE)
        assert row["client_name"] and last_call(place, row["uid"], "get_projects")["address"] == HERE


def test_a_stdio_process_of_the_same_home(place: Place) -> None:
    with Stdio(home=str(place.home)) as client:
        client.ask("initialize", opening("2025-11-25")["params"])
        client.ask("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}, 2)
        answer = client.ask("tools/call", {"name": "get_session_info", "arguments": {}}, 3)
        uid = answer["result"]["structuredContent"]["session"]
        row = place.history.session(uid, calls=2, state="live")
        assert (row["transport"], row["revision"], row["in_flight"]) == ("stdio", "2025-11-25", 0)
        assert who(row) == (DEMO, True, True, "") and row["client_name"]
        made = last_call(place, uid, "get_projects")
        assert (who(made), made["transport"], made["outcome"]) == (who(row), "stdio", "ok")
        assert len(made["digest"]) == 64
        client.finish()
        assert place.history.session(uid, state="closed")["calls"] == 2


def test_the_lists_of_the_admin_show_it(place: Place, operator: Operator, http: httpx.Client) -> None:
    headers = headers_of(http)
    uid = session_of(http, headers)
    tool(http, "get_projects", {"limit": 1}, **headers)
    organization = place.history.session(uid, calls=2)["organization"]
    last_call(place, uid, "get_projects")
    for page in (f"{SESSIONS}?q={uid}", f"{CALLS}?q={uid}", f"{SESSIONS}{uid}/change/"):
        shown = operator.http.get(page).text
        for told in (f"&lt;{DEMO}&gt;", organization, "test 1" if "q=" in page else "test", HERE):
            assert told in shown, (page, told)
