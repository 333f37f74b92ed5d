"""Who I am and where: the signed-in user, organizations, teams, tags, sprints, favorites, notifications."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import FIELDS, Entity, containing, mine
from mcp_tools.catalog.requests import flat_pairs, owner, where_pairs
from mcp_tools.catalog.rows import Row, Rows, follow, page, project, rows_of
from mcp_tools.catalog.styles import Asked, Offsets, Whole
from mcp_tools.catalog.tool import CHANGES, Tool, ToolError

TEXTS: Final = {"type": "array", "items": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Level:
    """``GET /tags/level``: the list of tags itself blocks the whole of Gauzy for a minute on a large database."""

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        query = flat_pairs(await gauzy.identity(), asked.filters, asked.arguments)
        return rows_of(await gauzy.request("GET", f"{path}/level", query=query))


@dataclass(frozen=True, slots=True)
class Sprints:
    """``GET /organization-sprint`` gives no relation, so the names of the projects are asked for beside it."""

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        chosen = [(f"select[{name}]", "true") for name in ("id", "name")]
        query = [*where_pairs(await gauzy.identity(), {}, {}), *chosen]
        (rows, total), projects = await asyncio.gather(
            Whole().fetch(gauzy, path, asked), gauzy.request("GET", "/organization-projects", query=query)
        )
        names = {row["id"]: row for row in rows_of(projects)[0]}
        return [{**row, "project": names.get(row.get("projectId"))} for row in rows], total


team = Entity(
    "team",
    "/organization-team",
    "organization",
    columns={},
    filters={"name": f.text("Contains"), "employeeId": f.ref("Member", where="members.employeeId")},
    shows={
        "name": "string", "prefix": "string", "color": "string", "emoji": "string", "logo": "string",
        "public": "boolean", "profile_link": "string", "requirePlanToTrack": "boolean", "shareProfileView": "boolean",
    },
    names={"memberNames": "members[].employee.fullName"},
    include=("members.employee.user",),
)  # fmt: skip
tag = Entity(
    "tag",
    "/tags",
    "organization",
    columns={
        "name": f.text(required=True),
        "color": f.text("#rrggbb", default="#3366ff"),
        "description": f.text(),
        "textColor": f.text("#rrggbb").as_unlisted(),
        "teamId": f.ref(column="organizationTeamId").as_unlisted(),
    },
    filters={"name": f.text("Contains"), "color": f.text("Contains").as_unlisted()},
    shows={"isSystem": "boolean", "icon": "string"},
    style=Level(),
)
sprint = Entity(
    "sprint",
    "/organization-sprint",
    "organization",
    columns={},
    filters={"projectId": f.ref(), "status": f.choice("active", "completed", "draft", "upcoming")},
    local={"name": containing("name")},
    shows={
        "name": "string", "goal": "string", "status": "string", "length": "number", "startDate": "string",
        "endDate": "string", "projectId": "string",
    },
    names={"projectName": "project.name"},
    style=Sprints(),
)  # fmt: skip
notification = Entity(
    "notification",
    "/employee-notification",
    "organization",
    columns={},
    filters={"isRead": f.boolean(), "type": f.text("Such as Assignment, Mention, Comment").as_unlisted(),
             "receiverEmployeeId": f.ref()},
    shows={
        "title": "string", "message": "string", "type": "string", "isRead": "boolean", "entity": "string",
        "entityId": "string", "sentByEmployeeId": "string",
    },
    style=Offsets(),
)  # fmt: skip


async def current_user(context: ToolContext, arguments: dict[str, Any]) -> Any:
    identity = await context.gauzy.identity()
    user, here = await asyncio.gather(
        context.gauzy.request("GET", "/user/me", query=[("relations[]", "role"), ("relations[]", "tenant")]),
        context.gauzy.request("GET", f"/organization/{owner(identity)['organizationId']}"),
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
    rows, _ = rows_of(await context.gauzy.request("GET", "/user-organization", query=query))
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
    wanted, own = arguments["organization"].casefold(), await _own(context)
    found = [row for row in own if wanted in (row["id"], str(row["name"]).casefold())]
    if len(found) != 1:
        names = ", ".join(f"{row['name']} ({row['id']})" for row in own)
        raise ToolError(f"{arguments['organization'][:80]} is none of your organizations; they are {names}")
    identity = await context.account.switch_organization(found[0]["id"])
    # Without an employee record there, timers and everything of one's own have nobody to belong to.
    employee = {"employeeId": identity.employee_id} if identity.employee_id else {}
    return {"organizationId": identity.organization_id, "organizationName": found[0]["name"], **employee}


async def organization(context: ToolContext, arguments: dict[str, Any]) -> Any:
    wanted = arguments.get("id") or owner(await context.gauzy.identity())["organizationId"]
    return project(await context.gauzy.request("GET", f"/organization/{wanted}"), arguments)


async def permissions(context: ToolContext, arguments: dict[str, Any]) -> Any:
    identity, part = await context.gauzy.identity(), arguments.get("search", "").upper().replace(" ", "_")
    rows, _ = rows_of(await context.gauzy.request("GET", "/role-permissions/me"))
    names = sorted(row["permission"] for row in rows if row.get("enabled") and part in row["permission"])
    return {"role": identity.role, "permissions": names}


async def one_team(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """By id Gauzy wants the organization in the query. Members come with all of their employee record: few is told."""
    query = [*owner(await context.gauzy.identity()).items(), ("relations[]", "members.employee.user")]
    row = await context.gauzy.request("GET", f"{team.path}/{arguments['id']}", query=query)
    members = [
        {"employeeId": one["employeeId"], "name": follow(one, "employee.fullName"), "isManager": one.get("isManager")}
        for one in row.get("members") or []
    ]
    return project({**row, "members": members}, arguments)


async def favorites(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``/favorite/employee`` gives ids alone, ``/favorite/type`` the records of one kind."""
    where = [(f"where[{name}]", value) for name, value in owner(await context.gauzy.identity()).items()]
    rows, _ = rows_of(await context.gauzy.request("GET", "/favorite/employee", query=where))
    wanted = [row for row in rows if arguments.get("entity") in (None, row["entity"])]
    kinds = dict.fromkeys(row["entity"] for row in wanted)
    lists = await asyncio.gather(
        *(context.gauzy.request("GET", "/favorite/type", query=[*where, ("where[entity]", kind)]) for kind in kinds)
    )
    names = {row["id"]: _name(row) for answer in lists for row in rows_of(answer)[0]}
    named = [
        {**{key: row[key] for key in ("id", "entity", "entityId")}, "name": names.get(row["entityId"])}
        for row in wanted
    ]
    return page(named, len(named), {"limit": len(named) or 1})


def _name(row: Row) -> str | None:
    return row.get("name") or row.get("title") or row.get("fullName")


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
MEMBER: Final = {
    "type": "object",
    "properties": {**_texts("employeeId"), "name": outputs.nullable("string"), "isManager": {"type": "boolean"}},
}
FAVORITE: Final = {"type": "object", "properties": {**_texts("id", "entity", "entityId", "name")}}

TOOLS = [
    Tool(
        "get_current_user", "Who I am in Gauzy: role, employee, organization.", "organization", current_user,
        output={"properties": _texts(
            "id", "email", "name", "role", "timeZone", "preferredLanguage", "phoneNumber", "tenantId", "tenantName",
            "organizationId", "organizationName", "employeeId",
        )},
        keywords="whoami my profile account me",
    ),
    Tool(
        "list_my_organizations", "Organizations I may work in.", "organization", my_organizations,
        output=outputs.listed(PLACE), keywords="companies workspaces which tenant",
    ),
    Tool(
        "switch_organization", "Work in another of my organizations, in this session.", "organization", switch,
        {"organization": {"type": "string", "minLength": 1, "description": "Id or name"}}, ["organization"],
        output={"properties": _texts("organizationId", "organizationName", "employeeId")}, hints=CHANGES,
        scope="mcp.read", keywords="change company workspace select",
    ),
    Tool(
        "get_organization", "Settings of an organization, mine unless an id is given.", "organization", organization,
        {"id": f.UUID, **FIELDS}, output={"properties": SETTINGS}, keywords="company currency time zone week settings",
    ),
    Tool(
        "get_my_permissions", "What my role may do.", "organization", permissions,
        {"search": {"type": "string", "description": "Part of a name"}},
        output={"properties": {"role": {"type": "string"}, "permissions": TEXTS}},
        keywords="am I allowed rights access can I",
    ),
    team.list("list_teams", "Teams with the names of their members; employees see their own.", sort="name"),
    Tool(
        "get_team", "One team by id, with its members.", "organization", one_team, {"id": f.UUID, **FIELDS}, ["id"],
        output={"properties": {**team.output["properties"], "members": {"type": "array", "items": MEMBER}}},
    ),
    tag.list("list_tags", "Tags of the organization.").found_by("labels"),
    tag.create("create_tag", "Add a tag.").found_by("label"),
    sprint.list("list_sprints", "Sprints of projects.").found_by("scrum iteration agile"),
    Tool(
        "list_favorites", "My favorites and their names.", "organization", favorites,
        {"entity": {"type": "string", "enum": [
            "OrganizationProject", "Task", "OrganizationContact", "Employee", "OrganizationTeam", "OrganizationSprint",
        ]}},
        output=outputs.listed(FAVORITE), keywords="starred bookmarks pinned",
    ),
    notification.list(
        "list_notifications", "What I was told by Gauzy, newest first.", fixed=mine("receiverEmployeeId"),
        sort="-createdAt",
    ).found_by("messages inbox unread mentions news"),
]  # fmt: skip
