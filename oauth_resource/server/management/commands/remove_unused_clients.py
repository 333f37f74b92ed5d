"""``manage.py remove_unused_clients``: for cron, as often as one likes and in any number of processes."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from oauth_resource.server.unused import tidy


def _days(text: str) -> int:
    """Clients of today may be in the middle of their first sign-in."""
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise ArgumentTypeError("must be a whole number from 1 to 3650")
    return int(text)


class Command(BaseCommand):
    help = (
        "Removes clients that made themselves known and that nobody uses, and what is left of sign-ins that are over."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=_days, default=30, help="how long a client may be unused (30)")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        for name, count in tidy(days).items():
            self.stdout.write(f"{name:17} {count}")
