"""What somebody wants at hand, and what somebody was told (Gauzy routes ``/favorite``, ``/employee-notification``)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Disguised, Refusal, Reply
from mcp_tools.sandbox.relations import one
from mcp_tools.sandbox.routing import delete, get, post
from mcp_tools.sandbox.rules import Column, not_empty, one_of, path_id, plain, uuid_
from mcp_tools.sandbox.store import Row, iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

KINDS: Final = (
    "Broadcast", "Candidate", "Comment", "Contact", "Currency", "DailyPlan", "Dashboard", "DashboardWidget", "Employee",
    "Expense", "Invoice", "Income", "Language", "Organization", "OrganizationContact", "OrganizationDepartment",
    "OrganizationDocument", "OrganizationProject", "OrganizationTeam", "OrganizationProjectModule",
    "OrganizationSprint", "OrganizationVendor", "ResourceLink", "ScreeningTask", "OrganizationStrategicInitiative",
    "Task", "TaskLinkedIssue", "TaskView", "User", "Tenant",
)  # fmt: skip
TYPES: Final = ("Payment", "Assignment", "Invitation", "Mention", "Comment", "Message", "Broadcast")


class Favorites(Entity):
    def insert(self, call: Call, body: Row) -> Row:
        """The same twice is one."""
        wanted = (body.get("entityId"), body.get("employeeId") or call.employee_id)
        for row in call.store.rows(self.name, call.tenant_id):
            if (row["entityId"], row["employeeId"]) == wanted:
                return row
        return super().insert(call, {**body, "employeeId": wanted[1]})


class Notifications(Entity):
    """Without ``where`` everybody's are listed. Counting is no route of its own: the word is read as an id."""

    def where(self, call: Call) -> Any:
        where = call.query.get("where")
        return super().where(call) if isinstance(where, dict) else {"organizationId": call.query.get("organizationId")}

    def test(self, call: Call, name: str, value: Any, *, paged: bool) -> Any:
        if name == "type" and value not in TYPES:
            raise Disguised(f"Unsupported notification type: {value}")
        return super().test(call, name, value, paged=paged)


favorite = Favorites(
    "Favorite",
    {
        "entity": Column(checks=(one_of(*KINDS),), needed=True),
        "entityId": Column(checks=(uuid_, not_empty), needed=True),
        "employeeId": Column(checks=(uuid_,)),
    },
    {"employee": one("Employee", "employeeId")},
    created=202,
)
notification = Notifications(
    "EmployeeNotification",
    {
        **plain("entity entityId title message type"),
        **plain("isRead", False),
        **plain("readAt onHoldUntil sentByEmployeeId receiverEmployeeId"),
    },
    {"sentByEmployee": one("Employee", "sentByEmployeeId"), "receiverEmployee": one("Employee", "receiverEmployeeId")},
)


def mine(call: Call) -> Reply:
    """The favorites of the caller."""
    rows = favorite.matching(call, {**favorite.where(call), "employeeId": call.employee_id or ""}, paged=False)
    return favorite.page(call, rows, len(rows))


def of_kind(call: Call) -> Reply:
    """The records themselves that are the caller's favorites of one kind."""
    where = favorite.where(call)
    kind = where.get("entity")
    if kind not in KINDS:
        raise Refusal(400, [f"entity must be one of the following values: {', '.join(KINDS)}"])
    rows = favorite.matching(call, {**where, "employeeId": call.employee_id or ""}, paged=False)
    found = [call.store.find(kind, row["entityId"], call.tenant_id) for row in rows]
    items = [Entity.known[str(kind)].shown(call.store, row, {}) for row in found if row is not None]
    return Reply(200, {"items": items, "total": len(items)})


def no_count(call: Call) -> Reply:
    path_id("count")
    raise AssertionError("unreachable")  # pragma: no cover


def fill(company: Company) -> None:
    """Both favorites of the demo user, and what the people around him told him."""
    demo, manager = company.employees["demo"], company.employees["manager"]
    user = company.store.find("User", manager["userId"], company.id) or {}
    name = f"{user['firstName']} {user['lastName']}"
    for kind, key in (("OrganizationProject", "Apollo"), ("Task", "APO-1")):
        entity_id = ident("project" if kind == "OrganizationProject" else "task", key)
        company.new(favorite.name, key, {"entity": kind, "entityId": entity_id, "employeeId": demo["id"]})
    for number, (person, task, title) in enumerate((
        ("demo", "APO-1", "assigned you to the task"), ("demo", "APO-3", "mentioned you in the task"),
        ("employee", "APO-2", "assigned you to the task"), ("demo", "APO-5", "assigned you to the task"),
    )):  # fmt: skip
        sent = iso(company.midnight - datetime.timedelta(days=number, hours=-9))
        values = {
            "entity": "Task", "entityId": ident("task", task), "title": f'{name} {title} "{task}"',
            "type": "Mention" if "mentioned" in title else "Assignment", "isRead": number > 1,
            "sentByEmployeeId": manager["id"], "receiverEmployeeId": company.employees[person]["id"],
            "createdAt": sent, "updatedAt": sent,
        }  # fmt: skip
        company.new(notification.name, f"{person}/{number}", values)


ROUTES = [
    get("/favorite", favorite.listing),
    get("/favorite/employee", mine),
    get("/favorite/type", of_kind),
    post("/favorite", favorite.create),
    delete("/favorite/:id", favorite.remove),
    get("/employee-notification", notification.listing),
    get("/employee-notification/count", no_count),
    get("/employee-notification/:id", notification.get),
]
