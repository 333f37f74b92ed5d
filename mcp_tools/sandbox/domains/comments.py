"""Comments on records (Gauzy route ``/comment``). To an employee the comments of others do not exist."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Refusal, Reply
from mcp_tools.sandbox.relations import nobody, nothing, one, owned
from mcp_tools.sandbox.routing import delete, get, post, put
from mcp_tools.sandbox.rules import Column, boolean, names, not_empty, one_of, path_id, plain, string, uuid_
from mcp_tools.sandbox.store import Row, iso

RECORDS: Final = names(
    "Broadcast Candidate Comment Contact Currency DailyPlan Dashboard DashboardWidget Employee Expense Invoice Income "
    "Language Organization OrganizationContact OrganizationDepartment OrganizationDocument OrganizationProject "
    "OrganizationTeam OrganizationProjectModule OrganizationSprint OrganizationVendor ResourceLink ScreeningTask "
    "OrganizationStrategicInitiative Task TaskLinkedIssue TaskView User Tenant"
)


class Comments(Entity):
    def matching(self, call: Call, where: Mapping[str, Any], *, paged: bool) -> list[Row]:
        own = {"employeeId": call.employee_id or ""} if call.role == "EMPLOYEE" else {}
        return super().matching(call, {**where, **own}, paged=paged)

    def find(self, call: Call, record_id: str) -> Row:
        row = super().find(call, record_id)
        if call.role == "EMPLOYEE" and row["employeeId"] != call.employee_id:
            raise self.missing()
        return row

    def insert(self, call: Call, body: Row) -> Row:
        parent = body.get("parentId")
        if parent is not None and call.store.find(self.name, parent, call.tenant_id) is None:
            raise Refusal(400, "Comment post failed", named=False)
        own = {"employeeId": call.employee_id} if call.role == "EMPLOYEE" else {}
        return super().insert(call, {**body, **own, "actorType": "System"})

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        return {**super().as_created(call, row, body), "actorType": None}

    def update(self, call: Call) -> Reply:
        body = call.body()
        rules.demand(rules.validate(self.columns, body, creating=False))
        try:
            row = self.find(call, call.ids[0])
        except Refusal as refusal:
            if refusal.reply.status != 404:
                raise
            raise Refusal(400, "Comment update failed", named=False) from None
        sent = {name: value for name, value in body.items() if name not in ("entity", "entityId")}
        return Reply(202, self.as_updated(call, self.change(call, row, sent), sent))

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        """Gauzy answers what was sent, and null for the other columns; some it leaves out."""
        columns = [name for name in self.columns if name in body or name not in ("comment", "entity", "entityId")]
        blank = names("createdByUserId deletedByUserId isActive isArchived archivedAt organizationId")
        own = {name: row[name] for name in ("id", "tenantId", "updatedAt", "updatedByUserId")}
        return {name: body.get(name) for name in (*columns, *blank)} | own | {"tenant": {"id": row["tenantId"]}}

    def remove(self, call: Call) -> Reply:
        """Replies stay, without their parent."""
        try:
            row = self.find(call, path_id(call.ids[0]))
        except Refusal as refusal:
            if refusal.reply.status != 404:
                raise
            return Reply(202, {"raw": [], "affected": 0})
        for reply in call.store.rows(self.name, call.tenant_id):
            if reply["parentId"] == row["id"]:
                call.store.put(self.name, {**reply, "parentId": None})
        return super().remove(call)


comment = Comments(
    "Comment",
    {
        "entity": Column(checks=(one_of(*RECORDS), not_empty), needed=True),
        "entityId": Column(checks=(uuid_, not_empty), needed=True),
        "comment": Column(checks=(string, not_empty), needed=True),
        "actorType": Column(),
        "resolved": Column(checks=(boolean,)),
        **plain("resolvedAt editedAt"),
        "employeeId": Column(checks=(uuid_,)),
        **plain("resolvedByEmployeeId"),
        "parentId": Column(checks=(uuid_,)),
    },
    {
        "employee": one("Employee", "employeeId"),
        "replies": owned("Comment", "parentId"),
        "parent": one("Comment", "parentId"),
        "createdByUser": one("User", "createdByUserId"),
        "organization": one("Organization", "organizationId"),
        "resolvedByEmployee": nobody(),
        **dict.fromkeys(("members", "teams"), nothing()),
    },
)

SAID: Final = (
    ("Task", "APO-1", "manager", "The dispatchers asked for this again today. Can it go into the pilot?", None),
    ("Task", "APO-1", "priya.raman", "<p>Yes: the map tiles are cached, only the colours are open.</p>", 0),
    ("Task", "APO-1", "employee", "I take the colours.", 0),
    ("Task", "APO-2", "liam.oconnor", "Red alone is not enough, some dispatchers cannot tell it from green.", None),
    ("Task", "WEB-4", "yuki.tanaka", "The basket overlaps the chat button below 360 pixels.", None),
    ("Task", "POR-3", "tomas.lindqvist", "Step four can be skipped when no third party is involved.", None),
    ("OrganizationProject", "Apollo", "demo", "The client moved the pilot to the first Monday of next month.", None),
    ("OrganizationProject", "Apollo", "manager", "Plan and budget are updated.", 6),
    ("OrganizationContact", "Meadow & Finch", "sofia.castro", "Prefers calls before ten.", None),
)
"""About which record, by whom, what, and the place of the comment it replies to."""
KINDS: Final = {"Task": "task", "OrganizationProject": "project", "OrganizationContact": "contact"}


def fill(company: Any) -> None:
    """The latest comment was made yesterday, those before it six hours apart."""
    for place, (entity, name, person, text, parent) in enumerate(SAID):
        author = company.employees[person]
        moment = iso(company.midnight - datetime.timedelta(hours=6 * (len(SAID) - place)))
        values = {
            "entity": entity, "entityId": ident(KINDS[entity], name), "comment": text, "actorType": "System",
            "employeeId": author["id"], "createdByUserId": author["userId"], "createdAt": moment, "updatedAt": moment,
            "parentId": None if parent is None else ident(comment.name, str(parent)),
        }  # fmt: skip
        company.new(comment.name, str(place), values)


ROUTES = [
    get("/comment", comment.listing),
    get("/comment/:id", comment.get),
    post("/comment", comment.create),
    put("/comment/:id", comment.update),
    delete("/comment/:id", comment.remove),
]
