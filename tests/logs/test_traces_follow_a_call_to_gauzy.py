"""With the standard variables of OpenTelemetry set, a call is one trace: from its client, through us, to Gauzy."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from typing import Any

import httpx
import pytest
from aiohttp import web
from websockets.sync.client import connect

from tests.logs.collector import Collector, Span, collector
from tests.oauth.upstream import PASSWORD, gauzy
from tests.processes import PATIENCE_SECONDS, ROOT, Stdio, environment, server
from tests.transports.calls import REVISION, envelope, initialize, message, tool

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
OTHER_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
OTHER_TRACEPARENT = f"00-{OTHER_TRACE}-00f067aa0ba902b7-01"
SERVER_KIND, CLIENT_KIND = 2, 3


def call(name: str = "get_projects", meta: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    params: dict[str, Any] = {"name": name, "arguments": arguments}
    return message("tools/call", {**params, "_meta": meta} if meta else params)


def test_the_trace_of_the_message_goes_on_to_gauzy_over_http() -> None:
    with collector() as collected:
        with server({**collected.variables, "MCP_LOG_FORMAT": "json"}) as live:
            with httpx.Client(base_url=live.http, timeout=30) as client:
                headers = initialize(client) | {"Accept": "application/json, text/event-stream"}
                client.post("/mcp", json=call(meta={"traceparent": TRACEPARENT}, limit=1), headers=headers)
            logged = live.logged()
        span = one(collected, "tools/call get_projects")
        assert (span.trace, span.parent, span.kind, span.failed) == (TRACE, PARENT, SERVER_KIND, False)
        assert span.attributes == {
            "mcp.method.name": "tools/call",
            "gen_ai.tool.name": "get_projects",
            "gen_ai.operation.name": "execute_tool",
            "jsonrpc.request.id": "1",
            "network.transport": "tcp",
            "network.protocol.name": "http",
            "mcp.protocol.version": "2025-11-25",
            "mcp.session.id": span.attributes["mcp.session.id"],
        }
        assert headers["Mcp-Session-Id"] not in str(collected.spans), "the id is a credential"
        outgoing = [one for one in collected.spans if one.kind == CLIENT_KIND and one.parent == span.id]
        assert outgoing and all(one.trace == TRACE for one in outgoing)
        assert outgoing[0].attributes["http.response.status_code"] == 200
        assert outgoing[0].attributes["url.template"].startswith("/api/")
        assert outgoing[0].attributes["server.port"] == 80
        begun = one(collected, "initialize")
        assert begun.attributes["mcp.protocol.version"] == "2025-11-25", "as it was agreed on"
        assert begun.attributes["mcp.session.id"] == span.attributes["mcp.session.id"]
        assert collected.resources[0]["service.name"] == "gauzy-mcp-server"
        lines = [json.loads(line) for line in logged.splitlines()]
        [told] = [line for line in lines if line["message"].startswith("call ")]
        assert (told["trace_id"], told["span_id"]) == (TRACE, span.id)


def test_gauzy_hears_of_the_trace_and_ids_are_no_part_of_names() -> None:
    with gauzy() as upstream, collector() as collected:
        upstream.add("a@example.com")
        account = {"GAUZY_AUTH_EMAIL": "a@example.com", "GAUZY_AUTH_PASSWORD": PASSWORD}
        with server({**collected.variables, "API_BASE_URL": upstream.url, **account}) as live:
            httpx.post(f"{live.http}/sse", json=call(), headers={"traceparent": TRACEPARENT}, timeout=30)
            call_with_both = call(meta={"traceparent": OTHER_TRACEPARENT})
            httpx.post(f"{live.http}/sse", json=call_with_both, headers={"traceparent": TRACEPARENT}, timeout=30)
            malformed = call(meta={"traceparent": "00-nonsense-01"})
            httpx.post(f"{live.http}/sse", json=malformed, headers={"traceparent": TRACEPARENT}, timeout=30)
        first, both, fallen_back = collected.named("tools/call get_projects")
        assert (first.parent, first.links) == (PARENT, []), "the header of HTTP, where the message has none"
        assert (both.trace, both.links) == (OTHER_TRACE, [TRACE]), "that of the message, with a link to the other"
        assert (fallen_back.trace, fallen_back.parent) == (TRACE, PARENT), "where that of the message is malformed"
        sent = [request.headers.get("traceparent", "") for request in upstream.requests]
        assert {value[:35] for value in sent} == {f"00-{TRACE}", f"00-{OTHER_TRACE}"}


def test_messages_of_a_socket_and_of_a_process_have_traces_of_their_own() -> None:
    with collector() as collected:
        with server(collected.variables) as live, connect(live.ws + "/sse") as opened:
            opened.send(json.dumps(call(meta={"traceparent": TRACEPARENT})))
            opened.recv()
            opened.send(json.dumps(message("tools/list", envelope())))
            opened.recv()
        with Stdio(collected.variables) as client:
            client.ask("tools/call", {"name": "get_projects", "arguments": {}})
            client.finish()
        first, second = collected.named("tools/call get_projects")
        listed = one(collected, "tools/list")
    assert (first.trace, first.attributes["network.protocol.name"]) == (TRACE, "websocket")
    assert listed.attributes["mcp.protocol.version"] == REVISION, "a stateless request says its own"
    assert second.trace != TRACE and second.parent == ""
    assert second.attributes["network.transport"] == "pipe" and "network.protocol.name" not in second.attributes


def test_what_goes_wrong_is_told_by_its_type() -> None:
    with collector() as collected:
        with server(collected.variables) as live, httpx.Client(base_url=live.http, timeout=30) as client:
            tool(client, "get_projects", {"limit": "many"})
            tool(client, "no_such_tool_of_ours")
            client.post("/sse", json=message("made/up/method"))
            client.post("/sse", json=message("resources/read", {"uri": "gauzy://no/such?token=abcdefgh"}))
            client.post("/sse", json=call(meta={"traceparent": "00-nonsense-01"}))
        failed = [span for span in collected.spans if span.failed and span.kind == SERVER_KIND]
        assert [(span.name, span.attributes["error.type"]) for span in failed] == [
            ("tools/call get_projects", "tool_error"),
            ("tools/call", "-32602"),
            ("unknown", "-32601"),
            ("resources/read", "-32002"),
        ]
        assert failed[3].attributes["mcp.resource.uri"] == "gauzy://no/such?token=[hidden]"
        assert failed[1].attributes["rpc.response.status_code"] == "-32602"
        assert "no_such_tool" not in str(collected.spans) and "made/up" not in str(collected.spans)
        assert collected.named("tools/call get_projects")[-1].parent == "", "a malformed parent is none"


def test_a_gauzy_that_is_away_is_told_by_the_name_of_the_error() -> None:
    with socket.socket() as closed, collector() as collected:
        closed.bind(("127.0.0.1", 0))
        away = {"API_BASE_URL": f"http://127.0.0.1:{closed.getsockname()[1]}"}
        account = {"GAUZY_AUTH_EMAIL": "a@example.com", "GAUZY_AUTH_PASSWORD": PASSWORD}
        with Stdio({**collected.variables, **away, **account}) as client:
            client.ask("tools/call", {"name": "get_projects", "arguments": {}})
            client.finish()
    failed = [span for span in collected.spans if span.kind == CLIENT_KIND]
    assert failed and {span.attributes["error.type"] for span in failed} == {"GauzyUnreachable"}
    assert all(span.failed for span in failed) and PASSWORD not in str(collected.spans)


def test_what_is_cancelled_is_told_so() -> None:
    with gauzy() as upstream, collector() as collected:
        upstream.add("a@example.com")
        asked = threading.Event()

        async def never(_: web.BaseRequest) -> web.StreamResponse:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

        upstream.on("GET", "/organization-projects/pagination", never)
        account = {"GAUZY_AUTH_EMAIL": "a@example.com", "GAUZY_AUTH_PASSWORD": PASSWORD}
        with Stdio({**collected.variables, "API_BASE_URL": upstream.url, **account}) as client:
            client.send(call())
            assert asked.wait(PATIENCE_SECONDS)
            client.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}})
            client.ask("ping", request_id=2)
            client.finish()
    assert one(collected, "tools/call get_projects").attributes["error.type"] == "cancelled"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER: expected otlp, console or none, not zipkin"),
        ({"OTEL_TRACES_EXPORTER": "console", "OTEL_BSP_MAX_QUEUE_SIZE": "-4"}, "no value that OpenTelemetry can use"),
    ],
)
def test_what_cannot_be_is_told_and_the_server_goes_on(variables: dict[str, str], told: str) -> None:
    with Stdio(variables) as client:
        assert client.ask("ping")["result"] == {}
        _, logged = client.finish()
    assert told in logged and "Traceback" not in logged


def test_spans_go_by_http_where_another_protocol_is_named() -> None:
    with collector() as collected, Stdio({**collected.variables, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}) as client:
        client.ask("ping")
        _, logged = client.finish()
        assert one(collected, "ping") and "grpc is not spoken here" in logged


def test_spans_for_people_leave_standard_output_to_the_protocol() -> None:
    with Stdio({"OTEL_TRACES_EXPORTER": "console"}) as client:
        client.ask("ping")
        said, logged = client.finish()
    assert said == "" and '"mcp.method.name": "ping"' in logged


def test_without_the_variables_nothing_of_it_is_loaded() -> None:
    code = (
        "import sys, gauzy_mcp.wiring as w; w.process_assembly(); "
        "print([name for name in sys.modules if 'opentelemetry' in name])"
    )
    for variables in ({}, {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment(variables),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "[]", done.stdout


def test_absent_packages_are_told_and_the_server_goes_on() -> None:
    code = (
        "import sys; sys.modules['opentelemetry'] = None; from gauzy_mcp import logs, telemetry; "
        "logs.configure(debug=False, json_lines=False); print(telemetry.tracer())"
    )
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(variables), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "None" and "pip install opentelemetry-sdk" in done.stderr


def one(collected: Collector, name: str) -> Span:
    [found] = collected.named(name)
    return found
