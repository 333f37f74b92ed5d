"""``manage.py runstdio``: MCP on standard input and output."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Reached through ``call_command`` only: ``manage.py`` starts the server before Django (see gauzy_mcp.entry)."""

    help = "Serve MCP on standard input and output, for Claude Desktop and other local clients."
    starter = "runstdio"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--test", action="store_true", help="check that Gauzy answers and the login works")

    def handle(self, *args: Any, **options: Any) -> None:
        from gauzy_mcp.entry import main

        sys.exit(main(self.starter, ["--test"] if options["test"] else []))
