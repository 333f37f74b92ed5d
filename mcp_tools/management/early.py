"""Commands that start before Django does, as Django lists and explains them."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class EarlyCommand(BaseCommand):
    """Stands in for a command of gauzy_mcp.commands, which reads its own arguments."""

    name = ""

    def run_from_argv(self, argv: list[str]) -> NoReturn:
        from gauzy_mcp.commands import run

        run([self.name, *argv[2:]])
        sys.exit(0)

    def print_help(self, prog_name: str, subcommand: str) -> None:
        self.run_from_argv([prog_name, subcommand, "--help"])

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(f"{self.name} reads its own arguments: run it as `python manage.py {self.name} …`.")
