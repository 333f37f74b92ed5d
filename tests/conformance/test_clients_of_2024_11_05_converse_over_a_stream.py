"""The HTTP+SSE transport of 2024-11-05: the first event says where to POST, and every answer comes on the stream."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.conformance.clients import SECONDS, Events, answer, calling, label, notification, opening, request, text_of
from tests.processes import Server
from tests.schema.conversation import Conversation

OLD = "2024-11-05"


class Old:
    """A client of that transport. ``place`` is where it POSTs."""

    def __init__(self, client: httpx.AsyncClient, place: str, events: Events, conversation: Conversation) -> None:
        self.client = client
        self.place = place
        self.events = events
        self._conversation = conversation

    async def send(self, message: Any) -> None:
        self._conversation.sent(message)
        accepted = await self.client.post(self.place, json=message)
        assert accepted.status_code == 202

    async def ask(self, message: Any) -> Any:
        await self.send(message)
        return await self.events.message()


@contextlib.asynccontextmanager
async def conversing(server: Server) -> AsyncIterator[Old]:
    conversation = Conversation(OLD)
    async with (
        httpx.AsyncClient(base_url=server.http, timeout=SECONDS) as client,
        client.stream("GET", "/sse", headers={"Accept": "text/event-stream"}) as response,
    ):
        events = Events(response, conversation)
        first = await anext(aiter(events))
        assert first.name == "endpoint"
        yield Old(client, first.data, events, conversation)


async def test_a_conversation_from_initialize_to_a_tool(fixtures: Server) -> None:
    async with conversing(fixtures) as client:
        opened = await client.ask(opening(OLD))
        assert opened["result"]["protocolVersion"] == OLD
        await client.send(notification("notifications/initialized"))
        assert (await client.ask(request("tools/list")))["result"]["tools"]
        assert "simple text" in text_of(await client.ask(calling("test_simple_text", 2)))


async def test_content_that_the_revision_does_not_know_is_told_in_words(fixtures: Server) -> None:
    async with conversing(fixtures) as client:
        await client.ask(opening(OLD))
        assert text_of(await client.ask(calling("test_audio_content"))) == "(audio content of type audio/wav)"


async def test_the_server_asks_on_the_stream(fixtures: Server) -> None:
    async with conversing(fixtures) as client:
        await client.ask(opening(OLD))
        asked = await client.ask(calling("test_sampling", "call", prompt="Hello?"))
        assert asked["method"] == "sampling/createMessage"
        said = {"role": "assistant", "model": "m", "content": {"type": "text", "text": "Hello."}}
        assert text_of(await client.ask(answer(asked, **said))) == "LLM response: Hello."


async def test_a_slow_call_is_cancelled_and_holds_up_nobody(fixtures: Server) -> None:
    held = label()
    async with conversing(fixtures) as client:
        await client.ask(opening(OLD))
        assert (await client.ask(calling("test_hold", "slow", label=held)))["method"] == "notifications/message"
        assert (await client.ask(request("ping", request_id="quick")))["id"] == "quick"
        await client.send(notification("notifications/cancelled", requestId="slow"))
        told = await client.ask(calling("test_outcome", "outcome", label=held))
        # Structured content came with a later revision: here the text alone carries it.
        assert json.loads(text_of(told)) == {"outcome": "cancelled"}


async def test_changes_are_told_on_the_stream(fixtures: Server) -> None:
    async with conversing(fixtures) as client:
        await client.ask(opening(OLD))
        await client.send(notification("notifications/initialized"))
        told = [await client.ask(calling("test_trigger_tool_change")), await client.events.message()]
        assert notification("notifications/tools/list_changed") in told


async def test_the_session_ends_with_its_stream(fixtures: Server) -> None:
    async with conversing(fixtures) as client, conversing(fixtures) as other:
        await client.ask(opening(OLD))
        await other.ask(opening(OLD))
        assert client.place != other.place
        await client.events.response.aclose()
        # Answered on the other stream once the server has seen that the first one is gone.
        while (await other.client.post(client.place, json=request("ping"))).status_code != 404:
            assert (await other.ask(request("ping")))["result"] == {}


async def test_a_place_that_nobody_was_given_is_not_found(fixtures: Server) -> None:
    async with httpx.AsyncClient(base_url=fixtures.http) as client:
        refused = await client.post("/sse?sessionId=made-up", json=request("ping"))
    assert refused.status_code == 404
