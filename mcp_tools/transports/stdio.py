"""stdio: newline-delimited JSON-RPC on standard input and output (page basic/transports#stdio of every revision).

File descriptor 1 belongs to the protocol alone: it is taken over before anything else can print, and whatever
prints afterwards, from Python or from a C library, lands on standard error.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from typing import Final

from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.connection import Connection
from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.tool_selection import ToolSelection
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError

MAX_LINE: Final = 16 * 1024 * 1024
"""Bytes of one message; a longer line is refused and skipped."""

_CHUNK: Final = 64 * 1024


def take_over_stdout() -> int:
    """A private descriptor for the protocol; descriptor 1 points to standard error from now on."""
    private = os.dup(1)
    os.dup2(2, 1)
    return private


async def serve(engine: Engine, *, stdin: int, stdout: int, selection: ToolSelection | None = None) -> None:
    """Answers messages from ``stdin`` until it ends, then finishes what still runs."""
    session = await engine.open("stdio")
    caller = Caller.local(scope=session.uid, session=session, selection=selection)
    connection = Connection(engine, caller, Writer(stdout).send)
    lines = Lines(stdin)
    async for line in lines:
        if line is None:
            error = ProtocolError(INVALID_REQUEST, f"Invalid request: a message is longer than {MAX_LINE} bytes")
            await connection.send(messages.encode_error(None, error))
        elif line.strip():
            await connection.receive(line)
    await engine.aclose()
    await connection.drain()


class Writer:
    """Writes whole lines. A blocking write is right here: the only client it keeps waiting is the one not reading."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    async def send(self, message: bytes) -> None:
        rest = memoryview(message + b"\n")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]


class Lines:
    """The lines of a descriptor, read by a thread: pipes, files and terminals alike. None stands for one too long."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes | EOFError | None] = asyncio.Queue()
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    def __aiter__(self) -> Lines:
        return self

    async def __anext__(self) -> bytes | None:
        line = await self._queue.get()
        if isinstance(line, EOFError):
            raise StopAsyncIteration
        return line

    def _read(self) -> None:
        split(lambda: os.read(self._descriptor, _CHUNK), self._put)
        self._put(EOFError())

    def _put(self, line: bytes | EOFError | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, line)
        except RuntimeError:
            # The loop is closed: the process is ending and nobody reads any more.
            return


def split(read: Callable[[], bytes], put: Callable[[bytes | None], None], limit: int = MAX_LINE) -> None:
    """Cuts what ``read`` delivers into lines for ``put``, until it delivers nothing; None for a line over ``limit``."""
    buffer = bytearray()
    skipping = False
    while chunk := read():
        *complete, rest = chunk.split(b"\n")
        for piece in complete:
            if skipping:
                skipping = False
            else:
                put(bytes(buffer) + piece)
            buffer.clear()
        if skipping:
            continue
        buffer += rest
        if len(buffer) > limit:
            put(None)
            buffer.clear()
            skipping = True
    if buffer and not skipping:
        put(bytes(buffer))
