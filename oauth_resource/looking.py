"""Admin pages that are to look at: what is on them is made by requests, and ended by actions of their own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ToLookAt(ModelAdmin):  # type: ignore[misc]
    """Nothing is made, changed or deleted by hand, whoever looks."""

    list_per_page = 50
    list_fullwidth = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
