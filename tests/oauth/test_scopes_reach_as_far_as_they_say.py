"""Attack groups 20 and 59: what a scope opens, in which form it comes, and the step up from one to the next."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.oauth.knocking import METADATA, ask, call, knock, opened
from tests.oauth.stand_in import StandIn
from tests.transports.calls import REVISION, envelope, message

CHANGE = {"name": "create_task", "arguments": {"title": "Write the report"}}


def names(client: httpx.Client, token: str) -> set[str]:
    listed = ask(client, "tools/list", token=token)
    assert listed.status_code == 200, listed.text
    return {tool["name"] for tool in listed.json()["result"]["tools"]}


@pytest.mark.parametrize(
    "scopes",
    [
        {"scope": "mcp.read"}, {"scope": ["mcp.read"]}, {"scope": None, "scp": "openid mcp.read"},
        {"scope": "openid", "scp": ["mcp.read"]}, {"scope": "mcp.write"}, {"scope": "mcp.admin"},
        {"scope": "https://mcp.example.com/mcp.read"},
    ],
)  # fmt: skip
def test_group_20_reading_is_open_to_whoever_may_read(
    client: httpx.Client, issuer: StandIn, scopes: dict[str, Any]
) -> None:
    assert not call(client, issuer.token(**scopes), "get_projects").get("isError")


@pytest.mark.parametrize(
    "scopes",
    [
        {"scope": None}, {"scope": ""}, {"scope": "mcp.readx"}, {"scope": "MCP.READ"}, {"scope": "mcp.rea mcp"},
        {"scope": "mcp:read"}, {"scope": "openid profile"}, {"scope": "mcp.read\tx"}, {"scope": "xmcp.admin"},
        {"scope": "https://other.example.com/mcp.read"}, {"scope": ["mcp.read mcp.write"]},
    ],
)  # fmt: skip
def test_group_20_scopes_that_only_look_alike_open_nothing(
    client: httpx.Client, issuer: StandIn, scopes: dict[str, Any]
) -> None:
    token = issuer.token(**scopes)
    assert knock(client, token).status_code == 200, "nothing is demanded at the door"
    assert names(client, token) == set()
    for method, params in (
        ("tools/call", {"name": "get_projects", "arguments": {}}),
        ("tools/call", {"name": "search_tools", "arguments": {"query": "task"}}),
        ("resources/read", {"uri": "gauzy://projects"}),
        ("prompts/get", {"name": "daily_standup"}),
    ):
        assert ask(client, method, params, token=token).status_code == 403


@pytest.mark.parametrize("scope", [5, True, {"mcp.read": True}, [5], [["mcp.read"]]])
def test_group_20_scopes_of_another_shape_refuse_the_token(client: httpx.Client, issuer: StandIn, scope: Any) -> None:
    assert knock(client, issuer.token(scope=scope)).status_code == 401


def test_group_20_a_remembered_token_is_measured_anew_by_every_request(client: httpx.Client, issuer: StandIn) -> None:
    """The earlier implementation answered from its cache before it looked at scopes."""
    token = issuer.token(scope="mcp.read")
    for _ in range(3):
        assert knock(client, token).status_code == 200
        assert ask(client, "tools/call", CHANGE, token=token).status_code == 403


def test_tools_are_listed_as_far_as_the_scopes_reach(client: httpx.Client, issuer: StandIn) -> None:
    reads, writes = names(client, issuer.token(scope="mcp.read")), names(client, issuer.token(scope="mcp.write"))
    assert "get_projects" in reads and "create_task" not in reads
    assert reads < writes and "create_task" in writes
    assert names(client, issuer.token(scope="mcp.read openid x y")) == reads
    every = {"X-MCP-Toolsets": "all"}
    assert "cleanup_sessions" in ask(client, "tools/list", token=issuer.token(scope="mcp.admin"), **every).text
    assert "cleanup_sessions" not in ask(client, "tools/list", token=issuer.token(), **every).text


def test_group_59_a_missing_scope_is_told_with_all_that_is_needed(client: httpx.Client, issuer: StandIn) -> None:
    answer = ask(client, "tools/call", CHANGE, token=issuer.token(scope="mcp.read"))
    assert answer.status_code == 403
    assert answer.json() == {
        "error": "insufficient_scope",
        "error_description": "Request requires higher privileges than provided",
        "scope": "mcp.read mcp.write",
    }
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer resource_metadata="{METADATA}/sse", error="insufficient_scope", '
        'error_description="Request requires higher privileges than provided", scope="mcp.read mcp.write"'
    )
    stepped_up = call(client, issuer.token(scope=answer.json()["scope"]), "create_task", CHANGE["arguments"])
    assert not stepped_up.get("isError"), stepped_up


def test_group_59_call_tool_lends_no_scope(client: httpx.Client, issuer: StandIn) -> None:
    through = {"name": "call_tool", "arguments": {"name": "create_task", "arguments": CHANGE["arguments"]}}
    assert ask(client, "tools/call", through, token=issuer.token(scope="mcp.read")).status_code == 403
    admin = {"name": "call_tool", "arguments": {"name": "cleanup_sessions", "arguments": {}}}
    answer = ask(client, "tools/call", admin, token=issuer.token())
    assert answer.json()["scope"] == "mcp.read mcp.write mcp.admin"


def test_group_59_the_stateless_era_steps_up_alike(client: httpx.Client, issuer: StandIn) -> None:
    headers = {
        "Authorization": f"Bearer {issuer.token(scope='mcp.read')}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": REVISION,
        "Mcp-Method": "tools/call",
        "Mcp-Name": "create_task",
    }
    answer = client.post("/mcp", json=message("tools/call", {**envelope(), **CHANGE}), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
    assert f'resource_metadata="{METADATA}/mcp"' in answer.headers["WWW-Authenticate"]


def test_scopes_at_the_door_are_demanded_of_every_request(issuer: StandIn) -> None:
    with opened(issuer.environment(MCP_AUTH_REQUIRED_SCOPES="mcp.read,mcp.write")) as (_, client):
        assert 'scope="mcp.read mcp.write"' in knock(client).headers["WWW-Authenticate"]
        refused = knock(client, issuer.token(scope="mcp.read"))
        assert (refused.status_code, refused.json()["scope"]) == (403, "mcp.read mcp.write")
        for scope in ("mcp.read mcp.write", "mcp.write", "mcp.admin"):
            assert knock(client, issuer.token(scope=scope)).status_code == 200
