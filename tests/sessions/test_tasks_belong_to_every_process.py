from __future__ import annotations

import time
from typing import Any

import httpx

from tests.processes import Server
from tests.sessions.client import stateless
from tests.sessions.conftest import Pair

TASKS: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}, "elicitation": {"form": {}}}
PATIENCE_SECONDS = 20


def ask(http: httpx.Client, server: Server, method: str, **params: Any) -> dict[str, Any]:
    answer = stateless(http, server, method, params, **TASKS).json()
    assert "result" in answer, answer
    return dict(answer["result"])


def begun(http: httpx.Client, server: Server, name: str, /, **arguments: Any) -> str:
    created = ask(http, server, "tools/call", name=name, arguments=arguments)
    assert created["resultType"] == "task"
    return str(created["taskId"])


def until(http: httpx.Client, server: Server, task: str, *statuses: str) -> dict[str, Any]:
    """Polls as clients do, at the pace that the task asks for."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while (told := ask(http, server, "tasks/get", taskId=task))["status"] not in statuses:
        assert time.monotonic() < ends, told
        time.sleep(told["pollIntervalMs"] / 10_000)
    return told


def test_a_task_begun_at_one_is_told_and_answered_at_the_other(pair: Pair, http: httpx.Client) -> None:
    task = begun(http, pair.a, "confirm_delete", filename="old.txt")
    asked = until(http, pair.b, task, "input_required")["inputRequests"]
    (name,) = asked
    assert asked[name]["method"] == "elicitation/create"
    answers = {name: {"action": "accept", "content": {"confirm": True}}}
    ask(http, pair.b, "tasks/update", taskId=task, inputResponses=answers)
    done = until(http, pair.b, task, "completed", "failed", "cancelled")
    assert done["result"]["content"] == [{"type": "text", "text": "old.txt deleted."}]
    assert until(http, pair.a, task, "completed") == done


def test_a_task_is_cancelled_through_the_other_process(pair: Pair, http: httpx.Client) -> None:
    task = begun(http, pair.a, "slow_compute", seconds=1000)
    assert ask(http, pair.b, "tasks/get", taskId=task)["status"] == "working"
    ask(http, pair.b, "tasks/cancel", taskId=task)
    assert until(http, pair.b, task, "cancelled", "completed", "failed")["status"] == "cancelled"


def test_a_question_that_waits_can_be_cancelled_elsewhere(pair: Pair, http: httpx.Client) -> None:
    task = begun(http, pair.b, "confirm_delete", filename="old.txt")
    until(http, pair.a, task, "input_required")
    ask(http, pair.a, "tasks/cancel", taskId=task)
    told = until(http, pair.a, task, "cancelled", "completed", "failed")
    assert (told["status"], told.get("inputRequests")) == ("cancelled", None)


def test_an_answer_of_the_wrong_shape_or_to_no_question_changes_nothing(pair: Pair, http: httpx.Client) -> None:
    task = begun(http, pair.a, "confirm_delete", filename="old.txt")
    (name,) = until(http, pair.b, task, "input_required")["inputRequests"]
    wrong = {"taskId": task, "inputResponses": {name: {"action": "whatever"}}}
    assert stateless(http, pair.b, "tasks/update", wrong, **TASKS).json()["error"]["code"] == -32602
    ask(http, pair.b, "tasks/update", taskId=task, inputResponses={"no such question": {"action": "accept"}})
    assert ask(http, pair.a, "tasks/get", taskId=task)["status"] == "input_required"
    ask(http, pair.a, "tasks/cancel", taskId=task)
