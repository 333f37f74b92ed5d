"""The README's JavaScript, in Node with the WebSocket that browsers have; the messages go out once it is open."""

from __future__ import annotations

import json
import subprocess

from tests.peers.driven import node
from tests.peers.mission import BROWSER_CONNECT, BROWSER_SENDS, WEBSOCKET, at
from tests.processes import Server
from tests.requirements import need

CLOSE_AFTER_TWO = """
let open = 2;
ws.addEventListener('message', (event) => {
  console.log(event.data);
  if (--open === 0) ws.close();
});
ws.addEventListener('error', () => process.exit(1));
"""


def test_both_messages_are_answered(live: Server) -> None:
    need("node")
    connect = at(BROWSER_CONNECT, WEBSOCKET, live.ws)
    script = f"{connect}\nws.addEventListener('open', () => {{\n{BROWSER_SENDS}}});\n{CLOSE_AFTER_TWO}"
    done = subprocess.run([*node(), "-e", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Connected\n")
    assert done.stdout.count("Received:") == 2
    opened, listed = (json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"'))
    assert opened["result"]["protocolVersion"] == "2025-06-18"
    assert listed["id"] == 2 and listed["result"]["tools"]
