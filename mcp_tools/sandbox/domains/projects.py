"""Projects and their members (Gauzy route ``/organization-projects``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity, public
from mcp_tools.sandbox.http import Call, Disguised, Refusal, Reply, forbidden
from mcp_tools.sandbox.pictures import placeholder
from mcp_tools.sandbox.relations import nobody, nothing, one, owned
from mcp_tools.sandbox.routing import get, put
from mcp_tools.sandbox.rules import Column, array, boolean, names, not_empty, one_of, path_id, plain, uuid_
from mcp_tools.sandbox.store import Row, Transaction

VIEW = ("ALL_ORG_VIEW", "ORG_PROJECT_VIEW")
EDIT = ("ALL_ORG_EDIT", "ORG_PROJECT_EDIT")
LISTS = {"memberIds": Column(checks=(array,)), "managerIds": Column(checks=(array,))}


class Projects(Entity):
    """Whoever manages a project may change and delete it, whatever the role."""

    def get(self, call: Call) -> Reply:
        try:
            return super().get(call)
        except Disguised as error:
            raise Refusal(400, f"Failed to find organization project: {error}", named=False) from None

    def missing(self) -> Refusal:
        return Refusal(400, "Failed to find organization project: The requested record was not found", named=False)

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        named = rules.organization(call, body) if "organizationId" in body else []
        told = rules.validate({**self.columns, **LISTS}, body, creating=record_id is None)
        rules.demand(named + told)

    def insert(self, call: Call, body: Row) -> Row:
        """An employee who creates a project becomes its manager; ids of nobody are dropped without a word."""
        row = super().insert(call, {**body, "imageUrl": body.get("imageUrl") or placeholder(body["name"])})
        managers = list(body.get("managerIds") or ())
        if call.role == "EMPLOYEE" and call.employee_id:
            managers.append(call.employee_id)
        enrol(call, row, body.get("memberIds") or [], managers)
        return row

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        members = [self._as_enrolled(call, record) for record in self.relations["members"].rows(call.store, row)]
        answer = {**public(row), "tenant": {"id": row["tenantId"]}, "members": members, "tags": [], "membersCount": 0}
        return {**answer, "customFields": {"repositoryId": None}}

    def _as_enrolled(self, call: Call, record: Row) -> Row:
        return {**public(record), "role": member.relations["role"].read(call.store, record)}

    def update(self, call: Call) -> Reply:
        self._authorise(call, EDIT)
        return super().update(call)

    def change(self, call: Call, row: Row, body: Row) -> Row:
        """``memberIds`` and ``managerIds`` replace the members; without both they stay, and one alone is an error."""
        row = super().change(call, row, body)
        given = [name for name in ("memberIds", "managerIds") if isinstance(body.get(name), list)]
        if len(given) == 1:
            raise Refusal(400, "input is not iterable")
        if given:
            for record in self.relations["members"].rows(call.store, row):
                call.store.delete("OrganizationProjectEmployee", record["id"], call.tenant_id)
            enrol(call, row, body.get("memberIds") or [], body.get("managerIds") or [])
        return row

    def remove(self, call: Call) -> Reply:
        """Tasks and time stay, without a project. An unknown id is answered the same."""
        self._authorise(call, ("ALL_ORG_EDIT", "ORG_PROJECT_DELETE"))
        project_id = path_id(call.ids[0])
        call.store.delete(self.name, project_id, call.tenant_id)
        for entity in ("Task", "TimeLog", "OrganizationProjectEmployee"):
            column = "organizationProjectId" if entity == "OrganizationProjectEmployee" else "projectId"
            for record in call.store.rows(entity, call.tenant_id):
                if record[column] == project_id:
                    _let_go(call.store, entity, record, column)
        return Reply(204)

    def _authorise(self, call: Call, permissions: tuple[str, ...]) -> None:
        if not call.may(*permissions) and not manages(call, call.ids[0]):
            raise forbidden()


def _let_go(store: Transaction, entity: str, record: Row, column: str) -> None:
    if entity == "OrganizationProjectEmployee":
        store.delete(entity, record["id"], record["tenantId"])
    else:
        store.put(entity, {**record, column: None})


def manages(call: Call, project_id: str) -> bool:
    memberships = call.store.rows("OrganizationProjectEmployee", call.tenant_id)
    return any(
        row["organizationProjectId"] == project_id and row["employeeId"] == call.employee_id and row["isManager"]
        for row in memberships
    )


def enrol(call: Call, project_row: Row, members: Iterable[str], managers: Iterable[str], *, dated: bool = True) -> None:
    """Adds members to a project; a manager has the role MANAGER there."""
    manager_role = next(
        (row["id"] for row in call.store.rows("Role", call.tenant_id) if row["name"] == "MANAGER"), None
    )
    chosen = dict.fromkeys(members, False) | dict.fromkeys(managers, True)
    for employee_id, managing in sorted(chosen.items(), key=lambda item: not item[1]):
        if call.store.find("Employee", employee_id, call.tenant_id) is not None:
            values = {
                "organizationId": project_row["organizationId"], "organizationProjectId": project_row["id"],
                "employeeId": employee_id, "isManager": managing, "roleId": manager_role if managing else None,
                "assignedAt": call.now() if dated else None,
            }  # fmt: skip
            member.new(call.store, call.tenant_id, call.user_id, values)
    project_row["membersCount"] = len(project.relations["members"].rows(call.store, project_row))
    call.store.put("OrganizationProject", project_row)


project = Projects(
    "OrganizationProject",
    {
        "name": Column(checks=(not_empty,), needed=True),
        "startDate": Column(),
        "endDate": Column(),
        "billing": Column(checks=(one_of("RATE", "FLAT_FEE", "MILESTONES"),)),
        **plain("currency"),
        "public": Column(checks=(boolean,)),
        **plain("owner"),
        "taskListType": Column("GRID", (one_of("GRID", "SPRINT"),)),
        **plain("code description color"),
        **plain("billable billingFlat openSource projectUrl openSourceProjectUrl"),
        "budget": Column(),
        "budgetType": Column("cost", (one_of("hours", "cost"),)),
        **plain("imageUrl icon"),
        **plain("status", "open"),
        **plain("isTasksAutoSync isTasksAutoSyncOnLabel", True),
        **plain("syncTag archiveTasksIn closeTasksIn"),
        **plain("membersCount", 0),
        "organizationContactId": Column(checks=(uuid_,)),
        "imageId": Column(checks=(uuid_,)),
        "defaultAssigneeId": Column(),
    },
    {
        "members": owned("OrganizationProjectEmployee", "organizationProjectId"),
        "organizationContact": one("OrganizationContact", "organizationContactId"),
        "defaultAssignee": one("Employee", "defaultAssigneeId"),
        "tasks": owned("Task", "projectId"),
        "timeLogs": owned("TimeLog", "projectId"),
        "image": nobody(),
        **dict.fromkeys(names("tags teams invoiceItems organizationSprints payments expenses"), nothing()),
        **dict.fromkeys(names("activities modules"), nothing()),
    },
    contains=("name",),
    extra={"image": None, "customFields": {"repositoryId": None}},
)  # fmt: skip
member = Entity(
    "OrganizationProjectEmployee",
    {**plain("isManager", False), **plain("assignedAt organizationProjectId employeeId roleId")},
    {
        "employee": one("Employee", "employeeId"),
        "organizationProject": one("OrganizationProject", "organizationProjectId"),
        "role": one("Role", "roleId"),
    },
)


def by_employee(call: Call) -> Reply:
    """The projects of an employee with few of their columns, as a bare array; empty for nobody."""
    rules.demand(rules.organization(call, call.query))
    employee_id, contact_id = path_id(call.ids[0]), call.query.get("organizationContactId")
    memberships = call.store.rows("OrganizationProjectEmployee", call.tenant_id)
    ids = {row["organizationProjectId"] for row in memberships if row["employeeId"] == employee_id}
    names = ("id", "name", "billing", "currency", "public", "owner", "taskListType", "imageUrl")
    rows = [row for row in call.store.rows("OrganizationProject", call.tenant_id) if row["id"] in ids]
    chosen = [row for row in rows if contact_id is None or row["organizationContactId"] == contact_id]
    return Reply(200, [{**{name: row[name] for name in names}, "image": None} for row in chosen])


def assign(call: Call) -> Reply:
    """Puts an employee on projects and takes him off others. True whatever happened."""
    body = call.body()
    employee_id = (body.get("member") or {}).get("id")
    if call.store.find("Employee", employee_id, call.tenant_id) is None:
        raise Refusal(400, "Error while updating project by employee", named=False)
    for project_id in body.get("addedProjectIds") or []:
        row = call.store.find("OrganizationProject", project_id, call.tenant_id)
        members = project.relations["members"].rows(call.store, row) if row else []
        if row and all(record["employeeId"] != employee_id for record in members):
            enrol(call, row, [str(employee_id)], [], dated=False)
    for record in call.store.rows("OrganizationProjectEmployee", call.tenant_id):
        if record["employeeId"] == employee_id and record["organizationProjectId"] in (
            body.get("removedProjectIds") or []
        ):
            call.store.delete("OrganizationProjectEmployee", record["id"], call.tenant_id)
    return Reply(200, True)


ROUTES = [
    *project.routes("/organization-projects", view=VIEW, add=("ALL_ORG_EDIT", "ORG_PROJECT_ADD")),
    get("/organization-projects/employee/:id", by_employee, *VIEW),
    put("/organization-projects/employee", assign, *EDIT),
]
