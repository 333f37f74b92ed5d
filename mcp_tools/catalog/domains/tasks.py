"""Tasks (Gauzy route ``/tasks``)."""

from __future__ import annotations

import asyncio
import datetime
from collections import Counter
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs, periods
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.time_totals import logs, worked
from mcp_tools.catalog.entity import Entity, mine
from mcp_tools.catalog.local import Timed
from mcp_tools.catalog.rows import Row, follow
from mcp_tools.catalog.tool import Run, Tool, ToolError
from mcp_tools.catalog.turns import turn

USUAL = ("open", "in-progress", "in-review", "blocked", "done", "completed")
"""Those that a schema names; Gauzy takes any."""
PRIORITIES = ("urgent", "high", "medium", "low")
SIZES = ("x-large", "large", "medium", "small", "tiny")
TYPES = ("bug", "story", "task", "memo", "epic")

DONE = ("done", "completed", "cancelled", "closed")


def is_overdue(row: Row, now: datetime.datetime) -> bool:
    """Whether the due date of a task that is not finished is over."""
    return bool(row.get("dueDate")) and row.get("status") not in DONE and _moment(row["dueDate"]) < now


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


class Tasks(Entity):
    """Gauzy numbers the tasks of a project by looking at the last one: two at once would get the same number."""

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        if "projectId" not in arguments:
            return await super().make(gauzy, arguments)
        async with turn(f"tasks of {arguments['projectId']}"):
            return await super().make(gauzy, arguments)


task = Tasks(
    "task",
    "/tasks",
    "tasks",
    columns={
        "title": f.text(required=True),
        "status": f.suggestion(*USUAL, default="open"),
        "description": f.text("HTML allowed"),
        "priority": f.suggestion(*PRIORITIES),
        "size": f.suggestion(*SIZES).as_unlisted(),
        "issueType": f.suggestion(*TYPES),
        "estimateSeconds": f.integer(column="estimate"),
        "dueDate": f.moment(),
        "startDate": f.moment().as_unlisted(),
        "projectId": f.ref(),
        "parentId": f.ref(),
        "sprintId": f.ref(column="organizationSprintId").as_unlisted(),
        "memberIds": f.refs("Assigned employees", column="members[].id"),
        "teamIds": f.refs(column="teams[].id").as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
        "public": f.boolean().as_unlisted(),
        "isDraft": f.boolean().as_unlisted(),
    },
    filters={
        "search": f.text("Title contains", where="title"),
        "projectId": f.ref(),
        "employeeId": f.ref("Assigned to", where="members.id"),
        "teamId": f.ref(where="teams[]"),
        "status": f.suggestion(*USUAL),
        "priority": f.suggestion(*PRIORITIES),
        "size": f.suggestion(*SIZES).as_unlisted(),
        "issueType": f.suggestion(*TYPES).as_unlisted(),
        "sprintId": f.ref(where="organizationSprintId").as_unlisted(),
        "parentId": f.ref().as_unlisted(),
        "isDraft": f.boolean().as_unlisted(),
    },
    local={"overdue": Timed(f.boolean(), lambda row, wanted, now: is_overdue(row, now) == wanted)},
    shows={"number": "integer", "prefix": "string", "taskNumber": "string", "members": "array", "project": "object"},
    sort=("createdAt", "updatedAt", "title", "number", "status", "priority", "dueDate", "startDate", "estimate"),
    relations=("project", "members", "members.user", "teams", "tags", "parent", "children"),
    merge=("title", "status"),
    names={"projectName": "project.name", "memberNames": "members[].fullName"},
    include=("project", "members", "members.user"),
    wrapper="task_data",
    address="task",
)

GROUPS = {
    "status": "status",
    "priority": "priority",
    "size": "size",
    "issueType": "issueType",
    "project": "project.name",
}
TIMED = ("employeeId", "projectId", *periods.arguments(None))
"""What is asked about tasks and about time alike."""
ASKED = {**task.asked, **periods.arguments("this_month")}


async def statistics(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """Counted here: Gauzy has no statistics of tasks."""
    whose = {name: arguments[name] for name in TIMED if name in arguments}
    (rows, complete), (period, time) = await asyncio.gather(
        task.every(context.gauzy, arguments), logs(context, whose, "this_month")
    )
    counted, now = {row["id"] for row in rows}, context.gauzy.now()
    return {
        "count": len(rows), "complete": complete, "overdue": sum(is_overdue(row, now) for row in rows),
        "estimatedHours": round(sum(float(row.get("estimate") or 0) for row in rows) / 3600, 2),
        "by": {
            name: dict(Counter(str(follow(row, path) or "none") for row in rows).most_common())
            for name, path in GROUPS.items()
        },
        "period": period.to_dict(), **worked([row for row in time if row.get("taskId") in counted]),
    }  # fmt: skip


def _assigning(*, member: bool) -> Run:
    """The list of members is replaced by an update, so it is read first."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        gauzy, employee_id = context.gauzy, arguments["employeeId"]
        async with turn(f"members of {arguments['taskId']}"):
            row = await task.read(gauzy, arguments["taskId"], ("members",))
            before = follow(row, "members[].id")
            wanted = [*before, employee_id] if member else [one for one in before if one != employee_id]
            if (employee_id in before) != member:
                await task.change(gauzy, {"id": row["id"], "memberIds": wanted})
                row = await task.read(gauzy, row["id"], ("members",))
        ids = follow(row, "members[].id")
        if (employee_id in ids) != member:
            raise ToolError(f"Gauzy did not change who works on {row['title']}; look the employee up")
        return {"id": row["id"], "name": row["title"], "employeeIds": ids}

    return run


ON_TASK = f.properties({"taskId": f.ref(), "employeeId": f.ref()})

TOOLS = [
    task.list("get_tasks", "Find tasks by title, project, assignee, status, priority."),
    task.list("get_tasks_pagination", "Find tasks page by page.", without=("search", "size", "issueType")),
    task.list(
        "get_my_tasks",
        "Tasks assigned to me.",
        fixed=mine("employeeId"),
        without=("teamId", "parentId", "size"),
    ),
    task.list(
        "get_tasks_by_employee",
        "Tasks assigned to an employee.",
        require=("employeeId",),
        without=("teamId", "parentId"),
    ),
    task.list("get_team_tasks", "Tasks of a team.", require=("teamId",), without=("parentId",)),
    task.count("get_task_count", "How many tasks there are, all or by filter."),
    task.get("get_task", "One task by id."),
    task.create("create_task", "Create a task; memberIds assigns it."),
    task.update("update_task", "Change a task: status, assignees, dates. Lists of ids replace the ones before."),
    task.delete("delete_task", "Delete a task for good."),
    Tool(
        "get_task_statistics", "Tasks by status, priority, size, type, project; overdue ones, hours in a period.",
        "tasks", statistics, f.listed(ASKED),
        effect="reads", output={"properties": {
            **outputs.STATISTICS["properties"], "overdue": {"type": "integer"}, "estimatedHours": {"type": "number"},
            "period": periods.OUTPUT, "hours": {"type": "number"}, "billableHours": {"type": "number"},
        }, "required": ["count", "complete"]},
        hidden=f.hidden(ASKED), keywords="how many open late progress overview",
    ),
    Tool(
        "assign_task_to_employee", "Assign a task to one more employee.", "tasks", _assigning(member=True),
        ON_TASK, ["taskId", "employeeId"], output=outputs.MEMBERS, effect="changes",
        keywords="hand person ticket add member",
    ),
    Tool(
        "unassign_task_from_employee", "Take a task from an employee.", "tasks", _assigning(member=False),
        ON_TASK, ["taskId", "employeeId"], output=outputs.MEMBERS, effect="changes", keywords="remove member",
    ),
    task.bulk_create("bulk_create_tasks", "Create up to 50 tasks.", "tasks"),
    task.bulk_update("bulk_update_tasks", "Change up to 50 tasks.", "updates"),
    task.bulk_delete("bulk_delete_tasks", "Delete up to 50 tasks for good."),
]  # fmt: skip
