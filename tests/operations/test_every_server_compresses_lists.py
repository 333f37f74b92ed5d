"""A slow link: the whole list of tools is compressed on WebSockets, whichever server was chosen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.sync.client import connect

from tests.operations.servers import serving
from tests.transports.calls import message


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
def test_a_plain_server_takes_permessage_deflate(kind: str, tmp_path: Path) -> None:
    with (
        serving(kind, tmp_path) as base_url,
        connect(base_url.replace("http", "ws", 1) + "/mcp?toolsets=all", max_size=None) as socket,
    ):
        assert [type(one) for one in socket.protocol.extensions] == [PerMessageDeflate]
        socket.send(json.dumps(message("tools/list")))
        assert len(str(socket.recv(timeout=30))) > 100_000
