"""The Django app of the operators' room."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "mcp_tools.operations"
    label = "operations"
    verbose_name = "Sessions and calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mcp_tools.operations import masking

        masking.mask()
