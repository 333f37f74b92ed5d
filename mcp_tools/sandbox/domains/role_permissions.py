"""What the signed-in user's role may do (Gauzy route ``/role-permissions``)."""

from __future__ import annotations

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.http import Call, Reply
from mcp_tools.sandbox.roles import PERMISSIONS
from mcp_tools.sandbox.routing import get


def mine(call: Call) -> Reply:
    """Every permission there is, and whether the role has it, as a bare array."""
    known = sorted({name for names in PERMISSIONS.values() for name in names})
    role = call.store.find("Role", call.user["roleId"], call.tenant_id) or {}
    base = {name: role.get(name) for name in ("createdAt", "updatedAt", "isActive", "isArchived", "tenantId")}
    return Reply(200, [
        {**base, "id": ident("RolePermission", f"{call.role}/{name}"), "permission": name,
         "enabled": name in call.permissions, "description": None, "roleId": call.user["roleId"]}
        for name in known
    ])  # fmt: skip


ROUTES = [get("/role-permissions/me", mine)]
