"""Progress and log messages: only to who asked for them, before the answer, and on the stream of their request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.clients import Http, Stateless, calling, opened_socket, request
from tests.processes import Server

Params = dict[str, Any]


def with_token(token: object) -> dict[str, Any]:
    call = calling("test_tool_with_progress", "call")
    call["params"]["_meta"] = {"progressToken": token}
    return call


@pytest.mark.parametrize("token", ["a", 7, 0])
async def test_progress_comes_under_its_token_and_grows(fixtures: Server, token: str | int) -> None:
    async with await Http(fixtures).open() as client, client.stream(with_token(token)) as events:
        *told, done = await events.rest()
    assert [one["params"]["progress"] for one in told] == [0, 50, 100]
    assert {one["params"]["progressToken"] for one in told} == {token}
    assert done["id"] == "call"


async def test_nobody_asked_for_progress(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client, client.stream(calling("test_tool_with_progress")) as events:
        assert len(await events.rest()) == 1


@pytest.mark.parametrize("token", [None, 1.5, [], {}, True])
async def test_a_token_that_is_none_is_refused_or_ignored(fixtures: Server, token: object) -> None:
    async with await Http(fixtures).open() as client, client.stream(with_token(token)) as events:
        told = await events.rest()
    assert len(told) == 1
    assert ("error" in told[0]) == (token is not None)


async def test_a_session_hears_the_level_that_it_set(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client:
        for level, heard in (("warning", 0), ("debug", 3), ("emergency", 0), ("info", 3)):
            assert (await client.ask("logging/setLevel", {"level": level}))["result"] == {}
            async with client.stream(calling("test_tool_with_logging")) as events:
                assert len(await events.rest()) == heard + 1
        for wrong in ("loud", 7, None):
            assert (await client.ask("logging/setLevel", {"level": wrong}))["error"]["code"] == -32602


@pytest.mark.parametrize(("level", "heard"), [(None, 0), ("info", 3), ("error", 0)])
async def test_a_stateless_request_hears_what_it_asks_for(fixtures: Server, level: str | None, heard: int) -> None:
    call = calling("test_tool_with_logging")
    async with Stateless(fixtures, log_level=level) as client, client.stream(call) as events:
        assert len(await events.rest()) == heard + 1


async def test_a_level_that_is_none_is_refused(fixtures: Server) -> None:
    async with Stateless(fixtures, log_level="loud") as client:
        assert (await client.call("test_tool_with_logging"))["error"]["code"] == -32602


async def test_two_calls_of_one_websocket_report_under_their_own_tokens(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client:
        for token in ("one", "two"):
            await client.send({**with_token(token), "id": token})
        told: dict[str, list[Any]] = {"one": [], "two": []}
        for _ in range(8):
            message = await client.receive()
            told[message["id"] if "id" in message else message["params"]["progressToken"]].append(message)
        assert [len(messages) for messages in told.values()] == [4, 4]
        assert all("result" in messages[-1] for messages in told.values())
        assert (await client.ask(request("ping")))["result"] == {}
