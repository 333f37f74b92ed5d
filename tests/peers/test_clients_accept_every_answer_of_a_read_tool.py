"""The SDKs hold what a tool answers against its outputSchema, each with its own validator, and refuse what differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp_types import Tool

from tests.peers.driven import address, node_client, node_client_v2
from tests.peers.official import LEGACY, STATELESS, connect
from tests.processes import Server, server

ENDPOINT = "http /mcp"


@pytest.fixture(scope="module")
def everything() -> Iterator[Server]:
    """A server that lists all of its tools."""
    with server({"MCP_TOOLSETS": "all", "MCP_TRANSPORT": "http"}) as running:
        yield running


def runs_without_arguments(tool: Tool) -> bool:
    reads = tool.annotations is not None and tool.annotations.read_only_hint is True
    return reads and not tool.input_schema.get("required")


async def readers(live: Server) -> list[str]:
    """The names of the tools that only read and need no argument, over all pages of the list."""
    async with connect(ENDPOINT, live) as client:
        page = await client.list_tools()
        tools = list(page.tools)
        while page.next_cursor is not None:
            page = await client.list_tools(cursor=page.next_cursor)
            tools += page.tools
    return [tool.name for tool in tools if runs_without_arguments(tool)]


@pytest.mark.parametrize("mode", [LEGACY, STATELESS])
async def test_the_python_client_does(everything: Server, mode: str) -> None:
    """A call raises when its content does not fit the schema."""
    names = await readers(everything)
    assert "get_projects" in names
    async with connect(ENDPOINT, everything, mode) as client:
        for name in names:
            await client.call_tool(name, {})


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_the_typescript_clients_do(everything: Server, node_modules: Path, version: str) -> None:
    where = address(everything, ENDPOINT)
    with node_client(node_modules, where) if version == "v1" else node_client_v2(node_modules, "auto", where) as client:
        answers = {name: client.call(name) for name in await readers(everything)}
    assert {name: answer["error"] for name, answer in answers.items() if "error" in answer} == {}
