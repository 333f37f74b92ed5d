"""The rules that hold for every request, each with how it is tried by any way in."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.access.places import MAX_BODY, ORIGIN, THROTTLE_LIMIT, Places
from tests.access.ways import INFO, Duplex, Outcome, Place, Sender, Way
from tests.operations.places import History
from tests.tables import NAME
from tests.transports.calls import message

DEMO = {"email": "demo@gauzy.local", "password": "demo"}
EMMA = {"email": "employee@gauzy.local", "password": "demo"}
NEVER_LISTED = "get_projects"
_addresses = itertools.count(1)

LOCAL = "n/a: a process of the person who started it, with no network, no headers and no tokens"
READS = "n/a: it only reads"
NO_TOOL = "n/a: it calls no tool"
Check = Callable[[Places, Way], None]


@dataclass(frozen=True)
class Rule:
    """``check`` tries the rule by a way in; ``excused`` says for which ways it cannot be tried, and why."""

    name: str
    check: Check
    excused: Mapping[str, str] = field(default_factory=dict)


RULES: list[Rule] = []


def rule(name: str, **excused: str) -> Callable[[Check], Check]:
    """Adds a rule. Names of excused ways have underscores for their spaces."""

    def add(check: Check) -> Check:
        ways = {way if way == "call_tool" else way.replace("_", " "): why for way, why in excused.items()}
        RULES.append(Rule(name, check, ways))
        return check

    return add


WITHOUT_TOOLS = {
    "GET_stream": NO_TOOL,
    "prompt": READS,
    "resource": READS,
    "completion": READS,
    "session_REST": NO_TOOL,
}


def somebody(place: Place) -> Sender:
    """A client at an address of its own."""
    number = next(_addresses)
    return Sender(place, headers={"X-Forwarded-For": f"203.0.{number // 250}.{number % 250 + 1}"})


def until_refused(used: Callable[[], Outcome], most: int) -> int:
    """How many requests were admitted before the first refusal for being one too many."""
    for admitted in range(most + 1):
        found = used()
        if found.status == 429 or found.code == -32029 or "Too many requests" in found.text:
            return admitted
    raise AssertionError(f"{most + 1} requests were admitted")


@rule("rate limit", stdio=LOCAL)
def rate_limit(places: Places, way: Way) -> None:
    with way.open(somebody(places["throttled"])) as ask:
        assert until_refused(lambda: way.used(ask), THROTTLE_LIMIT) <= THROTTLE_LIMIT


@rule("login limit", stdio=LOCAL, task="n/a: login is never a task", **WITHOUT_TOOLS)
def login_limit(places: Places, way: Way) -> None:
    sender = somebody(places["throttled"])
    wrong = {"email": f"{secrets.token_hex(4)}@gauzy.local", "password": "wrong"}
    with way.open(sender) as ask:
        assert until_refused(lambda: way.called(ask, "login", **wrong), 10) == 10


@rule("read-only server", **WITHOUT_TOOLS)
def read_only_server(places: Places, way: Way) -> None:
    with way.open(Sender(places["read-only"])) as ask:
        refused(change(way, ask), "MCP_READ_ONLY")


@rule("read-only header", stdio=LOCAL, **WITHOUT_TOOLS)
def read_only_header(places: Places, way: Way) -> None:
    with way.open(Sender(places["open"]).with_headers(X_MCP_Readonly="true")) as ask:
        refused(change(way, ask), "X-MCP-Readonly")


@rule("read-only scope", stdio=LOCAL, **WITHOUT_TOOLS)
def read_only_scope(places: Places, way: Way) -> None:
    token = places.issuer.token(sub="reader", scope="mcp.read")
    with way.open(Sender(places["oauth"], token=token)) as ask:
        refused(change(way, ask), "mcp.write")


def change(way: Way, ask: Any) -> Outcome:
    if way.name == "task":
        return way.called(ask, "bulk_create_tasks", tasks=[{"title": "never made"}])
    return way.called(ask, "create_project", name="never made")


def refused(found: Outcome, why: str) -> None:
    assert found.refused and (why in found.text or why in str(found.headers)), found


@rule(
    "tool selection", stdio="n/a: chosen by a flag, see test_a_caller_narrows_the_tools", task=NO_TOOL, **WITHOUT_TOOLS
)
def tool_selection(places: Places, way: Way) -> None:
    with way.open(Sender(places["open"]).with_headers(X_MCP_Toolsets="timer")) as ask:
        if way.name != "call_tool":
            listed = {tool["name"] for tool in ask("tools/list", {}).result["tools"]}
            assert listed == {"start_timer", "stop_timer", "timer_status"}
        found = way.called(ask, "search_tools", query="list projects and tasks, start a timer")
        assert "start_timer" in found.text and NEVER_LISTED not in found.text, found


@rule("authentication", stdio=LOCAL)
def authentication(places: Places, way: Way) -> None:
    for token in (None, "garbage"):
        with way.open(Sender(places["oauth"], token=token)) as ask:
            assert way.used(ask).status == 401


@rule("required scope", stdio=LOCAL)
def required_scope(places: Places, way: Way) -> None:
    token = places.issuer.token(sub="stranger", scope="openid")
    with way.open(Sender(places["oauth"], token=token)) as ask:
        refused(way.used(ask), "mcp.read")


NO_MORE = "n/a: needs no scope besides the required one"


@rule(
    "step-up", stdio=LOCAL,
    GET_stream=NO_MORE, prompt=NO_MORE, resource=NO_MORE, completion=NO_MORE, session_REST=NO_MORE,
)  # fmt: skip
def step_up(places: Places, way: Way) -> None:
    """What is asked for holds what was granted before, so that a client does not lose it by asking for more."""
    token = places.issuer.token(sub="reader", scope="mcp.read")
    with way.open(Sender(places["oauth"], token=token)) as ask:
        found = change(way, ask)
    told = found.headers.get("www-authenticate", "") + found.text
    asked = re.search(r'scope\\?": ?\\?"([^"\\]+)|scope="([^"]+)"', told)
    assert asked is not None, found
    assert set((asked[1] or asked[2]).split()) == {"mcp.read", "mcp.write"}
    by_http = way.name not in ("batch", "legacy SSE", "WebSocket handshake", "WebSocket stateless")
    assert (found.status == 403) is by_http


STATELESS = "n/a: carries no session"


@rule(
    "foreign session", stdio=LOCAL,
    POST_plain=STATELESS, POST_stateless=STATELESS, call_tool=STATELESS, task=STATELESS, prompt=STATELESS,
    resource=STATELESS, completion=STATELESS, WebSocket_stateless=STATELESS,
)  # fmt: skip
def foreign_session(places: Places, way: Way) -> None:
    place, alice = places["oauth"], places.issuer.token(sub="alice")
    bob = Sender(place, token=places.issuer.token(sub="bob"))
    named = session_of(place, alice)
    if way.name == "WebSocket handshake":
        # A browser may still have the cookie of who used it before: it gets a session of its own.
        cookies = f"mcp-session-id={named}; mcp-ws-session-id={named}"
        with way.open(Sender(place, bob.token, {"Origin": ORIGIN}, cookies)) as ask:
            found = way.called(ask, "get_session_info")
        assert not found.refused and json.loads(found.text)["result"]["structuredContent"]["transport"] == "websocket"
        assert uid_of(place, alice, named) not in found.text
        return
    with way.open(Sender(place, bob.token, session=named)) as ask:
        found = way.used(ask)
    assert found.status == 404, found


def session_of(place: Place, token: str | None = None) -> str:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": INFO}
    answer = httpx.post(f"{place.server.http}/mcp", json=message("initialize", params), headers=headers)
    return answer.headers["Mcp-Session-Id"]


def uid_of(place: Place, token: str, session: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    return str(httpx.get(f"{place.server.http}/sse/session/{session}", headers=headers).json()["uid"])


NO_COOKIE = "n/a: looks at no cookie"
OWN = "n/a: its session is its stream, whose name only its client gets"


@rule(
    "new session id at login", stdio=LOCAL, legacy_SSE=OWN, GET_stream=NO_TOOL, prompt=READS, resource=READS,
    completion=READS, session_REST=NO_COOKIE, POST_stateless="n/a: signs in to no session",
    WebSocket_stateless="n/a: signs in to no session", task="n/a: login is never a task",
    call_tool="n/a: carries no session",
)  # fmt: skip
def new_session_id_at_login(places: Places, way: Way) -> None:
    """Whoever planted a cookie in a browser does not get into the session that is signed in with it."""
    place = places["open"]
    for before in (None, DEMO):
        planted = session_of_batches(place) if way.name == "batch" else session_of(place)
        if before is not None:
            called_in(place, planted, "login", before)
        cookies = f"mcp-session-id={planted}; mcp-ws-session-id={planted}"
        with way.open(Sender(place, headers={"Origin": ORIGIN}, cookies=cookies)) as ask:
            signed_in = way.called(ask, "login", **EMMA)
            assert not signed_in.refused
            if isinstance(ask, Duplex):
                assert EMMA["email"] in way.called(ask, "get_auth_status").text
        assert EMMA["email"] not in called_in(place, planted, "get_auth_status", {})
        if not isinstance(ask, Duplex):
            own = signed_in.headers["mcp-session-id"]
            assert own != planted and EMMA["email"] in called_in(place, own, "get_auth_status", {})


def called_in(place: Place, session: str, tool: str, arguments: Mapping[str, str]) -> str:
    call = message("tools/call", {"name": tool, "arguments": dict(arguments)})
    headers = {"Mcp-Session-Id": session, "Accept": "application/json"}
    return httpx.post(f"{place.server.http}/mcp", json=call, headers=headers, timeout=30).text


def session_of_batches(place: Place) -> str:
    params = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": INFO}
    answer = httpx.post(f"{place.server.http}/mcp", json=message("initialize", params))
    return answer.headers["Mcp-Session-Id"]


@rule("Origin", stdio=LOCAL)
def foreign_origin(places: Places, way: Way) -> None:
    with way.open(Sender(places["open"], headers={"Origin": "https://evil.example"})) as ask:
        assert way.used(ask).status == 403


@rule("Host", stdio=LOCAL)
def foreign_host(places: Places, way: Way) -> None:
    with way.open(Sender(places["open"], headers={"Host": "evil.example"})) as ask:
        assert way.used(ask).status == 403


NO_BODY = "n/a: reads no body"


@rule(
    "body limit",
    GET_stream=NO_BODY,
    session_REST=NO_BODY,
    stdio="n/a: 16 MiB a line, see test_stdio_speaks_only_protocol",
)
def body_limit(places: Places, way: Way) -> None:
    with way.open(Sender(places["open"])) as ask:
        found = ask("ping", {"filler": "x" * MAX_BODY})
        assert found.status == 413 or found.code == 1009, found


ALONE = "n/a: a single POST has no scope in which requests could be counted; budgets of callers are issue 16"


@rule(
    "in-flight limit",
    POST_plain=ALONE, POST_stateless=ALONE, call_tool=ALONE, prompt=ALONE, resource=ALONE, completion=ALONE, task=ALONE,
    GET_stream="n/a: a stream is no request", session_REST="n/a: answered at once",
)  # fmt: skip
def in_flight_limit(places: Places, way: Way) -> None:
    place, label = places["open"], f"held by {way.name}"
    hold = ("tools/call", {"name": "test_hold", "arguments": {"label": label}})
    with way.open(Sender(place)) as ask:
        if isinstance(ask, Duplex):
            ask.send(*hold)
            found = way.used(ask)
            if "notifications/message" in found.text:
                found = ask.receive()
        else:
            holding = threading.Thread(target=ask, args=hold)
            holding.start()
            elsewhere(place, "test_begun", label)
            found = way.used(ask)
            elsewhere(place, "test_release", label)
            holding.join()
    assert found.code == -32029 and "MCP_MAX_IN_FLIGHT" in found.text, found


def elsewhere(place: Place, tool: str, label: str) -> None:
    call = message("tools/call", {"name": tool, "arguments": {"label": label}})
    httpx.post(f"{place.server.http}/mcp", json=call, timeout=30).raise_for_status()


@rule("recorded in history", **WITHOUT_TOOLS)
def recorded(places: Places, way: Way) -> None:
    """Also a call that was refused, with whom it was made as."""
    place = places["read-only"]
    before = len(history(place))
    with way.open(Sender(place)) as ask:
        assert change(way, ask).refused
        (made,) = History(Path(place.home)).until(lambda: history(place)[before:], bool)
    transport = {"legacy SSE": "sse", "stdio": "stdio"}.get(
        way.name, "websocket" if "WebSocket" in way.name else "http"
    )
    tool = "bulk_create_tasks" if way.name == "task" else "create_project"
    address = "" if transport == "stdio" else "127.0.0.1"
    assert made == (tool, transport, "error", DEMO["email"], address)


def history(place: Place) -> list[tuple[str, ...]]:
    columns = "tool, transport, outcome, account, address"
    with contextlib.closing(sqlite3.connect(f"file:{Path(place.home) / NAME}?mode=ro", uri=True)) as database:
        return database.execute(f"SELECT {columns} FROM operations_callrecord ORDER BY id").fetchall()
