"""The extension io.modelcontextprotocol/tasks: whoever knows a task's id may look, answer and cancel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.clients import TASKS, Stateless, calling, request, socket
from tests.processes import Server, Stdio
from tests.transports.calls import envelope


async def until(client: Stateless, task_id: str, *wanted: str) -> Any:
    """Asks for the task until its status is one of ``wanted``."""
    while (task := (await client.ask("tasks/get", {"taskId": task_id}))["result"])["status"] not in wanted:
        assert task["status"] in ("working", "input_required")
    return task


async def begun(client: Stateless, name: str, **arguments: Any) -> str:
    created = (await client.call(name, **arguments))["result"]
    assert created["resultType"] == "task"
    return str(created["taskId"])


async def test_a_second_connection_sees_it_answers_it_and_reads_the_result(fixtures: Server) -> None:
    async with Stateless(fixtures, TASKS) as client, Stateless(fixtures, TASKS) as other:
        task_id = await begun(client, "confirm_delete", filename="old.txt")
        asked = (await until(other, task_id, "input_required"))["inputRequests"]
        assert list(asked) == ["confirm"]
        said = {"confirm": {"action": "accept", "content": {"confirm": True}}}
        updated = await other.ask("tasks/update", {"taskId": task_id, "inputResponses": said})
        assert updated["result"]["resultType"] == "complete"
        for one in (client, other):
            done = await until(one, task_id, "completed")
            assert done["result"]["content"][0]["text"] == "old.txt deleted."


async def test_answers_may_come_one_by_one(fixtures: Server) -> None:
    async with Stateless(fixtures, TASKS) as client:
        task_id = await begun(client, "multi_input")
        assert set((await until(client, task_id, "input_required"))["inputRequests"]) == {"name", "color"}
        name = {"name": {"action": "accept", "content": {"name": "Ada"}}, "unknown": {"action": "accept"}}
        await client.ask("tasks/update", {"taskId": task_id, "inputResponses": name})
        assert set((await until(client, task_id, "input_required"))["inputRequests"]) == {"color"}
        color = {"color": {"action": "accept", "content": {"color": "red"}}}
        await client.ask("tasks/update", {"taskId": task_id, "inputResponses": color})
        assert (await until(client, task_id, "completed"))["result"]["content"][0]["text"] == "Ada likes red."


async def test_a_task_is_cancelled_once_and_for_all(fixtures: Server) -> None:
    async with Stateless(fixtures, TASKS) as client, Stateless(fixtures, TASKS) as other:
        task_id = await begun(client, "confirm_delete", filename="old.txt")
        for _ in range(2):
            cancelled = await other.ask("tasks/cancel", {"taskId": task_id})
            assert cancelled["result"]["resultType"] == "complete"
            assert (await until(client, task_id, "cancelled"))["status"] == "cancelled"


async def test_the_hang_up_of_the_client_that_began_it_ends_nothing(fixtures: Server) -> None:
    async with Stateless(fixtures, TASKS) as other:
        async with Stateless(fixtures, TASKS) as client:
            task_id = await begun(client, "confirm_delete", filename="old.txt")
        await until(other, task_id, "input_required")


async def test_failures_are_told_apart(fixtures: Server) -> None:
    async with Stateless(fixtures, TASKS) as client:
        broken, failed = await begun(client, "protocol_error_job"), await begun(client, "failing_job")
        task = await until(client, broken, "failed")
        assert task["error"]["code"] == -32603 and "result" not in task
        task = await until(client, failed, "completed")
        assert task["result"]["isError"] is True and "error" not in task


@pytest.mark.parametrize("method", ["tasks/get", "tasks/update", "tasks/cancel"])
async def test_an_unknown_task_is_refused(fixtures: Server, method: str) -> None:
    async with Stateless(fixtures, TASKS) as client:
        for task_id in ("made-up", "x" * 5000):
            refused = await client.ask(method, {"taskId": task_id, "inputResponses": {}})
            assert refused["error"]["code"] == -32602
        assert (await client.ask(method, {"taskId": 7}))["error"]["code"] == -32602


async def test_a_client_without_the_extension_is_told_what_is_missing(fixtures: Server) -> None:
    async with Stateless(fixtures) as client:
        for told in (await client.ask("tasks/get", {"taskId": "x"}), await client.call("failing_job")):
            assert told["error"]["code"] == -32021
            assert "io.modelcontextprotocol/tasks" in told["error"]["data"]["requiredCapabilities"]["extensions"]


async def test_a_websocket_reaches_the_task_of_an_http_client(fixtures: Server) -> None:
    meta = envelope(**TASKS)
    async with Stateless(fixtures, TASKS) as client, socket(fixtures) as other:
        task_id = await begun(client, "confirm_delete", filename="old.txt")
        await until(client, task_id, "input_required")
        said = {"confirm": {"action": "decline"}}
        await other.ask(request("tasks/update", {"taskId": task_id, "inputResponses": said, **meta}))
        assert (await until(client, task_id, "completed"))["result"]["content"][0]["text"] == "old.txt kept."
        seen = await other.ask(request("tasks/get", {"taskId": task_id, **meta}, 2))
        assert seen["result"]["status"] == "completed"


def test_a_stdio_client_begins_and_cancels_one(stdio: Stdio) -> None:
    meta = envelope(**TASKS)
    call = calling("confirm_delete", filename="old.txt")["params"]
    task_id = stdio.ask("tools/call", {**call, **meta})["result"]["taskId"]
    assert stdio.ask("tasks/cancel", {"taskId": task_id, **meta})["result"]["resultType"] == "complete"
    while stdio.ask("tasks/get", {"taskId": task_id, **meta})["result"]["status"] != "cancelled":
        pass
