"""The v1 Python client, spoken to line by line; runs in an environment of its own.

Its arguments are a URL (``ws:`` or ``http:``) or the command of a server on standard input and output. It connects and
prints one JSON line: ``{"protocolVersion", "server", "tools"}``. Then for each line of standard input,
``["tool", {arguments}]``, one line: ``{"result"}`` or ``{"error": {"code", "message"}}``.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import AbstractAsyncContextManager
from typing import Any

from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.client.websocket import websocket_client


async def main(where: list[str]) -> None:
    async with transport(where) as (read, write, *_), ClientSession(read, write) as client:
        opened = await client.initialize()
        await client.send_ping()
        listed = await client.list_tools()
        names = [tool.name for tool in listed.tools]
        say({"protocolVersion": opened.protocolVersion, "server": opened.serverInfo.name, "tools": names})
        while line := await asyncio.to_thread(sys.stdin.readline):
            say(await answer(client, *json.loads(line)))


def transport(where: list[str]) -> AbstractAsyncContextManager[Any]:
    first, *rest = where
    if first.startswith("ws:"):
        return websocket_client(first)
    if first.startswith("http:"):
        return streamable_http_client(first)
    return stdio_client(StdioServerParameters(command=first, args=rest, env=dict(os.environ)))


async def answer(client: ClientSession, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        result = await client.call_tool(name, arguments)
    except McpError as error:
        return {"error": {"code": error.error.code, "message": error.error.message}}
    return {"result": result.model_dump(mode="json", by_alias=True, exclude_none=True)}


def say(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


asyncio.run(main(sys.argv[1:]))
