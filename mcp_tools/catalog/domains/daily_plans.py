"""Daily plans: what an employee means to do on a day (Gauzy route ``/daily-plan``)."""

from __future__ import annotations

import datetime
from typing import Any

from mcp_tools.catalog import bulk, outputs
from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import FIELDS, FORMAT, PAGING, Entity, mine
from mcp_tools.catalog.local import Local
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.permissions import may_act_for_others
from mcp_tools.catalog.requests import body_of, owner, where_pairs
from mcp_tools.catalog.rows import Row, own_employee, page, project, rows_of
from mcp_tools.catalog.tool import Tool, ToolError

STATUSES = ("open", "in-progress", "completed")

plan = Entity(
    "daily_plan",
    "/daily-plan",
    "daily_plans",
    columns={
        "date": f.date(required=True),
        "workTimePlanned": f.number("Hours", maximum=24, required=True),
        "status": f.choice(*STATUSES, default="open"),
        "employeeId": f.ref("Mine unless given"),
        "teamId": f.ref("Team; mine unless given", column="organizationTeamId"),
        "taskId": f.ref("A first task"),
    },
    filters={
        "employeeId": f.ref(),
        "teamId": f.ref(where="organizationTeamId"),
        "status": f.choice(*STATUSES),
    },
    local={
        "dateFrom": Local(f.date(), lambda row, day: row["date"][:10] >= day),
        "dateTo": Local(f.date(), lambda row, day: row["date"][:10] <= day),
    },
    shows={"tasks": "array", "employee": "object", "organizationTeam": "object"},
    names={"employeeName": "employee.fullName", "teamName": "organizationTeam.name"},
    include=("tasks", "employee.user", "organizationTeam"),
    sort=("date",),
    wrapper="daily_plan_data",
    address="daily-plan",
)


async def get(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return project(await _with_tasks(context.gauzy, arguments["id"]), arguments, plan.names)


async def _with_tasks(gauzy: Gauzy, plan_id: str) -> dict[str, Any]:
    """``GET /daily-plan/{id}`` ignores relations; the list with ``where[id]`` does not."""
    query = [*where_pairs(await gauzy.identity(), {}, {}), ("where[id]", plan_id)]
    query += [("relations[]", relation) for relation in ("tasks", "employee.user", "organizationTeam")]
    rows, _ = rows_of(await gauzy.request("GET", path_to("/daily-plan"), query=query))
    if not rows:
        raise ToolError(f"There is no daily plan {plan_id}.")
    return dict(rows[0])


async def create(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """The first plan of a day is answered without its id, and a second one changes nothing: the plan is read back."""
    gauzy, identity = context.gauzy, await context.gauzy.identity()
    employee_id = arguments.get("employeeId") or own_employee(identity)
    team_id = arguments.get("teamId") or await _team_of(gauzy, employee_id)
    given = {**arguments, "employeeId": employee_id, "teamId": team_id}
    await gauzy.request(
        "POST", path_to("/daily-plan"), body={**owner(identity), **body_of(plan.columns, given, with_defaults=True)}
    )
    query = where_pairs(identity, {}, {})
    rows, _ = rows_of(await gauzy.request("GET", path_to("/daily-plan/employee/{id}", id=employee_id), query=query))
    made = next((row for row in rows if row["date"].startswith(arguments["date"])), None)
    if made is None:
        raise ToolError("Gauzy took the plan but does not show it; look it up before you try again.")
    return project(await _with_tasks(gauzy, made["id"]), {}, plan.names)


async def _team_of(gauzy: Gauzy, employee_id: str) -> str:
    employee = await gauzy.request("GET", path_to("/employee/{id}", id=employee_id), query=[("relations[]", "teams")])
    teams = employee.get("teams") or []
    if not teams:
        raise ToolError("This employee is in no team, and a daily plan needs one: give teamId.")
    return str(teams[0].get("organizationTeamId") or teams[0]["id"])


async def update(context: ToolContext, arguments: dict[str, Any]) -> Any:
    gauzy = context.gauzy
    current = await _with_tasks(gauzy, arguments["id"])
    changes = body_of(UPDATABLE, arguments, with_defaults=False)
    if not changes:
        raise ToolError(f"Nothing to change: give at least one of {', '.join(UPDATABLE)}")
    await _check_may_change(gauzy, current)
    body = {**owner(await gauzy.identity()), "employeeId": current["employeeId"], **changes}
    await gauzy.request("PUT", path_to("/daily-plan/{id}", id=arguments["id"]), body=body)
    return project(await _with_tasks(gauzy, arguments["id"]), {}, plan.names)


async def _check_may_change(gauzy: Gauzy, row: Row) -> None:
    """Gauzy believes the owner that a request names, whoever sends it. Raises ToolError for the plan of another."""
    own_id = (await gauzy.identity()).employee_id
    if row["employeeId"] != own_id and not await may_act_for_others(gauzy):
        raise ToolError("You may change your own plans only")


UPDATABLE = {**{name: plan.columns[name] for name in ("date", "workTimePlanned")}, "status": f.choice(*STATUSES)}


def _on_task(method: str, route: str) -> Any:
    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        gauzy = context.gauzy
        current = await _with_tasks(gauzy, arguments["planId"])
        await _check_may_change(gauzy, current)
        employee_id = arguments.get("employeeId") or current["employeeId"]
        body = {**owner(await gauzy.identity()), "employeeId": employee_id, "taskId": arguments["taskId"]}
        await gauzy.request(method, path_to("/daily-plan/{planId}" + route, planId=arguments["planId"]), body=body)
        return project(await _with_tasks(gauzy, arguments["planId"]), {}, plan.names)

    return run


async def of_task(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``GET /daily-plan/task/{id}`` applies no filter and tells no pages."""
    query = where_pairs(await context.gauzy.identity(), {}, {})
    path = path_to("/daily-plan/task/{taskId}", taskId=arguments["taskId"])
    rows, _ = rows_of(await context.gauzy.request("GET", path, query=query))
    now = context.gauzy.now()
    chosen = sorted((row for row in rows if _fits(row, arguments, now)), key=lambda row: str(row["date"]), reverse=True)
    number, limit = arguments.get("page", 1), arguments.get("limit", 10)
    return page(chosen[(number - 1) * limit : number * limit], len(chosen), arguments, plan.names)


def _fits(row: dict[str, Any], arguments: dict[str, Any], now: datetime.datetime) -> bool:
    columns = {"employeeId": "employeeId", "teamId": "organizationTeamId", "status": "status"}
    same = all(row.get(column) == arguments.get(name, row.get(column)) for name, column in columns.items())
    return same and all(
        one.fits(row, arguments[name], now) for name, one in plan.local.items() if arguments.get(name) is not None
    )


async def remove_from_many(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """One by one: the route for many wants the team of the plans, and leaves out those of past days."""
    employee_id = arguments.get("employeeId") or own_employee(await context.gauzy.identity())
    listed = await of_task(context, {"taskId": arguments["taskId"], "employeeId": employee_id, "limit": 2000})
    today = str(context.gauzy.now().date())
    coming = [row["id"] for row in listed["items"] if row["date"][:10] >= today]
    plans = arguments.get("planIds") or coming
    if not plans:
        raise ToolError("No plan of today or later holds this task, so there is nothing to take off")
    take_off = _on_task("PUT", "/task")

    async def one(context: ToolContext, plan_id: str) -> dict[str, Any]:
        await take_off(context, {"planId": plan_id, "taskId": arguments["taskId"]})
        return {"id": plan_id}

    return await bulk.each(context, plans, one)


NEW = {
    "type": "object",
    "properties": f.listed(plan.columns),
    "required": ["date", "workTimePlanned"],
    "additionalProperties": False,
}
CHANGED = {
    "type": "object",
    "properties": {"id": f.UUID, **f.listed(UPDATABLE)},
    "required": ["id"],
    "additionalProperties": False,
}

ON_TASK = f.properties({"planId": f.ref(), "taskId": f.ref(), "employeeId": f.ref("Owner of the plan")})

TOOLS = [
    plan.list(
        "get_daily_plans", "Daily plans with their tasks, newest first, by employee, team, status, dates.", sort="-date"
    ),
    plan.list(
        "get_my_daily_plans",
        "My daily plans with their tasks.",
        fixed=mine("employeeId"),
        without=("teamId",),
        sort="-date",
    ),
    Tool(
        "get_daily_plan", "One daily plan with its tasks.", "daily_plans", get, f.properties({"id": f.ref()}), ["id"],
        effect="reads", output=plan.output,
    ),
    Tool(
        "create_daily_plan",
        "Plan a day of an employee, mine unless given. A day that has a plan keeps it and gets the task.",
        "daily_plans", create, f.properties(plan.columns), ["date", "workTimePlanned"], output=plan.output,
        effect="adds", wrapper="daily_plan_data",
    ),
    Tool(
        "update_daily_plan", "Change date, hours or status of a daily plan.", "daily_plans", update,
        {"id": f.UUID, **f.listed(UPDATABLE)}, ["id"], output=plan.output, effect="changes",
        wrapper="plan_data",
    ),
    plan.delete("delete_daily_plan", "Delete a daily plan; its tasks stay."),
    Tool(
        "add_task_to_daily_plan", "Put a task on a daily plan.", "daily_plans", _on_task("POST", "/task"), ON_TASK,
        ["planId", "taskId"], output=plan.output, effect="changes",
    ),
    Tool(
        "remove_task_from_daily_plan", "Take a task off a daily plan.", "daily_plans", _on_task("PUT", "/task"),
        ON_TASK, ["planId", "taskId"], output=plan.output, effect="changes",
    ),
    plan.list("get_team_daily_plans", "Daily plans of a team.", require=("teamId",), sort="-date"),
    plan.list("get_employee_daily_plans", "Daily plans of an employee.", require=("employeeId",), sort="-date"),
    Tool(
        "get_daily_plans_for_task", "Daily plans that a task is on.", "daily_plans", of_task,
        {"taskId": f.UUID, **f.listed(plan.asked), **PAGING, **FIELDS, **FORMAT}, ["taskId"],
        effect="reads", output=outputs.listed(plan.item),
    ),
    plan.count("get_daily_plan_count", "How many daily plans there are."),
    plan.statistics(
        "get_daily_plan_statistics", "Daily plans by status and employee, and the hours planned.",
        by=("status", "employeeName"), sums=("workTimePlanned",),
    ),
    Tool(
        "remove_task_from_many_daily_plans", "Take a task off an employee's plans: those named, or all from today on.",
        "daily_plans", remove_from_many,
        {
            "taskId": f.UUID, "employeeId": {**f.UUID, "description": "Mine unless given"},
            "planIds": {"type": "array", "items": f.UUID, "maxItems": bulk.MAX_ITEMS},
        },
        ["taskId"], output=bulk.OUTPUT, effect="changes",
    ),
    bulk.tool("bulk_create_daily_plans", "Plan up to 50 days.", "daily_plans", "plans", NEW, create, "adds"),
    bulk.tool(
        "bulk_update_daily_plans", "Change up to 50 daily plans.", "daily_plans", "plans", CHANGED, update, "changes"
    ),
    plan.bulk_delete("bulk_delete_daily_plans", "Delete up to 50 daily plans."),
]  # fmt: skip
