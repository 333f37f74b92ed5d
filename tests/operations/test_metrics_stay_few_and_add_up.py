"""/metrics for Prometheus, with OpenTelemetry's names for MCP."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.operations.conftest import HOLDING, Place
from tests.operations.sockets import initialize, socket
from tests.processes import Server, server
from tests.sessions.client import Client
from tests.transports.calls import client, post, tool

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
DURATION = "mcp_server_operation_duration_seconds_count"
NETWORK = {"network_transport": "tcp", "network_protocol_name": "http"}


def metrics(running: Server) -> Samples:
    text = httpx.get(f"{running.http}/metrics", timeout=30).text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("mcp_server_")
    }


def total(samples: Samples, name: str, **labels: str) -> float:
    wanted = set(labels.items())
    return sum(value for (found, having), value in samples.items() if found == name and wanted <= having)


def test_calls_are_counted_by_tool_outcome_transport_and_revision(place: Place, http: httpx.Client) -> None:
    labels = {"mcp_method_name": "tools/call", "gen_ai_tool_name": "get_projects", **NETWORK}
    before = metrics(place.server)
    tool(http, "get_projects", {"limit": 1})
    tool(http, "get_projects", {"limit": "no number"})
    after = metrics(place.server)
    assert total(after, DURATION, **labels, error_type="") == total(before, DURATION, **labels, error_type="") + 1
    assert (
        total(after, DURATION, **labels, error_type="tool_error")
        == total(before, DURATION, **labels, error_type="tool_error") + 1
    )


def test_prompts_are_counted_by_name(place: Place, http: httpx.Client) -> None:
    [prompt, *_] = post(http, "prompts/list").json()["result"]["prompts"]
    labels = {"mcp_method_name": "prompts/get", "gen_ai_prompt_name": prompt["name"], **NETWORK}
    before = total(metrics(place.server), DURATION, **labels)
    post(http, "prompts/get", {"name": prompt["name"]})
    assert total(metrics(place.server), DURATION, **labels) == before + 1


def test_what_callers_make_up_makes_no_series(place: Place, http: httpx.Client) -> None:
    post(http, "no/such")
    post(http, "prompts/get", {"name": "no_such_prompt"})
    tool(http, "no_such_tool")
    initialize_as(http, "the first one")
    before = set(metrics(place.server))
    for number in range(20):
        post(http, f"made/up/{number}")
        post(http, "prompts/get", {"name": f"made_up_{number}"})
        tool(http, f"made_up_{number}")
        post(http, "ping", MCP_Protocol_Version=f"2099-01-{number:02}")
        initialize_as(http, f"client {number}")
    assert {name for name, _ in set(metrics(place.server)) - before} <= {f"{DURATION[:-6]}_{part}" for part in PARTS}
    assert len(set(metrics(place.server)) - before) <= 3 * SERIES_OF_ONE


PARTS = ("count", "sum", "bucket", "created")
SERIES_OF_ONE = 20


def initialize_as(http: httpx.Client, name: str) -> None:
    """A client of any name and revision."""
    params = {"protocolVersion": name, "capabilities": {}, "clientInfo": {"name": name, "version": name}}
    post(http, "initialize", params)


def test_what_runs_is_seen_while_it_runs(place: Place, http: httpx.Client) -> None:
    caller = Client.opened_at(http, place.server)
    before = total(metrics(place.server), "mcp_server_operations_running")
    with caller.calling(place.server, "test_hold", label="measured") as events:
        events.until("notifications/message")
        assert total(metrics(place.server), "mcp_server_operations_running") == before + 1
        caller.call(place.server, "test_release", label="measured")
        events.answer()
    assert total(metrics(place.server), "mcp_server_operations_running") == before


def test_sessions_are_counted_as_they_begin_and_end(place: Place) -> None:
    before = metrics(place.server)
    with socket(place.server.ws) as opened:
        initialize(opened)
    began = {"network_transport": "tcp", "network_protocol_name": "websocket"}
    ended = {"reason": "closed"}
    after = place.history.until(
        lambda: metrics(place.server),
        lambda now: (
            total(now, "mcp_server_sessions_ended_total", **ended)
            == total(before, "mcp_server_sessions_ended_total", **ended) + 1
        ),
    )
    counted = total(after, "mcp_server_sessions_total", **began) - total(before, "mcp_server_sessions_total", **began)
    assert counted == 1
    life = "mcp_server_session_duration_seconds_count"
    told = {**began, "error_type": "", "mcp_protocol_version": "2025-06-18"}
    assert total(after, life, **told) == total(before, life, **told) + 1


def test_any_of_several_processes_answers_for_all(tmp_path: Path) -> None:
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    extra = {"MCP_TRANSPORT": "http", "PROMETHEUS_MULTIPROC_DIR": str(numbers)}
    with server(extra, str(tmp_path), HOLDING) as a:
        with server(extra, str(tmp_path), HOLDING) as b:
            threads = [threading.Thread(target=_calls, args=(one, 5)) for one in (a, b)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for one in (a, b):
                assert total(metrics(one), DURATION, gen_ai_tool_name="get_server_info") == 10
        assert total(metrics(a), DURATION, gen_ai_tool_name="get_server_info") == 10, "of one that ended too"


def _calls(running: Server, count: int) -> None:
    with client(running.http) as http:
        for _ in range(count):
            tool(http, "get_server_info")
