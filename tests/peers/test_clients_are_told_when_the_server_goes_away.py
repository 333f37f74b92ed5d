"""SIGTERM, as every supervisor sends it: sockets are closed with 1001 (RFC 6455 section 7.4.1), not dropped."""

from __future__ import annotations

import json
import signal
import subprocess

from tests.peers.driven import node
from tests.processes import server
from tests.requirements import need

LISTEN = """
const ws = new WebSocket(process.argv[1]);
ws.onopen = () => console.log('open');
ws.onclose = ({ code, wasClean }) => console.log(JSON.stringify({ code, wasClean }));
"""


def test_browsers_see_that_the_server_goes_away() -> None:
    need("node")
    with server() as running:
        browsers = [
            subprocess.Popen(
                [*node(), "-e", LISTEN, running.ws + path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            for path in ("/sse", "/mcp", "/sse")
        ]
        assert [browser.stdout.readline() for browser in browsers if browser.stdout] == ["open\n"] * 3
        running.process.send_signal(signal.SIGTERM)
        ends = [json.loads(browser.communicate(timeout=30)[0]) for browser in browsers]
        assert running.process.wait(timeout=30) == 0
    assert ends == [{"code": 1001, "wasClean": True}] * 3
