"""``manage.py doctor``: checks this installation."""

from __future__ import annotations

from mcp_tools.management.early import EarlyCommand


class Command(EarlyCommand):
    help = "Check this installation, and say what to mend."
    name = "doctor"
