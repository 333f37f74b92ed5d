"""Teams, tags and sprints (Gauzy routes ``/organization-team``, ``/tags``, ``/organization-sprint``)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import FIELDS, Entity
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import flat_pairs, owner, where_pairs
from mcp_tools.catalog.rows import Rows, follow, project, rows_of
from mcp_tools.catalog.styles import Asked, Whole
from mcp_tools.catalog.tool import Tool


@dataclass(frozen=True, slots=True)
class Level:
    """``GET /tags/level``: the list of tags itself blocks the whole of Gauzy for a minute on a large database."""

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        query = flat_pairs(await gauzy.identity(), asked.filters, asked.arguments)
        return rows_of(await gauzy.request("GET", path_to(path + "/level"), query=query))


@dataclass(frozen=True, slots=True)
class Sprints:
    """``GET /organization-sprint`` gives no relation, so the names of the projects are asked for beside it."""

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        chosen = [(f"select[{name}]", "true") for name in ("id", "name")]
        query = [*where_pairs(await gauzy.identity(), {}, {}), *chosen]
        (rows, total), projects = await asyncio.gather(
            Whole().fetch(gauzy, path, asked), gauzy.request("GET", path_to("/organization-projects"), query=query)
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


async def one_team(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """By id Gauzy wants the organization in the query. Members come with all of their employee record: few is told."""
    query = [*owner(await context.gauzy.identity()).items(), ("relations[]", "members.employee.user")]
    row = await context.gauzy.request("GET", path_to(team.path + "/{id}", id=arguments["id"]), query=query)
    members = [
        {"employeeId": one["employeeId"], "name": follow(one, "employee.fullName"), "isManager": one.get("isManager")}
        for one in row.get("members") or []
    ]
    return project({**row, "members": members}, arguments)


MEMBER: Final = {
    "type": "object",
    "properties": {
        "employeeId": {"type": "string"},
        "name": outputs.nullable("string"),
        "isManager": {"type": "boolean"},
    },
}
TOOLS = [
    team.list("list_teams", "Teams with the names of their members; employees see their own.", sort="name"),
    Tool(
        "get_team", "One team by id, with its members.", "organization", one_team, {"id": f.UUID, **FIELDS}, ["id"],
        effect="reads",
        output={"properties": {**team.output["properties"], "members": {"type": "array", "items": MEMBER}}},
    ),
    tag.list("list_tags", "Tags of the organization.").found_by("labels"),
    tag.create("create_tag", "Add a tag.").found_by("label"),
    sprint.list("list_sprints", "Sprints of projects.").found_by("scrum iteration agile"),
]  # fmt: skip
