"""Time off and its policies (Gauzy routes ``/time-off-request``, ``/time-off-policy``, ``/request-approval``)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.timesheets import instant_of
from mcp_tools.sandbox.entity import BASE, Entity, public
from mcp_tools.sandbox.http import MISSING, Call, DatabaseRefusal, Refusal, Reply, forbidden, listed, not_found
from mcp_tools.sandbox.relations import many, nobody, one, owned, tree_of
from mcp_tools.sandbox.routing import delete, get, put
from mcp_tools.sandbox.rules import path_id, plain
from mcp_tools.sandbox.store import Row, iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

NEEDED: Final = ("start", "end", "requestDate", "status", "policyId")
WITH_PEOPLE: Final[Mapping[str, Any]] = {"employees": {"user": {}}, "policy": {}}
STATUS: Final = {"REQUESTED": 1, "APPROVED": 2, "DENIED": 3}


class Requests(Entity):
    def listing(self, call: Call) -> Reply:
        """``data={"findInput": …}``: by employee and range of ``start``; other filters have no effect.

        The range is read on a clock of twelve hours, so that its midnight is noon. Without a range it is this moment.
        """
        find = _data(call).get("findInput") or {}
        first, last = (_noon(find.get(name), call.now()) for name in ("startDate", "endDate"))
        rows = [row for row in self.matching(call, {}, paged=False) if first <= row["start"] <= last]
        for name, column in (("organizationId", "organizationId"), ("employeeId", "_employees")):
            if find.get(name):
                rows = [row for row in rows if find[name] in (row.get(column) or ())]
        return self.page(call, rows, len(rows), dict(WITH_PEOPLE))

    def paginate(self, call: Call) -> Reply:
        """Those that begin or end in a range, which is the current month unless both dates are sent."""
        where = self.where(call)
        month = call.now()[:7]
        first, last = where.get("startDate"), where.get("endDate")
        begin, end = (first[:10], last[:10]) if first and last else (f"{month}-01", f"{month}-31")
        call.query["where"] = {k: v for k, v in where.items() if k in ("organizationId", "tenantId", "status")}
        touching = [
            row
            for row in self.matching(call, call.query["where"], paged=True)
            if begin <= row["start"][:10] <= end or begin <= row["end"][:10] <= end
        ]
        part = str(where.get("description", "")).lower()
        rows = [row for row in touching if part in str(row["description"] or "").lower()]
        take, skip = int(call.query.get("take", 10)) or 10, max(int(call.query.get("skip", 1)), 1)
        tree = tree_of([*listed(call.query.get("relations")), "document"])
        return self.page(call, rows[(skip - 1) * take : skip * take], len(rows), tree)

    def get(self, call: Call) -> Reply:
        """Without relations, whatever is asked."""
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), {"document": {}}))

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        """No DTO looks at it: what is missing is refused by the database, and an organization is not missed at all."""
        if record_id is None and any(body.get(name) is None for name in NEEDED):
            raise DatabaseRefusal()
        policy_id = body.get("policyId")
        if policy_id and call.store.find("TimeOffPolicy", policy_id, call.tenant_id) is None:
            raise DatabaseRefusal("SqliteError: FOREIGN KEY constraint failed")

    def insert(self, call: Call, body: Row) -> Row:
        dated = {name: instant_of(body[name]) for name in ("start", "end", "requestDate")}
        row = super().insert(call, {**body, **dated})
        values = {"name": "Request time off", "min_count": 1, "requestId": row["id"], "requestType": "TIME_OFF"}
        own = {"status": STATUS.get(row["status"], 1), "organizationId": row["organizationId"]}
        approval.new(call.store, call.tenant_id, call.user_id, {**values, **own})
        return row

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        sent = {name: body[name] for name in ("employees",) if name in body}
        return {**public(row), "tenant": {"id": row["tenantId"]}, **sent}

    def change(self, call: Call, row: Row, body: Row) -> Row:
        dated = {name: instant_of(body[name]) for name in ("start", "end", "requestDate") if body.get(name)}
        return super().change(call, row, {**body, **dated})

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        """What was sent, and null for every column that was not."""
        known = {name: None for name in (*BASE, "organizationId", *OPTIONAL) if name not in ("deletedAt", "createdAt")}
        own = {"id": row["id"], "tenant": {"id": row["tenantId"]}, "tenantId": row["tenantId"]}
        return {**known, **body, **own, "updatedByUserId": call.user_id, "updatedAt": row["updatedAt"]}

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        inner = {"message": MISSING, "error": "Not Found", "statusCode": 404}
        told = {"response": inner, "status": 404, "options": {}, "message": MISSING, "name": "NotFoundException"}
        return Reply(400, told)

    def decide(self, call: Call, status: str) -> Reply:
        """From any state; by administrators alone, whatever the permissions."""
        if call.role not in ("SUPER_ADMIN", "ADMIN"):
            raise forbidden()
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None or row["deletedAt"] is not None:
            raise not_found("Request time off not found")
        row |= {"status": status, "updatedAt": call.now(), "updatedByUserId": call.user_id}
        for record in call.store.rows(approval.name, call.tenant_id):
            if record["requestId"] == row["id"]:
                call.store.put(approval.name, {**record, "status": STATUS[status]})
        return Reply(202, self.shown(call.store, call.store.put(self.name, row), {"document": {}}))

    def hide(self, call: Call) -> Reply:
        answer = super().hide(call)
        return Reply(answer.status, {**answer.body, "document": None})


OPTIONAL: Final = ("documentUrl", "description", "isHoliday", "documentId")


class Policies(Entity):
    def create(self, call: Call) -> Reply:
        body = call.body()
        return Reply(201, self._made(call, body))

    def update(self, call: Call) -> Reply:
        """Deletes the policy and all of its requests first, and looks at what it was given then."""
        record_id, body = path_id(call.ids[0]), call.body()
        self._drop(call, record_id)
        return Reply(202, self._made(call, body))

    def remove(self, call: Call) -> Reply:
        return Reply(202, {"raw": [], "affected": self._drop(call, path_id(call.ids[0]))})

    def _drop(self, call: Call, policy_id: str) -> int:
        for row in call.store.rows(request.name, call.tenant_id):
            if row["policyId"] == policy_id:
                call.store.delete(request.name, row["id"], call.tenant_id)
        return call.store.delete(self.name, policy_id, call.tenant_id)

    def _made(self, call: Call, body: Row) -> Row:
        """``employees`` are bare ids here; unknown ones are dropped."""
        told = "Error while creating time-off policy: "
        if not isinstance(body.get("employees"), list):
            raise Refusal(400, f"{told}parameterValue.value is not iterable", named=False)
        if not body.get("organizationId") or body.get("name") is None or body.get("paid") is None:
            raise Refusal(400, f"{told}SQLITE_CONSTRAINT: NOT NULL constraint failed", named=False)
        known = [item for item in body["employees"] if call.store.find("Employee", item, call.tenant_id)]
        row = self.insert(call, {**body, "employees": [{"id": item} for item in known]})
        return {**self.shown(call.store, row, {"employees": {"user": {}}}), "tenant": {"id": row["tenantId"]}}


def _data(call: Call) -> Row:
    try:
        asked = orjson.loads(call.query.get("data", "{}"))
    except (ValueError, TypeError):
        return {}
    return asked if isinstance(asked, dict) else {}


def _noon(text: Any, now: str) -> str:
    moment = instant_of(text)
    if moment is None:
        return now
    return moment.replace("T00:", "T12:") if "T00:" in moment else moment


policy = Policies(
    "TimeOffPolicy",
    {**plain("name"), **plain("requiresApproval paid", False)},
    {"employees": many("Employee", "employees"), "timeOffRequests": owned("TimeOffRequest", "policyId")},
)
request = Requests(
    "TimeOffRequest",
    {
        **plain("documentUrl description start end requestDate"), **plain("status", "REQUESTED"),
        **plain("isHoliday", False), **plain("policyId documentId"),
    },
    {"employees": many("Employee", "employees"), "policy": one("TimeOffPolicy", "policyId"), "document": nobody()},
    contains=("description",),
    created=202,
)  # fmt: skip
approval = Entity(
    "RequestApproval", {**plain("name status min_count requestId requestType approvalPolicyId")}, demands=False
)


def approve(call: Call) -> Reply:
    return request.decide(call, "APPROVED")


def deny(call: Call) -> Reply:
    return request.decide(call, "DENIED")


POLICIES: Final = {
    "Vacation": (True, True), "Sick leave": (False, True), "Unpaid leave": (True, False),
}  # fmt: skip
"""Whether somebody must approve, and whether it is paid."""
DEMO: Final = (
    ("employee", "Vacation", -40, 5, "APPROVED", "Walking in the Alps"),
    ("employee", "Sick leave", -12, 2, "APPROVED", "Flu"),
    ("employee", "Vacation", 21, 8, "REQUESTED", "Family visit"),
    ("demo", "Vacation", 35, 10, "APPROVED", "Summer house"),
    ("priya.raman", "Vacation", 9, 4, "REQUESTED", "Moving house"),
    ("tomas.lindqvist", "Unpaid leave", 60, 20, "REQUESTED", "Parental leave"),
    ("samira.haddad", "Vacation", -3, 6, "APPROVED", "Lisbon"),
    ("grace.okafor", "Sick leave", -1, 1, "REQUESTED", "Dentist"),
    ("jonas.weber", "Vacation", 14, 3, "DENIED", "Long weekend"),
)
"""Person, policy, first day counted from today, days, status and what for."""


def fill(company: Company) -> None:
    people = [row["id"] for row in company.employees.values()]
    for name, (approved, paid) in POLICIES.items():
        company.new(policy.name, name, {"name": name, "requiresApproval": approved, "paid": paid, "_employees": people})
    for number, (person, name, begins, days, status, why) in enumerate(DEMO):
        begin = company.midnight + datetime.timedelta(days=begins)
        end = begin + datetime.timedelta(days=days - 1)
        values = {
            "start": iso(begin), "end": iso(end), "requestDate": iso(begin - datetime.timedelta(days=30)),
            "status": status, "description": why, "policyId": ident(policy.name, name),
            "_employees": [company.employees[person]["id"]],
        }  # fmt: skip
        company.new(request.name, str(number), values)
        beside = {"name": "Request time off", "min_count": 1, "requestType": "TIME_OFF", "status": STATUS[status]}
        company.new(approval.name, str(number), {**beside, "requestId": ident(request.name, str(number))})


OFF: Final = ("ALL_ORG_EDIT", "TIME_OFF_EDIT")
POLICY: Final = ("ALL_ORG_EDIT", "TIME_OFF_POLICY_EDIT")
ROUTES = [
    *request.routes(
        "/time-off-request", view=("ALL_ORG_VIEW", "TIME_OFF_VIEW"), add=("ALL_ORG_EDIT", "TIME_OFF_ADD"), edit=OFF,
        remove=OFF,
    ),
    get("/time-off-request/:id", request.get, *OFF),
    get("/time-off-request/count", request.count, *OFF),
    put("/time-off-request/approval/:id", approve, *OFF),
    put("/time-off-request/denied/:id", deny, *OFF),
    *policy.routes(
        "/time-off-policy", view=("ALL_ORG_VIEW", "TIME_OFF_POLICY_VIEW"), add=("ALL_ORG_EDIT", "TIME_OFF_POLICY_ADD"),
        edit=POLICY, remove=POLICY,
    ),
    get("/request-approval/pagination", approval.paginate),
    delete("/request-approval/:id", approval.remove),
]  # fmt: skip
