"""The Django app of the console."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "mcp_tools.console"
    label = "console"
