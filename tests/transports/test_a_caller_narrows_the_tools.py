"""Toolsets by header, by URL, at the upgrade of a socket and by a flag; an unknown name lists the known ones."""

from __future__ import annotations

import json

import httpx
import pytest
from websockets.sync.client import connect

from tests.commands.run import manage
from tests.processes import Server, Stdio, server
from tests.transports.calls import message, post, tool


def names(answer: object) -> set[str]:
    return {one["name"] for one in answer["result"]["tools"]}  # type: ignore[index]


def test_a_header_or_the_url_chooses_toolsets(http: httpx.Client) -> None:
    by_header = names(post(http, "tools/list", **{"X-MCP-Toolsets": "timer,diagnostics"}).json())
    by_url = names(http.post("/sse?toolsets=timer,diagnostics", json=message("tools/list")).json())
    assert by_header == by_url
    assert {"start_timer", "get_server_info"} <= by_header and "get_projects" not in by_header
    assert "get_projects" in names(post(http, "tools/list").json())


def test_readonly_hides_and_refuses_what_changes_data(http: httpx.Client) -> None:
    read_only = {"X-MCP-Readonly": "true"}
    listed = names(post(http, "tools/list", **read_only).json())
    assert "get_projects" in listed and "create_project" not in listed
    refused = tool(http, "create_project", {"name": "x"}, **read_only).json()["result"]
    assert refused["isError"] and "X-MCP-Readonly" in refused["content"][0]["text"]


@pytest.mark.parametrize("headers", [{"X-MCP-Toolsets": "core,nope"}, {"X-MCP-Readonly": "perhaps"}])
def test_an_unknown_choice_is_an_error_that_lists_the_known(http: httpx.Client, headers: dict[str, str]) -> None:
    answer = post(http, "tools/list", **headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32602)
    assert "core, all" in answer.json()["error"]["message"] or "true or false" in answer.json()["error"]["message"]


def test_what_the_operator_chose_can_only_be_narrowed() -> None:
    with (
        server({"MCP_TRANSPORT": "http", "MCP_TOOLSETS": "projects,timer"}) as live,
        httpx.Client(base_url=live.http) as client,
    ):
        assert "get_tasks" not in names(post(client, "tools/list", **{"X-MCP-Toolsets": "all"}).json())
        narrowed = names(post(client, "tools/list", **{"X-MCP-Toolsets": "timer,tasks"}).json())
        assert "start_timer" in narrowed and not narrowed & {"get_projects", "get_tasks"}


def test_a_socket_chooses_at_its_upgrade(live: Server) -> None:
    with connect(live.ws + "/sse?toolsets=timer") as socket:
        socket.send(json.dumps(message("tools/list")))
        assert names(json.loads(socket.recv())) == {"start_timer", "stop_timer", "timer_status"}


def test_stdio_chooses_by_a_flag() -> None:
    with Stdio(None, "--toolsets", "timer") as client:
        assert names(client.ask("tools/list")) == {"start_timer", "stop_timer", "timer_status"}
    refused = manage("runstdio", "--toolsets", "nope")
    assert refused.returncode == 2 and "known are core, all" in refused.stderr
