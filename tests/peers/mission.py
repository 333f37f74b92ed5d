"""The examples of the mission's README that a person would paste, word for word."""

from __future__ import annotations

HTTP = "http://localhost:3001"
WEBSOCKET = "ws://localhost:3002"
SECURE_WEBSOCKET = "wss://localhost:3002"

LIST_TOOLS = """\
curl -X POST http://localhost:3001/sse \\
  -H "Content-Type: application/json" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/list",
    "params": {}
  }'
"""

LOGIN = """\
curl -X POST http://localhost:3001/sse \\
  -H "Content-Type: application/json" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 2,
    "method": "tools/call",
    "params": {
      "name": "login",
      "arguments": {
          "email": "<your-email>",
          "password": "<your-password>"
      }
    }
  }'
"""

LIST_TOOLS_WITH_A_TOKEN = """\
curl -X POST http://localhost:3001/sse \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer <your-access-token>" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/list",
    "params": {}
  }'
"""

WSCAT = "wscat -c ws://localhost:3002/sse"
WSCAT_TLS = "wscat -c wss://localhost:3002/sse --no-check"

WSCAT_MESSAGES = [
    """\
{
  "jsonrpc": "2.0",
  "id": 1,
  "method": "initialize",
  "params": {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {
      "name": "test-client",
      "version": "1.0.0"
    }
  }
}
""",
    """\
{
  "jsonrpc": "2.0",
  "id": 2,
  "method": "tools/list",
  "params": {}
}
""",
    """\
{
  "jsonrpc": "2.0",
  "id": 3,
  "method": "tools/call",
  "params": {
    "name": "login",
    "arguments": {
      "email": "<your-email>",
      "password": "<your-password>"
    }
  }
}
""",
]

CERTIFICATE = """\
openssl req -x509 -newkey rsa:4096 \\
  -keyout packages/mcp-server/certs/key.pem \\
  -out packages/mcp-server/certs/cert.pem \\
  -days 365 -nodes \\
  -subj "/C=US/ST=State/L=City/O=Organization/CN=localhost"
"""

BROWSER_CONNECT = """\
const ws = new WebSocket('ws://localhost:3002/sse');

ws.onopen = () => console.log('Connected');
ws.onmessage = (event) => console.log('Received:', JSON.parse(event.data));
"""

BROWSER_SENDS = """\
// Initialize
ws.send(JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: {
      name: "browser-client",
      version: "1.0.0"
    }
  }
}));

// List tools
ws.send(JSON.stringify({
  jsonrpc: "2.0",
  id: 2,
  method: "tools/list",
  params: {}
}));
"""


def filled_in(example: str) -> str:
    """``example`` with the demo account of the embedded Gauzy."""
    return example.replace("<your-email>", "demo@gauzy.local").replace("<your-password>", "demo")


def at(example: str, documented: str, actual: str) -> str:
    """``example`` with the address that the server of this test has, under the name ``localhost`` as documented."""
    assert documented in example
    return example.replace(documented, actual.replace("127.0.0.1", "localhost"))
