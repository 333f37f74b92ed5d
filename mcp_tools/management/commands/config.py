"""``manage.py config``: tells a client of this server."""

from __future__ import annotations

from mcp_tools.management.early import EarlyCommand


class Command(EarlyCommand):
    help = "Tell a client of this server: print how, or write it into the client's own file."
    name = "config"
