"""Tasks (Gauzy route ``/tasks``)."""

from __future__ import annotations

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.entity import Entity, mine

STATUSES = (
    "backlog",
    "open",
    "in-progress",
    "ready-for-review",
    "in-review",
    "blocked",
    "done",
    "completed",
    "cancelled",
)
PRIORITIES = ("urgent", "high", "medium", "low")
SIZES = ("x-large", "large", "medium", "small", "tiny")
TYPES = ("bug", "story", "task", "memo", "epic")

task = Entity(
    "task",
    "/tasks",
    "tasks",
    columns={
        "title": f.text(required=True),
        "status": f.suggestion(*STATUSES, default="open"),
        "description": f.text("HTML allowed"),
        "priority": f.suggestion(*PRIORITIES),
        "size": f.suggestion(*SIZES),
        "issueType": f.suggestion(*TYPES),
        "estimateSeconds": f.integer(column="estimate"),
        "dueDate": f.moment(),
        "startDate": f.moment(),
        "projectId": f.ref(),
        "parentId": f.ref(),
        "sprintId": f.ref(column="organizationSprintId"),
        "memberIds": f.refs("Assigned employees", column="members[].id"),
        "teamIds": f.refs(column="teams[].id"),
        "tagIds": f.refs(column="tags[].id"),
        "public": f.boolean(),
        "isDraft": f.boolean(),
    },
    filters={
        "search": f.text("Title contains", where="title"),
        "projectId": f.ref(),
        "employeeId": f.ref("Assigned to", where="members.id"),
        "teamId": f.ref(where="teams[]"),
        "status": f.suggestion(*STATUSES),
        "priority": f.suggestion(*PRIORITIES),
        "size": f.suggestion(*SIZES),
        "issueType": f.suggestion(*TYPES),
        "sprintId": f.ref(where="organizationSprintId"),
        "parentId": f.ref(),
        "isDraft": f.boolean(),
    },
    shows={"number": "integer", "prefix": "string", "taskNumber": "string", "members": "array", "project": "object"},
    sort=("createdAt", "updatedAt", "title", "number", "status", "priority", "dueDate", "startDate", "estimate"),
    relations=("project", "members", "members.user", "teams", "tags", "parent", "children"),
    merge=("title", "status"),
    names={"projectName": "project.name", "memberNames": "members[].fullName"},
    include=("project", "members", "members.user"),
    wrapper="task_data",
    address="task",
)

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
    task.bulk_create("bulk_create_tasks", "Create up to 50 tasks.", "tasks"),
    task.bulk_update("bulk_update_tasks", "Change up to 50 tasks.", "updates"),
    task.bulk_delete("bulk_delete_tasks", "Delete up to 50 tasks for good."),
]
