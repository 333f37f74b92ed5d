"""The side bar of the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """What operators come for first; each sees what they may see."""
    watching = [
        _item("Overview", "monitoring", "admin:index"),
        _item("Sessions", "hub", "admin:operations_sessionrecord_changelist", "operations.view_sessionrecord"),
        _item("Calls", "call_made", "admin:operations_callrecord_changelist", "operations.view_callrecord"),
        _item("Session REST", "api", "docs"),
    ]
    people = [
        _item("Operators", "person", "admin:auth_user_changelist", "auth.view_user"),
        _item("Groups", "group", "admin:auth_group_changelist", "auth.view_group"),
    ]
    access = [_item("Linked accounts", "link", "admin:vault_credential_changelist", "vault.view_credential")]
    return [
        {"title": "Sessions and calls", "items": watching},
        {"title": "Access", "items": access},
        {"title": "Who may see this", "items": people},
    ]


def _item(title: str, icon: str, name: str, permission: str | None = None) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(name), "permission": _having(permission)}


def _having(permission: str | None) -> Callable[[HttpRequest], bool]:
    return lambda request: permission is None or request.user.has_perm(permission)
