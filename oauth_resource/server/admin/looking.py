"""What the pages have in common: they are to look at, and actions of their own end things."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from unfold.admin import ModelAdmin


class ToLookAt(ModelAdmin):  # type: ignore[misc]
    """Nothing is made, changed or deleted by hand."""

    list_per_page = 50
    list_fullwidth = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def asked(self, request: HttpRequest, question: str, button: str, back: str) -> HttpResponse:
        """A link led here, so the page only asks; its form does it."""
        context = {**self.admin_site.each_context(request), "question": question, "title": button, "back": back}
        return render(request, "admin/authorization/confirm.html", context)


def counted(number: int, noun: str, verb: str) -> str:
    """Such as "1 token revoked." """
    return f"{number} {noun}{'' if number == 1 else 's'} {verb}."


def whose(row: Any) -> str:
    """The Gauzy account of a row's user, else the user's name."""
    account = getattr(row.user, "gauzy", None)
    return account.email if account else str(row.user)
