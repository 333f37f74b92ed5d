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
    access = [
        _item("Linked accounts", "link", "admin:vault_credential_changelist", "vault.view_credential"),
        _of_server("People", "badge", "authorization", "account"),
        _of_server("Clients", "apps", "oauth2_provider", "application"),
        _of_server("Grants", "handshake", "oauth2_provider", "refreshtoken"),
        _of_server("Access tokens", "token", "oauth2_provider", "accesstoken"),
        _of_server("Personal tokens", "key", "authorization", "personaltoken"),
        _of_server("Signing keys", "signature", "authorization", "signingkey"),
    ]
    return [
        {"title": "Sessions and calls", "items": watching},
        {"title": "Access", "items": access},
        {"title": "Administration", "items": people},
    ]


def _item(title: str, icon: str, name: str, permission: str | None = None) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(name), "permission": _having(permission)}


def _of_server(title: str, icon: str, app: str, model: str) -> dict[str, Any]:
    """A list of the embedded authorization server."""
    return _item(title, icon, f"admin:{app}_{model}_changelist", f"{app}.view_{model}")


def _having(permission: str | None) -> Callable[[HttpRequest], bool]:
    return lambda request: permission is None or request.user.has_perm(permission)
