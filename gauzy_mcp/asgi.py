"""The ASGI application: the MCP endpoint by its lean handler, WebSockets by Channels, the rest by Django."""

import os
import sys

import django

from gauzy_mcp.env import EnvironmentInvalid, environment
from gauzy_mcp.env.rules import unfit_for_network
from gauzy_mcp.logs import configure_unless_there

_unfit = list(unfit_for_network(environment()))
if _unfit:
    raise EnvironmentInvalid(_unfit)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
django.setup(set_prefix=False)
configure_unless_there(debug=environment().GAUZY_MCP_DEBUG, json_lines=environment().MCP_LOG_FORMAT == "json")

from channels.routing import ProtocolTypeRouter  # noqa: E402 - after django.setup
from django.conf import settings  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402

from gauzy_mcp.closing import allow_every_code  # noqa: E402
from gauzy_mcp.daphne_compression import compress_messages  # noqa: E402
from gauzy_mcp.denying import answer_refused_upgrades, ignore_root_path_header  # noqa: E402
from gauzy_mcp.exposure import guard  # noqa: E402
from gauzy_mcp.lifespan import Lifespan  # noqa: E402
from gauzy_mcp.proxy_headers import report_daphne, reported  # noqa: E402
from gauzy_mcp.urls import readyz  # noqa: E402
from gauzy_mcp.wiring import http_paths, process_assembly, websocket_paths  # noqa: E402
from mcp_tools.operations.health import healthz  # noqa: E402
from mcp_tools.operations.metrics import metrics  # noqa: E402
from mcp_tools.transports.addresses import TrustedProxies  # noqa: E402
from mcp_tools.transports.http.handler import LeanHandler  # noqa: E402
from mcp_tools.transports.paths import below, by_path, with_root  # noqa: E402
from mcp_tools.transports.refused_upgrades import not_found  # noqa: E402
from mcp_tools.transports.request_ids import identified  # noqa: E402
from mcp_tools.transports.websocket import McpConsumer  # noqa: E402

if "daphne" in sys.modules:
    report_daphne(sys.argv)
    allow_every_code()
    answer_refused_upgrades()
    ignore_root_path_header()
    if environment().MCP_WS_COMPRESSION and environment().MCP_WS_PER_MESSAGE_DEFLATE:
        compress_messages()

_assembly = process_assembly()
_assembly.observe()
_mcp = LeanHandler(_assembly.http_view, max_body=_assembly.env.MCP_HTTP_MAX_BODY)
# Probes name a machine by its address, which is not an allowed host, and must answer when nothing else does.
_probes = {
    "/healthz": LeanHandler(healthz, max_body=0),
    **{f"/{view.__name__}": LeanHandler(_assembly.probe(view), max_body=0) for view in (readyz, metrics)},
}
_socket = McpConsumer.as_asgi(engine=_assembly.engine, policy=_assembly.websocket_policy)

_router = ProtocolTypeRouter(
    {
        "http": by_path(dict.fromkeys(http_paths(), _mcp), exact=_probes, otherwise=with_root(ASGIHandler())),
        "lifespan": reported(Lifespan(_assembly.start, _assembly.stop)),
        "websocket": by_path(dict.fromkeys(websocket_paths(_assembly.env), _socket), otherwise=not_found),
    }
)
_env = _assembly.env
_proxies = {"http": _env.MCP_TRUSTED_PROXIES, "websocket": _env.MCP_WS_TRUSTED_PROXIES}
application = identified(
    guard(below(settings.MCP_ROOT_PATH, _router), _env),
    {kind: TrustedProxies(named).vouched for kind, named in _proxies.items()},
)
