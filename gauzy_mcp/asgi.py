"""The ASGI application: the MCP endpoint by its lean handler, WebSockets by Channels, the rest by Django."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter  # noqa: E402 - after django.setup
from django.core.handlers.asgi import ASGIHandler  # noqa: E402

from gauzy_mcp.closing import allow_every_code  # noqa: E402
from gauzy_mcp.wiring import http_paths, process_assembly, websocket_paths  # noqa: E402
from mcp_tools.transports.http.handler import LeanHandler  # noqa: E402
from mcp_tools.transports.paths import by_path  # noqa: E402
from mcp_tools.transports.websocket import McpConsumer, refuse  # noqa: E402

if "daphne" in sys.modules:
    allow_every_code()

_assembly = process_assembly()
_assembly.observe()
_mcp = LeanHandler(_assembly.http_view, max_body=_assembly.env.MCP_HTTP_MAX_BODY)
_socket = McpConsumer.as_asgi(engine=_assembly.engine, policy=_assembly.websocket_policy)

application = ProtocolTypeRouter(
    {
        "http": by_path(dict.fromkeys(http_paths(), _mcp), otherwise=ASGIHandler()),
        "websocket": by_path(dict.fromkeys(websocket_paths(_assembly.env), _socket), otherwise=refuse),
    }
)
