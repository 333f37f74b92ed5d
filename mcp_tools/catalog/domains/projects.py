"""Projects (Gauzy route ``/organization-projects``)."""

from __future__ import annotations

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.entity import Entity, mine

STATUSES = ("open", "in-progress", "completed", "cancelled", "custom")
MANY_CURRENCIES = "ISO 4217 code"

project = Entity(
    "project",
    "/organization-projects",
    "projects",
    columns={
        "name": f.text(required=True),
        "code": f.text(),
        "description": f.text(),
        "status": f.suggestion(*STATUSES),
        "billing": f.choice("RATE", "FLAT_FEE", "MILESTONES"),
        "currency": f.text(MANY_CURRENCIES, max_length=3),
        "budget": f.number(),
        "budgetType": f.choice("hours", "cost"),
        "billable": f.boolean(),
        "public": f.boolean(),
        "owner": f.choice("CLIENT", "INTERNAL"),
        "color": f.text("#rrggbb"),
        "taskListType": f.choice("GRID", "SPRINT"),
        "startDate": f.moment(),
        "endDate": f.moment(),
        "contactId": f.ref("Client", column="organizationContactId"),
        "projectUrl": f.text(),
        "memberIds": f.refs("Employees"),
        "managerIds": f.refs("Employees"),
    },
    filters={
        "name": f.text("Contains"),
        "code": f.text(),
        "status": f.suggestion(*STATUSES),
        "public": f.boolean(),
        "billable": f.boolean(),
        "billing": f.choice("RATE", "FLAT_FEE", "MILESTONES"),
        "currency": f.text(MANY_CURRENCIES),
        "owner": f.choice("CLIENT", "INTERNAL"),
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

TOOLS = [
    project.list("get_projects", "Find projects by name, status, client or member."),
    project.list("get_my_projects", "Projects I am a member of.", fixed=mine("employeeId")),
    project.list("get_projects_by_employee", "Projects an employee is a member of.", require=("employeeId",)),
    project.count("get_project_count", "How many projects there are, all or by filter."),
    project.get("get_project", "One project by id."),
    project.create("create_project", "Create a project."),
    project.update("update_project", "Change a project; memberIds and managerIds replace the lists they had."),
    project.delete("delete_project", "Delete a project for good."),
    project.bulk_create("bulk_create_projects", "Create up to 50 projects.", "projects"),
    project.bulk_update("bulk_update_projects", "Change up to 50 projects.", "updates"),
    project.bulk_delete("bulk_delete_projects", "Delete up to 50 projects for good."),
]
