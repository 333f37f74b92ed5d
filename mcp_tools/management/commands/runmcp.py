"""``manage.py runmcp``: MCP over the transports that MCP_TRANSPORT names."""

from mcp_tools.management.commands import runstdio


class Command(runstdio.Command):
    help = "Serve MCP as MCP_TRANSPORT says: stdio (default), http, websocket, all or auto."
    starter = "runmcp"
