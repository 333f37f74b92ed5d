"""Tasks (Gauzy route ``/tasks``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import BASE, Entity, public
from mcp_tools.sandbox.http import MISSING, Call, Disguised, Refusal, Reply, listed
from mcp_tools.sandbox.relations import holders, many, nobody, nothing, one, owned, tree_of
from mcp_tools.sandbox.routing import delete, get
from mcp_tools.sandbox.rules import Column, array, boolean, names, not_empty, number, path_id, plain, string, uuid_
from mcp_tools.sandbox.store import Row

VIEW: Final = ("ALL_ORG_VIEW", "ORG_TASK_VIEW")
EDIT: Final = ("ALL_ORG_EDIT", "ORG_TASK_EDIT")
FILTERS: Final = {
    "ids": "id", "projects": "projectId", "sprints": "organizationSprintId", "parentIds": "parentId",
    "createdByUserIds": "createdByUserId", "statusIds": "taskStatusId", "priorityIds": "taskPriorityId",
    "sizeIds": "taskSizeId",
}  # fmt: skip
"""The lists of ``filters[…][0]=`` that restrict a column; the others restrict a relation of that name."""


LISTS: Final = {name: Column(checks=(array,)) for name in ("members", "teams", "tags")}


class Tasks(Entity):
    def derived(self, public: Row) -> Row:
        if public.get("number") is None:
            return {}
        prefix = public.get("prefix")
        return {"taskNumber": f"{prefix.upper()}-{public['number']}" if prefix else str(public["number"])}

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        super().check(call, body, record_id)
        rules.demand(rules.validate(LISTS, body, creating=False))

    def get(self, call: Call) -> Reply:
        if call.query.get("includeRootEpic") == "true":
            raise Disguised("RangeError: Too many parameter values were provided")
        return super().get(call)

    def insert(self, call: Call, body: Row) -> Row:
        project_id = body.get("projectId")
        project = self._project(call, project_id)
        last = highest(call, project_id)
        given = {**body, "number": last + 1, "prefix": project["name"][:3] if project else None}
        return super().insert(call, given | self._members(call, body))

    def _members(self, call: Call, body: Row) -> Row:
        """What an employee creates is assigned to him, unless he says to whom."""
        own = [{"id": call.employee_id}] if call.role == "EMPLOYEE" and call.employee_id else []
        return {"members": body.get("members") or own}

    def change(self, call: Call, row: Row, body: Row) -> Row:
        self._project(call, body.get("projectId"))
        return super().change(call, row, body)

    def _project(self, call: Call, project_id: Any) -> Row | None:
        found = call.store.find("OrganizationProject", project_id, call.tenant_id)
        if project_id is not None and found is None:
            raise Refusal(400, MISSING, named=False)
        return found

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        members = [{"id": item} for item in row["_members"]]
        sent = {name: body[name] for name in ("teams", "tags") if name in body}
        return {**public(row), "tenant": {"id": row["tenantId"]}, "members": members, **sent}

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        """Gauzy answers what was sent, and null for every column that was not."""
        known = [name for name in (*BASE, *self.columns) if name not in ("deletedAt", "createdAt")]
        sent = {name: body.get(name) for name in known}
        lists = {name: body[name] for name in ("members", "teams", "tags") if name in body}
        owner = {"id": row["id"], "tenantId": row["tenantId"], "organizationId": row["organizationId"]}
        own = {"tenant": {"id": row["tenantId"]}, "updatedAt": row["updatedAt"], "updatedByUserId": call.user_id}
        return {**sent, **owner, **lists, **own}

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        raise Refusal(400, MISSING, named=False)

    def remove(self, call: Call) -> Reply:
        for entity, column in (("TimeLog", "taskId"), ("Task", "parentId")):
            for record in call.store.rows(entity, call.tenant_id):
                if record[column] == call.ids[0]:
                    call.store.put(entity, {**record, column: None})
        return super().remove(call)

    def matching(self, call: Call, where: Mapping[str, Any], *, paged: bool) -> list[Row]:
        rows = super().matching(call, {k: v for k, v in where.items() if k != "filters"}, paged=paged)
        filters = call.query.get("filters")
        for name, value in filters.items() if isinstance(filters, dict) else ():
            wanted = set(listed(value))
            if name in FILTERS:
                rows = [row for row in rows if row[FILTERS[name]] in wanted]
            elif name in self.relations:
                rows = [row for row in rows if wanted.intersection(row.get(f"_{name}", ()))]
        return rows


def highest(call: Call, project_id: Any) -> int:
    """The highest number of a project's tasks, or of those without one."""
    rows = call.store.rows("Task", call.tenant_id)
    return max((row["number"] for row in rows if row["projectId"] == project_id), default=0)


task = Tasks(
    "Task",
    {
        "title": Column(checks=(string, not_empty), needed=True, kept=True),
        "number": Column(),
        "prefix": Column(),
        "description": Column(checks=(string,)),
        "status": Column(checks=(string, not_empty), needed=True, kept=True),
        "priority": Column(checks=(string,)),
        "size": Column(checks=(string,)),
        "issueType": Column(checks=(string,)),
        "estimate": Column(checks=(number,)),
        "dueDate": Column(checks=(string,)),
        "public": Column(True, (boolean,)),
        "startDate": Column(),
        "resolvedAt": Column(),
        "version": Column(checks=(string,)),
        "isDraft": Column(False, (boolean,)),
        "isScreeningTask": Column(False, (boolean,)),
        "parentId": Column(checks=(uuid_,)),
        "projectId": Column(checks=(uuid_,)),
        "organizationSprintId": Column(checks=(uuid_,)),
        **plain("taskStatusId taskSizeId taskPriorityId taskTypeId"),
    },
    {
        "project": one("OrganizationProject", "projectId"),
        "members": many("Employee", "members"),
        "teams": many("OrganizationTeam", "teams"),
        "tags": many("Tag", "tags"),
        "parent": one("Task", "parentId"),
        "children": owned("Task", "parentId"),
        "timeLogs": owned("TimeLog", "taskId"),
        "dailyPlans": holders("DailyPlan", "tasks"),
        **dict.fromkeys(("organizationSprint", "taskStatus", "taskSize", "taskPriority", "taskType"), nobody()),
        **dict.fromkeys(names("organizationTeamEmployees estimations invoiceItems activities linkedIssues"), nothing()),
        **dict.fromkeys(names("taskSprints modules"), nothing()),
    },
    contains=("title", "description", "prefix"),
    created=202,
    deleted=200,
)  # fmt: skip


def mine(call: Call) -> Reply:
    """Tasks of the caller, of everybody for whoever may select employees. Pages only when ``skip`` is sent."""
    where = task.where(call)
    given = {
        name: where[name] for name in ("status", "title", "prefix", "projectId", "isDraft", "members") if name in where
    }
    if "members" not in given and not call.may("CHANGE_SELECTED_EMPLOYEE"):
        given["members"] = {"id": call.employee_id}
    return _page(call, _found(call, {**given, "organizationId": where["organizationId"]}))


def of_team(call: Call) -> Reply:
    """Tasks of teams: of one, or of all; an employee sees those of the teams he is in."""
    where = dict(task.where(call))
    wanted = set(listed(where.pop("teams", None)))
    where.pop("members", None)
    memberships = call.store.rows("OrganizationTeamEmployee", call.tenant_id)
    allowed = {
        row["organizationTeamId"]
        for row in memberships
        if call.may("CHANGE_SELECTED_EMPLOYEE") or row["employeeId"] == call.employee_id
    }
    teams = wanted & allowed if wanted else allowed
    return _page(call, [row for row in _found(call, where) if teams.intersection(row.get("_teams", ()))])


def of_members(call: Call) -> Reply:
    return _page(call, _found(call, task.where(call)))


def of_employee(call: Call) -> Reply:
    """Tasks of one employee, directly or through a team, as a bare array."""
    where = {name: value for name, value in task.where(call).items() if name != "members"}
    employee_id = path_id(call.ids[0])
    memberships = call.store.rows("OrganizationTeamEmployee", call.tenant_id)
    teams = {row["organizationTeamId"] for row in memberships if row["employeeId"] == employee_id}
    rows = [
        row
        for row in task.matching(call, where, paged=False)
        if employee_id in row.get("_members", ()) or teams.intersection(row.get("_teams", ()))
    ]
    tree = tree_of(listed(call.query.get("relations")))
    return Reply(200, [task.shown(call.store, row, tree) for row in rows])


def max_number(call: Call) -> Reply:
    rules.demand(rules.organization(call, call.query))
    return Reply(200, highest(call, call.query.get("projectId")))


def by_date(call: Call) -> Reply:
    """Tasks with start, due or creation date in a range: ``dueDateFrom``, ``dueDateTo`` and the like."""
    rules.demand(rules.organization(call, call.query))
    rows = task.matching(call, {"organizationId": call.query["organizationId"]}, paged=False)
    for column in ("startDate", "dueDate", "createdAt"):
        begin, end = call.query.get(f"{column}From"), call.query.get(f"{column}To")
        if begin or end:
            rows = [row for row in rows if row[column] and (begin or "") <= row[column] <= (end or "9999")]
    return task.page(call, rows, len(rows))


def leave_all(call: Call) -> Reply:
    """Takes an employee out of all tasks."""
    employee_id = path_id(call.ids[0])
    for row in call.store.rows("Task", call.tenant_id):
        if employee_id in row.get("_members", ()):
            row["_members"] = [item for item in row["_members"] if item != employee_id]
            call.store.put("Task", row | {"updatedAt": call.now()})
    return Reply(200, True)


def _found(call: Call, where: Mapping[str, Any]) -> list[Row]:
    try:
        return task.ordered(call, task.matching(call, where, paged=True))
    except Disguised:
        raise Refusal(400) from None


def _page(call: Call, rows: list[Row]) -> Reply:
    take, skip = call.query.get("take"), call.query.get("skip")
    if skip is None or not str(skip).isdigit() or not str(take or "10").isdigit():
        return task.page(call, rows, len(rows))
    size = int(take or 10) or 10
    first = (max(int(skip), 1) - 1) * size
    return task.page(call, rows[first : first + size], len(rows))


ROUTES = [
    *task.routes(
        "/tasks", view=VIEW, add=("ALL_ORG_EDIT", "ORG_TASK_ADD"), edit=EDIT, remove=("ALL_ORG_EDIT", "ORG_TASK_DELETE")
    ),
    get("/tasks/me", mine, *VIEW),
    get("/tasks/team", of_team, *VIEW),
    get("/tasks/employee", of_members, *VIEW),
    get("/tasks/employee/:id", of_employee, *VIEW),
    get("/tasks/max-number", max_number, *VIEW),
    get("/tasks/filter-by-date", by_date, *VIEW),
    delete("/tasks/employee/:id", leave_all, *EDIT),
]
