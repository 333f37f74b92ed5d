"""Where the official SDKs differ from the specification or from each other, the specification wins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.conformance.clients import Http, Stateless
from tests.conformance.contents import ADDRESS_BOOK
from tests.processes import Server

NOWHERE = "test://nothing"


@pytest.fixture(params=["handshake", "stateless"])
async def client(request: pytest.FixtureRequest, fixtures: Server) -> AsyncIterator[Http]:
    async with await Http(fixtures).open() if request.param == "handshake" else Stateless(fixtures) as opened:
        yield opened


async def test_a_resource_that_is_not_there(client: Http) -> None:
    error = (await client.ask("resources/read", {"uri": NOWHERE}))["error"]
    assert (error["code"], error["data"]) == (-32602 if isinstance(client, Stateless) else -32002, {"uri": NOWHERE})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tools/call", {"name": "no_such_tool"}),
        ("tools/call", {"name": 7}),
        ("tools/list", {"cursor": "made up"}),
        ("tools/list", {"cursor": 7}),
        ("prompts/list", {"cursor": "made up"}),
        ("resources/list", {"cursor": "made up"}),
        ("resources/templates/list", {"cursor": "made up"}),
        ("prompts/get", {"name": "no_such_prompt"}),
        ("prompts/get", {"name": "test_prompt_with_arguments", "arguments": {"arg1": "x"}}),
        ("prompts/get", {"name": "test_prompt_with_arguments", "arguments": {"arg1": 7, "arg2": "x"}}),
        ("resources/read", {}),
        (
            "completion/complete",
            {"ref": {"type": "ref/prompt", "name": "nope"}, "argument": {"name": "a", "value": ""}},
        ),
        ("completion/complete", {"ref": {"type": "ref/tool"}, "argument": {"name": "a", "value": ""}}),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "test_simple_prompt"}, "argument": "x"}),
    ],
)
async def test_parameters_that_make_no_sense(client: Http, method: str, params: dict[str, Any]) -> None:
    assert (await client.ask(method, params))["error"]["code"] == -32602


async def test_arguments_that_do_not_fit_are_told_inside_the_result(client: Http) -> None:
    """So that the model can mend them (SEP-1303)."""
    for name, arguments in (("greet", {}), ("greet", {"name": ["Ada"]}), ("json_schema_2020_12_tool", {"name": "Ada"})):
        assert (await client.call(name, **arguments))["result"]["isError"] is True


async def test_a_method_that_is_not_there(client: Http) -> None:
    for method in ("no/such", "tasks/list", "tasks/result", "roots/list", "sampling/createMessage"):
        assert (await client.ask(method))["error"]["code"] == -32601


async def test_a_schema_with_combinators_is_listed_as_it_is_and_holds(client: Http) -> None:
    listed = {tool["name"]: tool for tool in (await client.ask("tools/list"))["result"]["tools"]}
    assert listed["json_schema_2020_12_tool"]["inputSchema"] == ADDRESS_BOOK
    right = await client.call("json_schema_2020_12_tool", contactMethod="phone", phone="1")
    assert "isError" not in right["result"]
    wrong = await client.call("json_schema_2020_12_tool", contactMethod="phone", email="a@b.c")
    assert wrong["result"]["isError"] is True
