"""Who I am and where: the signed-in user, and the organizations to work in."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.entity import FIELDS
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import Rows, follow, page, project, rows_of
from mcp_tools.catalog.tool import Tool

TEXTS: Final = {"type": "array", "items": {"type": "string"}}


async def current_user(context: ToolContext, arguments: dict[str, Any]) -> Any:
    identity = await context.gauzy.identity()
    user, here = await asyncio.gather(
        context.gauzy.request("GET", path_to("/user/me"), query=[("relations[]", "role"), ("relations[]", "tenant")]),
        context.gauzy.request("GET", path_to("/organization/{id}", id=owner(identity)["organizationId"])),
    )
    told = {
        **{name: user.get(name) for name in ("id", "email", "name", "timeZone", "preferredLanguage", "phoneNumber")},
        "role": follow(user, "role.name"), "tenantId": identity.tenant_id, "tenantName": follow(user, "tenant.name"),
        "organizationId": here["id"], "organizationName": here["name"], "employeeId": identity.employee_id or None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


async def _own(context: ToolContext) -> Rows:
    """The organizations of the caller. Gauzy answers for anybody, so it is asked for nobody else."""
    identity = await context.gauzy.identity()
    query = [("where[userId]", identity.user_id), ("where[tenantId]", identity.tenant_id)]
    query += [("relations[]", "organization")]
    rows, _ = rows_of(await context.gauzy.request("GET", path_to("/user-organization"), query=query))
    return [
        {
            "id": row["organizationId"],
            **{name: follow(row, f"organization.{name}") for name in ("name", "currency", "timeZone")},
            "isDefault": bool(row.get("isDefault")),
            "current": row["organizationId"] == identity.organization_id,
        }
        for row in rows
        if row.get("organization")
    ]


async def my_organizations(context: ToolContext, arguments: dict[str, Any]) -> Any:
    rows = await _own(context)
    return page(rows, len(rows), {"limit": len(rows) or 1})


async def switch(context: ToolContext, arguments: dict[str, Any]) -> Any:
    identity, name = await context.account.switch_organization(arguments["organization"])
    # Without an employee record there, timers and everything of one's own have nobody to belong to.
    employee = {"employeeId": identity.employee_id} if identity.employee_id else {}
    return {"organizationId": identity.organization_id, "organizationName": name, **employee}


async def organization(context: ToolContext, arguments: dict[str, Any]) -> Any:
    wanted = arguments.get("id") or owner(await context.gauzy.identity())["organizationId"]
    row = await context.gauzy.request("GET", path_to("/organization/{id}", id=wanted))
    return project(row, arguments, keep=SETTINGS)


async def permissions(context: ToolContext, arguments: dict[str, Any]) -> Any:
    identity, part = await context.gauzy.identity(), arguments.get("search", "").upper().replace(" ", "_")
    rows, _ = rows_of(await context.gauzy.request("GET", path_to("/role-permissions/me")))
    names = sorted(row["permission"] for row in rows if row.get("enabled") and part in row["permission"])
    return {"role": identity.role, "permissions": names}


def _texts(*names: str) -> dict[str, Any]:
    return {name: {"type": "string"} for name in names}


PLACE: Final = {"type": "object", "properties": {
    **_texts("id", "name", "currency", "timeZone"), "isDefault": {"type": "boolean"}, "current": {"type": "boolean"},
}}  # fmt: skip
SETTINGS: Final = {
    **_texts("id", "name", "officialName", "currency", "timeZone", "startWeekOn", "dateFormat", "profile_link"),
    **{name: {"type": "boolean"} for name in ("allowManualTime", "allowModifyTime", "allowDeleteTime")},
    "standardWorkHoursPerDay": {"type": "number"}, "futureDateAllowed": {"type": "boolean"},
}  # fmt: skip
TOOLS = [
    Tool(
        "get_current_user", "Who I am in Gauzy: role, employee, organization.", "organization", current_user,
        effect="reads", output={"properties": _texts(
            "id", "email", "name", "role", "timeZone", "preferredLanguage", "phoneNumber", "tenantId", "tenantName",
            "organizationId", "organizationName", "employeeId",
        )},
        keywords="whoami my profile account me",
    ),
    Tool(
        "list_my_organizations", "Organizations I may work in.", "organization", my_organizations,
        effect="reads", output=outputs.listed(PLACE), keywords="companies workspaces which tenant",
    ),
    Tool(
        "switch_organization",
        "Work in another of my organizations, in this session. For one call, give any tool `organization` instead.",
        "organization", switch,
        {"organization": {"type": "string", "minLength": 1, "description": "Id or name"}}, ["organization"],
        output={"properties": _texts("organizationId", "organizationName", "employeeId")}, effect="changes",
        session_only=True, scope="mcp.read", keywords="change company workspace select",
    ),
    Tool(
        "get_organization", "Settings of an organization, mine unless an id is given.", "organization", organization,
        {"id": f.UUID, **FIELDS}, effect="reads", output={"properties": SETTINGS},
        keywords="company currency time zone week settings",
    ),
    Tool(
        "get_my_permissions", "What my role may do.", "organization", permissions,
        {"search": {"type": "string", "description": "Part of a name"}},
        effect="reads", output={"properties": {"role": {"type": "string"}, "permissions": TEXTS}},
        keywords="am I allowed rights access can I",
    ),
]  # fmt: skip
