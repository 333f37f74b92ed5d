"""Employees (Gauzy route ``/employee``)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.entity import CLEAR, ID, Entity
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import flat_pairs, owner
from mcp_tools.catalog.rows import own_employee, project, rows_of
from mcp_tools.catalog.texts import folded
from mcp_tools.catalog.tool import Tool, ToolError

employee = Entity(
    "employee",
    "/employee",
    "employees",
    columns={
        "firstName": f.text(column="user.firstName"),
        "lastName": f.text(column="user.lastName"),
        "email": f.text(column="user.email", format="email"),
        "password": f.text("Login password of the new user", secret=True),
        "roleId": f.ref("Role; EMPLOYEE unless given", column="user.role.id"),
        "userId": f.ref("An existing user, in place of name, e-mail and password"),
        "startedWorkOn": f.date(),
        "description": f.text(),
        "shortDescription": f.text(column="short_description"),
        "isTrackingEnabled": f.boolean("May track time"),
        "tagIds": f.refs(column="tags[].id"),
    },
    filters={
        "search": f.text("Words of the name", where="user.name"),
        "email": f.text("Contains; with search, either may fit", where="user.email"),
        "isActive": f.boolean().as_unlisted(),
        "isArchived": f.boolean().as_unlisted(),
        "isTrackingEnabled": f.boolean(),
        "tagIds": f.refs(where="tags[]").as_unlisted(),
    },
    shows={"fullName": "string", "user": "object", "isActive": "boolean"},
    names={"name": "user.name", "email": "user.email"},
    include=("user",),
    relations=("user", "contact", "organizationPosition", "teams", "projects", "tags", "skills", "awards"),
    # Every PUT clears these two when it does not name them.
    merge=("upworkId", "linkedInId"),
    wrapper="employee_data",
    address="employee",
)
URLS = ("linkedInUrl", "githubUrl", "facebookUrl", "twitterUrl", "instagramUrl", "upworkUrl", "stackoverflowUrl")
ABOUT = {"description": f.text(), "shortDescription": f.text(column="short_description")}
SWITCHES = ("isActive", "allowManualTime", "allowModifyTime", "allowDeleteTime", "allowScreenshotCapture")

employment = replace(
    employee,
    columns={
        **ABOUT,
        "employeeLevel": f.text(),
        "startedWorkOn": f.date(),
        "endWork": f.date("Last day"),
        "payPeriod": f.choice("NONE", "WEEKLY", "BI_WEEKLY", "TWICE_PER_MONTH", "MONTHLY"),
        "billRateValue": f.integer("Per hour"),
        "billRateCurrency": f.text("ISO 4217 code"),
        "minimumBillingRate": f.integer().as_unlisted(),
        "weeklyHours": f.integer("Limit", maximum=168, column="reWeeklyLimit"),
        "isTrackingEnabled": f.boolean("May track time"),
        "tagIds": f.refs(column="tags[].id"),
        **{name: f.boolean().as_unlisted() for name in SWITCHES},
        **{name: f.text(format="uri").as_unlisted() for name in URLS[:2]},
    },
    shows={**employee.shows, "reWeeklyLimit": "integer"},
)
profile = replace(
    employee,
    columns={
        **ABOUT,
        **{name: f.text(format="uri") for name in URLS[:2]},
        **{name: f.text(format="uri").as_unlisted() for name in URLS[2:]},
    },
)
"""What somebody may change about himself. The route would take his own pay and permissions as well."""


async def with_role(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """A new user needs name, e-mail, password and role; an existing one only its id."""
    if "userId" in arguments:
        return arguments
    missing = [name for name in ("firstName", "email", "password") if name not in arguments]
    if missing:
        raise ToolError(f"Give {', '.join(missing)} for a new user, or userId for an existing one.")
    if "roleId" in arguments:
        return arguments
    identity = await context.gauzy.identity()
    roles = await context.gauzy.request("GET", path_to("/roles"), query=[("where[tenantId]", identity.tenant_id)])
    role = next((role["id"] for role in rows_of(roles)[0] if role["name"] == "EMPLOYEE"), None)
    if role is None:
        raise ToolError("This tenant has no role EMPLOYEE; give roleId.")
    return {**arguments, "roleId": role}


async def change_profile(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT …/{own id}/profile``."""
    gauzy, changes = context.gauzy, profile.changes(arguments)
    identity = await gauzy.identity()
    record_id = own_employee(identity)
    row = await employee.read(gauzy, record_id)
    kept = {name: row[name] for name in employee.merge if row.get(name) is not None}
    await gauzy.request(
        "PUT", path_to("/employee/{id}/profile", id=record_id), body={**owner(identity), **kept, **changes}
    )
    return project(await employee.read(gauzy, record_id, employee.include), {}, employee.names)


async def dismiss(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``DELETE …/{id}/soft``. Whoever was dismissed is still read by id, with ``deletedAt``."""
    gauzy, record_id = context.gauzy, arguments["id"]
    if (await employee.read(gauzy, record_id)).get("deletedAt") is None:
        query = [*owner(await gauzy.identity()).items()]
        await gauzy.request("DELETE", path_to("/employee/{id}/soft", id=record_id), query=query)
    return {"id": record_id, "deleted": True}


async def restore(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT …/{id}/recover``."""
    gauzy, record_id = context.gauzy, arguments["id"]
    await gauzy.request("PUT", path_to("/employee/{id}/recover", id=record_id), body=owner(await gauzy.identity()))
    return project(await employee.read(gauzy, record_id, employee.include), {}, employee.names)


async def current(context: ToolContext, arguments: dict[str, Any]) -> Any:
    record_id = own_employee(await context.gauzy.identity())
    relations = tuple(dict.fromkeys(("user", *arguments.get("relations", ()))))
    return project(await employee.read(context.gauzy, record_id, relations), arguments, employee.names)


MEMBERS_OF = {"teamId": f.ref(where="organizationTeamId"), "projectId": f.ref(where="organizationProjectId")}


async def members(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``GET /employee/members``: the colleagues that every role may see, all at once."""
    query = flat_pairs(await context.gauzy.identity(), MEMBERS_OF, arguments)
    rows, _ = rows_of(await context.gauzy.request("GET", path_to("/employee/members"), query=query))
    search = folded(arguments.get("search", ""))
    if search:
        rows = [row for row in rows if search in folded(str(row.get("fullName", "")))]
    return {"items": [project(row, arguments, employee.names, short=True) for row in rows], "total": len(rows)}


RELATIONS = {"relations": {"type": "array", "items": {"type": "string", "enum": [*employee.relations]}}}

TOOLS = [
    employee.list("get_employees", "Find employees by name or e-mail address."),
    Tool(
        "get_organization_members",
        "Names and ids of all colleagues, or of a team's or a project's; works for every role.",
        "employees", members, f.properties({"search": f.text("Part of the name"), **MEMBERS_OF}),
        effect="reads", output=outputs.listed(employee.item),
    ),
    employee.count("get_employee_count", "How many employees there are, all or by filter."),
    employee.list(
        "get_employees_pagination", "Employees page by page.", without=("email", "isTrackingEnabled"), brief=True
    ),
    employee.get("get_employee", "One employee by id."),
    Tool(
        "get_current_employee", "My own employee record.", "employees", current, RELATIONS, effect="reads",
        output=employee.output,
    ),
    employee.create(
        "create_employee", "Add an employee: a new user, or an existing one by userId.", prepare=with_role,
        decides=True, reaches_outside=True,
    ),
    employment.update("update_employee", "Change an employee's terms, such as pay, level and dates.", decides=True),
    Tool(
        "update_employee_profile", "Change my own description and links.", "employees", change_profile,
        {**f.listed(profile.columns), **CLEAR}, output=profile.output, effect="changes", wrapper="employee_data",
        hidden=f.hidden(profile.columns), keywords="linkedin github bio about",
    ),
    Tool(
        "soft_delete_employee", "Dismiss an employee; restore_employee undoes it.", "employees", dismiss, ID, ["id"],
        output=outputs.DELETED, effect="deletes", decides=True, touches=employee.touches, keywords="fire remove",
    ),
    Tool(
        "restore_employee", "Take back an employee who was dismissed.", "employees", restore, ID, ["id"],
        output=employee.output, effect="changes", decides=True, touches=employee.touches,
        keywords="recover undelete rehire",
    ),
    employee.bulk_create(
        "bulk_create_employees", "Add up to 50 employees.", "employees", prepare=with_role,
        decides=True, reaches_outside=True,
    ),
]  # fmt: skip
