"""The same questions over WebSocket and standard input and output: both directions share the connection."""

from __future__ import annotations

from tests.conformance.clients import answer, calling, notification, opened_socket, opening, request, text_of
from tests.processes import Server, Stdio

ADA = {"username": "ada", "email": "ada@example.com"}


async def test_a_websocket_client_answers_while_it_waits(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client:
        asked = await client.ask(calling("test_elicitation", message="Who are you?"))
        assert asked["method"] == "elicitation/create"
        assert (await client.ask(request("ping", request_id=2)))["id"] == 2
        done = await client.ask(answer(asked, action="accept", content=ADA))
        assert "ada@example.com" in text_of(done)


async def test_two_calls_of_one_websocket_are_asked_apart(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client:
        first = await client.ask(calling("test_sampling", 1, prompt="one"))
        second = await client.ask(calling("test_sampling", 2, prompt="two"))
        said = {"role": "assistant", "model": "m"}
        done = await client.ask(answer(second, **said, content={"type": "text", "text": "second"}))
        assert (done["id"], text_of(done)) == (2, "LLM response: second")
        done = await client.ask(answer(first, **said, content={"type": "text", "text": "first"}))
        assert (done["id"], text_of(done)) == (1, "LLM response: first")


async def test_a_websocket_that_closes_while_it_is_asked_leaves_nothing_behind(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client:
        await client.ask(calling("test_elicitation", message="Who are you?"))
    async with opened_socket(fixtures) as again:
        assert (await again.ask(request("ping")))["result"] == {}


def test_a_stdio_client_answers_while_it_waits(stdio: Stdio) -> None:
    stdio.send(opening())
    stdio.read()
    stdio.send(notification("notifications/initialized"))
    stdio.send(calling("test_elicitation", message="Who are you?"))
    asked = stdio.read()
    assert asked["method"] == "elicitation/create"
    assert stdio.ask("ping", request_id=2)["id"] == 2
    stdio.send(answer(asked, action="accept", content=ADA))
    assert "ada@example.com" in text_of(stdio.read())
