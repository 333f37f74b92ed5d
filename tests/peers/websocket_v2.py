"""WebSocket for the official v2 Python client, which brings none: one message per text frame, subprotocol ``mcp``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client._transport import TransportStreams
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol


@asynccontextmanager
async def websocket(url: str) -> AsyncIterator[TransportStreams]:
    """The streams of one connection, for ``Client(websocket(url))``. A frame that is no message arrives as an error."""
    to_client, from_server = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    to_server, from_client = anyio.create_memory_object_stream[SessionMessage](0)
    async with (
        connect(url, subprotocols=[Subprotocol("mcp")], max_size=None) as socket,
        anyio.create_task_group() as group,
    ):
        group.start_soon(_receive, socket, to_client)
        group.start_soon(_send, socket, from_client)
        try:
            yield from_server, to_server
        finally:
            group.cancel_scope.cancel()


async def _receive(socket: ClientConnection, client: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
    async with client:
        async for frame in socket:
            try:
                await client.send(SessionMessage(jsonrpc_message_adapter.validate_json(frame)))
            except ValueError as error:
                await client.send(error)


async def _send(socket: ClientConnection, client: MemoryObjectReceiveStream[SessionMessage]) -> None:
    async with client:
        async for item in client:
            await socket.send(item.message.model_dump_json(by_alias=True, exclude_unset=True))
