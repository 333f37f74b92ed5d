"""Daily plans (Gauzy route ``/daily-plan``)."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import FOREIGN_KEY, MISSING, Call, DatabaseRefusal, Refusal, Reply, not_found
from mcp_tools.sandbox.relations import Tree, many, one
from mcp_tools.sandbox.routing import get, post, put
from mcp_tools.sandbox.rules import Column, date, not_empty, number, owner, path_id
from mcp_tools.sandbox.store import Row

READ: Final = ("ALL_ORG_VIEW", "DAILY_PLAN_READ")
EDIT: Final = ("ALL_ORG_EDIT", "DAILY_PLAN_UPDATE")
TASK: Final = ("ALL_ORG_EDIT", "DAILY_PLAN_CREATE", "DAILY_PLAN_UPDATE")
STATUSES: Final = ("open", "in-progress", "completed")
WITH_TASKS: Final[Tree] = {"tasks": {}}


def _status(name: str, value: Any) -> list[str]:
    return (
        [] if value in STATUSES else [f"status `{'undefined' if value is None else value}` must be a valid enum value"]
    )


class DailyPlans(Entity):
    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        super().check(call, body, record_id)
        if "employeeId" in body:
            rules.demand(rules.employee(call, body["employeeId"], body["organizationId"]))

    def create(self, call: Call) -> Reply:
        """The first plan of a day is answered without its id; a second one changes nothing but may add the task."""
        body = call.body()
        self.check(call, body, None)
        body["date"] = _midnight(body["date"])
        if call.store.find("OrganizationTeam", body["organizationTeamId"], call.tenant_id) is None:
            raise DatabaseRefusal(FOREIGN_KEY)
        task = self._task(call, body.get("taskId"))
        day = (body["employeeId"], body["date"][:10])
        plans = call.store.rows(self.name, call.tenant_id)
        existing = next((row for row in plans if (row["employeeId"], row["date"][:10]) == day), None)
        if existing is not None:
            return Reply(201, self.shown(call.store, self._add(call, existing, task), WITH_TASKS))
        made = self._add(call, self.insert(call, body), task)
        echo = {name: body[name] for name in (*self.columns, "taskId", "tenantId", "organizationId") if name in body}
        tasks = self.shown(call.store, made, WITH_TASKS)["tasks"]
        return Reply(201, {"tenantId": call.tenant_id, **echo, "employee": {"id": body["employeeId"]}, "tasks": tasks})

    def listing(self, call: Call) -> Reply:
        """Neither ``take`` and ``skip`` nor ``order`` have an effect here."""
        rows = self.matching(call, self.where(call), paged=False)
        return self.page(call, rows, len(rows))

    def get(self, call: Call) -> Reply:
        """Without relations, whatever is asked."""
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), {}))

    def update(self, call: Call) -> Reply:
        """An employee must name himself in the body, or the plan is not found."""
        body = call.body()
        self.check(call, body, call.ids[0])
        row = self.find(call, call.ids[0])
        if not call.may("CHANGE_SELECTED_EMPLOYEE") and row["employeeId"] != body.get("employeeId"):
            raise not_found("Daily plan not found or you do not have permission to access it")
        if "date" in body:
            body["date"] = _midnight(body["date"])
        return Reply(200, self._as_saved(call, self.change(call, row, body)))

    def add_task(self, call: Call) -> Reply:
        row, task = self._plan_and_task(call)
        return Reply(201, self._as_saved(call, self._add(call, row, task)))

    def remove_task(self, call: Call) -> Reply:
        row, task = self._plan_and_task(call)
        return Reply(200, self._as_saved(call, self._drop(call, row, task["id"])))

    def remove_from_many(self, call: Call) -> Reply:
        """Takes a task off an employee's plans of today and later, of one team; all of them when none are named."""
        body = call.body()
        rules.demand(rules.organization(call, body))
        if not isinstance(body.get("plansIds"), list):
            raise Refusal(400, "Cannot read properties of undefined (reading 'length')")
        wanted, task_id = body["plansIds"], path_id(call.ids[0])
        today = call.now()[:10]
        rows = [
            row
            for row in call.store.rows(self.name, call.tenant_id)
            if task_id in row.get("_tasks", ())
            and (row["employeeId"], row["organizationTeamId"])
            == (body.get("employeeId"), body.get("organizationTeamId"))
            and row["date"][:10] >= today
            and (not wanted or row["id"] in wanted)
        ]
        if not rows:
            raise Refusal(400, "Daily plans not found")
        tree: Tree = {"employee": {}, "tasks": {}}
        return Reply(200, [self._as_saved(call, self._drop(call, row, task_id), tree) for row in rows])

    def _plan_and_task(self, call: Call) -> tuple[Row, Row]:
        body = call.body()
        rules.demand(rules.organization(call, body))
        row, task = self.find(call, call.ids[0]), self._task(call, body.get("taskId"))
        if task is None or body.get("employeeId") not in (None, row["employeeId"]):
            raise not_found(MISSING)
        return row, task

    def _task(self, call: Call, task_id: Any) -> Row | None:
        found = call.store.find("Task", task_id, call.tenant_id)
        if task_id is not None and found is None:
            raise not_found(MISSING)
        return found

    def _add(self, call: Call, row: Row, task: Row | None) -> Row:
        row.setdefault("_tasks", [])
        if task is not None and task["id"] not in row["_tasks"]:
            row["_tasks"].append(task["id"])
            call.store.put(self.name, row | {"updatedAt": call.now()})
        return row

    def _drop(self, call: Call, row: Row, task_id: str) -> Row:
        row["_tasks"] = [item for item in row.get("_tasks", ()) if item != task_id]
        return call.store.put(self.name, row | {"updatedAt": call.now(), "updatedByUserId": call.user_id})

    def _as_saved(self, call: Call, row: Row, tree: Tree = WITH_TASKS) -> Row:
        return {**self.shown(call.store, row, tree), "tenant": {"id": row["tenantId"]}}


def _midnight(day: str) -> str:
    return f"{day}T00:00:00.000Z" if len(day) == len("2026-12-12") else day


plan = DailyPlans(
    "DailyPlan",
    {
        "date": Column(checks=(date, not_empty), needed=True),
        "workTimePlanned": Column(checks=(number, not_empty), needed=True),
        "status": Column(checks=(_status, not_empty), needed=True),
        "employeeId": Column(checks=(owner("employee"),), needed=True),
        "organizationTeamId": Column(checks=(owner("organizationTeam"),), needed=True),
    },
    {
        "tasks": many("Task", "tasks"),
        "employee": one("Employee", "employeeId"),
        "organizationTeam": one("OrganizationTeam", "organizationTeamId"),
    },
    updated=200,
    deleted=200,
)


def mine(call: Call) -> Reply:
    """The caller's plans; those of everybody for whoever may select employees."""
    where = dict(plan.where(call))
    if not call.may("CHANGE_SELECTED_EMPLOYEE"):
        where["employeeId"] = call.employee_id or ""
    rows = plan.matching(call, where, paged=False)
    return plan.page(call, rows, len(rows))


def of_employee(call: Call) -> Reply:
    where = {**plan.where(call), "employeeId": path_id(call.ids[0])}
    rows = plan.matching(call, where, paged=False)
    return plan.page(call, rows, len(rows))


def of_team(call: Call) -> Reply:
    """Restricted by team alone; without one the plans of all teams."""
    where = plan.where(call)
    known = {name: where[name] for name in ("organizationId", "organizationTeamId") if name in where}
    rows = plan.matching(call, known, paged=False)
    return plan.page(call, rows, len(rows), {"employee": {}, "tasks": {}})


def of_task(call: Call) -> Reply:
    """The plans that hold a task; ``where`` has no effect. Users come without their picture here."""
    plan.where(call)
    task_id = path_id(call.ids[0])
    rows = [row for row in call.store.rows(plan.name, call.tenant_id) if task_id in row.get("_tasks", ())]
    answer = plan.page(call, rows, len(rows), {"employee": {"user": {}}, "tasks": {}})
    for item in answer.body["items"]:
        del item["employee"]["user"]["image"]
    return answer


ROUTES = [
    *plan.routes(
        "/daily-plan",
        view=READ,
        add=("ALL_ORG_EDIT", "DAILY_PLAN_CREATE"),
        edit=EDIT,
        remove=("ALL_ORG_EDIT", "DAILY_PLAN_DELETE"),
    ),
    get("/daily-plan/pagination", plan.paginate, *EDIT),
    get("/daily-plan/count", plan.count, *EDIT),
    get("/daily-plan/:id", plan.get, *EDIT),
    get("/daily-plan/me", mine, *READ),
    get("/daily-plan/team", of_team, *READ),
    get("/daily-plan/employee/:id", of_employee, *READ),
    get("/daily-plan/task/:id", of_task, *READ),
    post("/daily-plan/:id/task", plan.add_task, *TASK),
    put("/daily-plan/:id/task", plan.remove_task, *TASK),
    put("/daily-plan/:id/remove", plan.remove_from_many, *TASK),
]
