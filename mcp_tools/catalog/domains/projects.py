"""Projects (Gauzy route ``/organization-projects``)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs, periods
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.time_totals import ROW, grouped, logs, worked
from mcp_tools.catalog.entity import Entity, mine
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import Row, follow
from mcp_tools.catalog.tool import Run, Tool, ToolError

STATUSES = ("open", "in-progress", "completed", "cancelled", "custom")
MANY_CURRENCIES = "ISO 4217 code"

LISTS = ("memberIds", "managerIds")


class Projects(Entity):
    """Gauzy takes the lists of members and managers together: of one alone it makes an error, or empties the other."""

    async def change(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        missing = [name for name in LISTS if name not in arguments and name not in arguments.get("clear", ())]
        if len(missing) == 1:
            members = (await self.read(gauzy, arguments["id"], ("members",))).get("members") or ()
            managing = missing == ["managerIds"]
            kept = [one["employeeId"] for one in members if bool(one.get("isManager")) == managing]
            arguments = {**arguments, missing[0]: kept}
        return await super().change(gauzy, arguments)


project = Projects(
    "project",
    "/organization-projects",
    "projects",
    columns={
        "name": f.text(required=True),
        "code": f.text().as_unlisted(),
        "description": f.text(),
        "status": f.suggestion(*STATUSES),
        "billing": f.choice("RATE", "FLAT_FEE", "MILESTONES").as_unlisted(),
        "currency": f.text(MANY_CURRENCIES, max_length=3),
        "budget": f.number(),
        "budgetType": f.choice("hours", "cost").as_unlisted(),
        "billable": f.boolean(),
        "public": f.boolean().as_unlisted(),
        "owner": f.choice("CLIENT", "INTERNAL").as_unlisted(),
        "color": f.text("#rrggbb").as_unlisted(),
        "taskListType": f.choice("GRID", "SPRINT").as_unlisted(),
        "startDate": f.moment(),
        "endDate": f.moment(),
        "contactId": f.ref("Client", column="organizationContactId"),
        "projectUrl": f.text().as_unlisted(),
        "memberIds": f.refs("Employees"),
        "managerIds": f.refs("Employees"),
    },
    filters={
        "name": f.text("Contains"),
        "code": f.text().as_unlisted(),
        "status": f.suggestion(*STATUSES),
        "public": f.boolean().as_unlisted(),
        "billable": f.boolean(),
        "billing": f.choice("RATE", "FLAT_FEE", "MILESTONES").as_unlisted(),
        "currency": f.text(MANY_CURRENCIES).as_unlisted(),
        "owner": f.choice("CLIENT", "INTERNAL").as_unlisted(),
        "employeeId": f.ref("Member", where="members.employeeId"),
        "contactId": f.ref("Client", where="organizationContactId"),
        "isActive": f.boolean().as_unlisted(),
        "isArchived": f.boolean().as_unlisted(),
    },
    shows={"membersCount": "integer", "isActive": "boolean", "isArchived": "boolean", "members": "array"},
    sort=("createdAt", "updatedAt", "name", "code", "startDate", "endDate", "status", "budget", "membersCount"),
    relations=("members", "members.employee.user", "organizationContact", "tags", "teams"),
    names={"clientName": "organizationContact.name"},
    include=("organizationContact",),
    wrapper="project_data",
    address="project",
)

ASKED = {"projectId": f.ref(), "employeeId": f.ref("Member"), **periods.arguments("this_month")}


async def statistics(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """Counted and added up here: of time per project, Gauzy tells five projects and no more."""
    (period, rows), projects = await asyncio.gather(logs(context, arguments, "this_month"), _chosen(context, arguments))
    by = "employee" if "projectId" in arguments else "project"
    return {
        "count": len(projects),
        "by": {key: dict(Counter(str(row.get(key) or "none") for row in projects)) for key in ("status", "billing")},
        "period": period.to_dict(), **worked(rows), "items": grouped(rows, [by], period),
    }  # fmt: skip


async def _chosen(context: ToolContext, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    if "projectId" in arguments:
        return [await project.read(context.gauzy, arguments["projectId"])]
    return (await project.every(context.gauzy, arguments))[0]


def _assigning(*, member: bool) -> Run:
    """``PUT /organization-projects/employee`` says true whatever happened: the members are read back."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        gauzy, project_id, employee_id = context.gauzy, arguments["projectId"], arguments["employeeId"]
        await project.read(gauzy, project_id)
        lists = {"addedProjectIds": [], "removedProjectIds": [], _LIST[member]: [project_id]}
        body = {**owner(await gauzy.identity()), "member": {"id": employee_id}, **lists}
        await gauzy.request("PUT", path_to(project.path + "/employee"), body=body)
        row = await project.read(gauzy, project_id, ("members",))
        ids = follow(row, "members[].employeeId")
        if (employee_id in ids) != member:
            raise ToolError(f"Gauzy did not change the members of {row['name']}; look the employee up")
        return {"id": project_id, "name": row["name"], "employeeIds": ids}

    return run


_LIST = {True: "addedProjectIds", False: "removedProjectIds"}
ON_PROJECT = f.properties({"projectId": f.ref(), "employeeId": f.ref()})

TOOLS = [
    project.list("get_projects", "Find projects by name, status, client or member."),
    project.list("get_my_projects", "Projects I am a member of.", fixed=mine("employeeId")),
    project.list("get_projects_by_employee", "Projects an employee is a member of.", require=("employeeId",)),
    project.count("get_project_count", "How many projects there are, all or by filter."),
    project.get("get_project", "One project by id."),
    project.create("create_project", "Create a project."),
    project.update("update_project", "Change a project; memberIds and managerIds replace the lists they had."),
    project.delete("delete_project", "Delete a project for good."),
    Tool(
        "get_project_statistics", "Projects by status and billing, and the hours on them in a period.", "projects",
        statistics, f.listed(ASKED),
        effect="reads", output={"properties": {
            "count": {"type": "integer"}, "by": {"type": "object"}, "period": periods.OUTPUT,
            "hours": {"type": "number"}, "billableHours": {"type": "number"}, "items": {"type": "array", "items": ROW},
        }, "required": ["count", "hours"]},
        hidden=f.hidden(ASKED), keywords="how many time spent budget overview per project",
    ),
    Tool(
        "assign_project_to_employee", "Make an employee a member of a project.", "projects", _assigning(member=True),
        ON_PROJECT, ["projectId", "employeeId"], output=outputs.MEMBERS, effect="changes",
        keywords="add person people join put member",
    ),
    Tool(
        "unassign_project_from_employee", "Take an employee off a project.", "projects", _assigning(member=False),
        ON_PROJECT, ["projectId", "employeeId"], output=outputs.MEMBERS, effect="changes",
        keywords="remove member team",
    ),
    project.bulk_create("bulk_create_projects", "Create up to 50 projects.", "projects"),
    project.bulk_update("bulk_update_projects", "Change up to 50 projects.", "updates"),
    project.bulk_delete("bulk_delete_projects", "Delete up to 50 projects for good."),
]  # fmt: skip
