"""Elicitation, sampling and roots of the handshake era: a request on the call's stream, an answer by another POST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.conformance.clients import Http, answer, calling, text_of
from tests.processes import Server

QUESTIONS: list[tuple[str, Mapping[str, Any], str, Mapping[str, Any], str]] = [
    (
        "test_elicitation",
        {"message": "Who are you?"},
        "elicitation/create",
        {"action": "accept", "content": {"username": "ada", "email": "ada@example.com"}},
        'User response: action=accept, content={"username":"ada","email":"ada@example.com"}',
    ),
    (
        "test_elicitation",
        {"message": "Who are you?"},
        "elicitation/create",
        {"action": "decline"},
        "User response: action=decline, content=null",
    ),
    (
        "test_sampling",
        {"prompt": "Say hello."},
        "sampling/createMessage",
        {"role": "assistant", "model": "test", "content": {"type": "text", "text": "Hello."}},
        "LLM response: Hello.",
    ),
    (
        "test_roots",
        {},
        "roots/list",
        {"roots": [{"uri": "file:///home/ada", "name": "home"}]},
        '{"roots":[{"uri":"file:///home/ada","name":"home"}]}',
    ),
]


@pytest.mark.parametrize(("tool", "arguments", "method", "said", "text"), QUESTIONS)
async def test_the_answer_of_another_post_reaches_the_call(
    fixtures: Server, tool: str, arguments: Mapping[str, Any], method: str, said: Mapping[str, Any], text: str
) -> None:
    async with Http(fixtures) as client:
        await client.open()
        async with client.stream(calling(tool, **arguments)) as events:
            asked = await events.message()
            assert asked["method"] == method
            assert (await client.post(answer(asked, **said))).status_code == 202
            assert text_of(await events.message()) == text


async def test_several_questions_are_asked_at_once_and_answered_in_any_order(fixtures: Server) -> None:
    answers: dict[str, dict[str, Any]] = {
        "elicitation/create": {"action": "accept", "content": {"name": "Ada"}},
        "sampling/createMessage": {"role": "assistant", "model": "m", "content": {"type": "text", "text": "Hello"}},
        "roots/list": {"roots": []},
    }
    async with Http(fixtures) as client:
        await client.open()
        async with client.stream(calling("test_input_required_result_multiple_inputs")) as events:
            asked = [await events.message() for _ in range(3)]
            assert {one["method"] for one in asked} == set(answers)
            for one in reversed(asked):
                await client.post(answer(one, **answers[one["method"]]))
            assert text_of(await events.message()) == "Hello Ada []"


async def test_a_client_that_cannot_be_asked_is_told_so_inside_the_result(fixtures: Server) -> None:
    async with Http(fixtures) as client:
        await client.open(capabilities={"roots": {}})
        told = await client.call("test_sampling", prompt="Hello?")
        assert told["result"]["isError"] is True
        assert "sampling" in text_of(told)


async def test_a_refusal_of_the_client_is_told_inside_the_result(fixtures: Server) -> None:
    async with Http(fixtures) as client:
        await client.open()
        async with client.stream(calling("test_sampling", prompt="Hello?")) as events:
            asked = await events.message()
            await client.post({"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -1, "message": "not today"}})
            told = await events.message()
        assert told["result"]["isError"] is True
        assert "not today" in text_of(told)


@pytest.mark.parametrize("said", [{}, {"action": "perhaps"}, {"action": "accept", "content": 7}])
async def test_an_answer_of_the_wrong_shape_is_told_inside_the_result(fixtures: Server, said: dict[str, Any]) -> None:
    async with Http(fixtures) as client:
        await client.open()
        async with client.stream(calling("test_elicitation", message="Who are you?")) as events:
            await client.post(answer(await events.message(), **said))
            told = await events.message()
        assert told["result"]["isError"] is True


async def test_another_session_cannot_answer(fixtures: Server) -> None:
    async with Http(fixtures) as client, Http(fixtures) as other:
        await client.open()
        await other.open()
        async with client.stream(calling("test_elicitation", message="Who are you?")) as events:
            asked = await events.message()
            forged = answer(asked, action="accept", content={"username": "mallory"})
            assert (await other.post(forged)).status_code == 202
            await client.post(answer(asked, action="cancel"))
            assert text_of(await events.message()) == "User response: action=cancel, content=null"


async def test_an_answer_to_nothing_is_ignored(fixtures: Server) -> None:
    async with Http(fixtures) as client:
        await client.open()
        stray = await client.post({"jsonrpc": "2.0", "id": "nobody-asked", "result": {}})
        assert (stray.status_code, stray.content) == (202, b"")
        assert (await client.ask("ping"))["result"] == {}
