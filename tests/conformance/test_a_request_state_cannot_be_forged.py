"""``requestState`` comes back from an untrusted hand (2026-07-28 page basic/patterns/mrtr)."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.protocol.errors import ProtocolError
from mcp_tools.protocol.state import LIFE_SECONDS, RequestStates, binding
from tests.conformance.clients import Stateless
from tests.processes import Server

STEP_1 = {"step1": {"action": "accept", "content": {"name": "Ada"}}}
STEP_2 = {"step2": {"action": "accept", "content": {"color": "red"}}}
TOOL = "test_input_required_result_multi_round"


async def called(client: Stateless, name: str, **params: Any) -> Any:
    return await client.ask("tools/call", {"name": name, "arguments": {}, **params})


async def second_state(client: Stateless) -> str:
    """The state that carries the answer of the first round."""
    first = (await called(client, TOOL))["result"]
    second = (await called(client, TOOL, inputResponses=STEP_1, requestState=first["requestState"]))["result"]
    assert list(second["inputRequests"]) == ["step2"]
    return str(second["requestState"])


async def test_the_rounds_end_in_an_answer(fixtures: Server) -> None:
    async with Stateless(fixtures) as client:
        state = await second_state(client)
        done = (await called(client, TOOL, inputResponses=STEP_2, requestState=state))["result"]
        assert (done["resultType"], done["content"][0]["text"]) == ("complete", "Ada likes red.")


@pytest.mark.parametrize(
    "change", [lambda s: s + "-TAMPERED", lambda s: s[:-4], lambda s: "AAAA" + s[4:], lambda s: ""]
)
async def test_a_changed_state_is_refused(fixtures: Server, change: Any) -> None:
    async with Stateless(fixtures) as client:
        state = change(await second_state(client))
        refused = await called(client, TOOL, inputResponses=STEP_2, requestState=state)
        assert refused["error"]["code"] == -32602


@pytest.mark.parametrize("state", [7, None, [], {"a": 1}, "é"])
async def test_what_never_was_a_state_is_refused(fixtures: Server, state: Any) -> None:
    async with Stateless(fixtures) as client:
        refused = await called(client, TOOL, inputResponses=STEP_2, requestState=state)
        assert refused["error"]["code"] == -32602


async def test_the_state_of_another_tool_or_other_arguments_is_refused(fixtures: Server) -> None:
    async with Stateless(fixtures) as client:
        state = await second_state(client)
        asked = await called(client, "test_sampling", arguments={"prompt": "one"})
        for other in (
            await called(client, "test_input_required_result_elicitation", requestState=state),
            await called(
                client, "test_sampling", arguments={"prompt": "two"}, requestState=asked["result"]["requestState"]
            ),
            await client.ask("prompts/get", {"name": "test_input_required_result_prompt", "requestState": state}),
        ):
            assert other["error"]["code"] == -32602
            assert "another request" in other["error"]["message"]


def test_a_state_lives_for_a_while_only() -> None:
    now = 1000.0
    states = RequestStates(b"k" * 32, clock=lambda: now)
    bound = binding("ada", "tools/call", {"name": "x"})
    state = states.seal(bound, STEP_1)
    now += LIFE_SECONDS
    assert states.open(bound, state) == STEP_1
    now += 1
    with pytest.raises(ProtocolError, match="too old"):
        states.open(bound, state)


def test_a_state_belongs_to_one_caller_and_one_deployment() -> None:
    params = {"name": "x", "inputResponses": {"a": 1}, "requestState": "s"}
    bound = binding("ada", "tools/call", params)
    assert bound == binding("ada", "tools/call", {"name": "x"})
    state = RequestStates(b"k" * 32).seal(bound, {})
    with pytest.raises(ProtocolError, match="another request or caller"):
        RequestStates(b"k" * 32).open(binding("mallory", "tools/call", params), state)
    with pytest.raises(ProtocolError, match="not one of this server's"):
        RequestStates(b"j" * 32).open(bound, state)
