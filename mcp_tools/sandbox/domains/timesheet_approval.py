"""Weekly timesheets: listed, submitted and approved (Gauzy route ``/timesheet``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.domains.timesheets import instant_of, picked, timesheet
from mcp_tools.sandbox.http import Call, Refusal, Reply, listed, not_found
from mcp_tools.sandbox.relations import Tree, tree_of
from mcp_tools.sandbox.routing import get, put
from mcp_tools.sandbox.store import Row, iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

APPROVE: Final = "CAN_APPROVE_TIMESHEET"
NAMED: Final = dict.fromkeys(("firstName", "lastName", "email", "image", "name"))
LISTED: Final[Mapping[str, Any]] = {"id": None, "user": NAMED, "fullName": None}
DECIDED: Final[Mapping[str, Any]] = {**LISTED, "organizationId": None, "user": {"id": None, **NAMED}}
"""The columns of employees in the two answers."""
STATUSES: Final = ("DRAFT", "PENDING", "IN REVIEW", "DENIED", "APPROVED")


def listing(call: Call) -> Reply:
    """The timesheets of the weeks that touch a period, all without one; no pages."""
    tree = tree_of(listed(call.query.get("relations")))
    return Reply(200, [_shown(call, row, tree, LISTED) for row in _asked(call)])


def count(call: Call) -> Reply:
    return Reply(200, len(_asked(call)))


def _asked(call: Call) -> list[Row]:
    rules.demand(rules.organization(call, call.query))
    rows = timesheet.matching(call, {"organizationId": call.query["organizationId"]}, paged=False)
    begin, end = (instant_of(call.query.get(name)) for name in ("startDate", "endDate"))
    if begin and end:
        rows = [row for row in rows if row["startedAt"] <= end and row["stoppedAt"] >= begin]
    for name, column in (("employeeIds", "employeeId"), ("status", "status")):
        if wanted := listed(call.query.get(name)):
            rows = [row for row in rows if row[column] in wanted]
    return sorted(rows, key=lambda row: str(row["startedAt"]))


def decide(call: Call) -> Reply:
    """Sets the status. An approval is dated, and a later denial takes the date away again."""
    body = call.body()
    rules.demand(rules.one_of(*STATUSES)("status", body.get("status")))
    rows = _named(call)
    for row in rows:
        row |= {"status": body["status"], "updatedAt": call.now(), "updatedByUserId": call.user_id}
        if body["status"] == "APPROVED":
            row |= {"approvedAt": call.now(), "approvedById": call.user_id}
        else:
            row |= {"approvedAt": None}
        call.store.put(timesheet.name, row)
    return _as_decided(call, rows)


def submit(call: Call) -> Reply:
    """``submit`` dates the submission and ``unsubmit`` takes the date away; the status stays."""
    rows, submitted = _named(call), call.body().get("status") == "submit"
    for row in rows:
        row |= {
            "submittedAt": call.now() if submitted else None,
            "updatedAt": call.now(),
            "updatedByUserId": call.user_id,
        }
        call.store.put(timesheet.name, row)
    return _as_decided(call, rows) if submitted else Reply(200, [])


def _named(call: Call) -> list[Row]:
    body = call.body()
    rules.demand(rules.organization(call, body))
    ids = body.get("ids")
    if not isinstance(ids, list) or not ids:
        raise Refusal(400, ["ids should not be empty"])
    rows = [row for item in ids if (row := call.store.find(timesheet.name, item, call.tenant_id)) is not None]
    if not rows:
        raise not_found()
    return rows


def _as_decided(call: Call, rows: list[Row]) -> Reply:
    return Reply(200, [_shown(call, row, {"employee": {"user": {}}}, DECIDED) for row in rows])


def _shown(call: Call, row: Row, tree: Tree, columns: Mapping[str, Any]) -> Row:
    shown = timesheet.shown(call.store, row, tree)
    return shown | {"employee": picked(shown["employee"], columns)} if shown.get("employee") else shown


def fill(company: Company) -> None:
    """Last week is decided or waits for it; this week is open."""
    for place, row in enumerate(company.store.rows(timesheet.name, company.id)):
        if row["stoppedAt"] < iso(company.midnight):
            status = ("APPROVED", "PENDING", "APPROVED", "IN REVIEW", "DENIED")[place % 5]
            approved = row["stoppedAt"] if status == "APPROVED" else None
            company.store.put(
                timesheet.name, {**row, "status": status, "submittedAt": row["stoppedAt"], "approvedAt": approved}
            )


ROUTES = [
    get("/timesheet", listing, APPROVE),
    get("/timesheet/count", count, APPROVE),
    get("/timesheet/:id", timesheet.get, APPROVE),
    put("/timesheet/status", decide, APPROVE),
    put("/timesheet/submit", submit, APPROVE),
]
