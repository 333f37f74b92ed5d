"""Time logs and the weekly timesheets they belong to (Gauzy route ``/timesheet/time-log``)."""

from __future__ import annotations

import datetime
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Refusal, Reply, listed
from mcp_tools.sandbox.relations import one, tree_of
from mcp_tools.sandbox.routing import get, post
from mcp_tools.sandbox.rules import Column, boolean, date_string, one_of, plain, string, uuid_
from mcp_tools.sandbox.store import Row, Transaction, iso

VIEW: Final = ("TIME_TRACKER", "ALL_ORG_EDIT", "ALL_ORG_VIEW")
LOG_TYPES: Final = ("TRACKED", "MANUAL", "IDLE", "RESUMED")
SOURCES: Final = ("MOBILE", "BROWSER", "DESKTOP", "BROWSER_EXTENSION", "HUBSTAFF", "UPWORK", "TEAMS", "CLOC")
FILTERS: Final = {
    "employeeIds": "employeeId", "projectIds": "projectId", "taskIds": "taskId", "teamIds": "organizationTeamId",
    "logType": "logType", "source": "source",
}  # fmt: skip


class TimeLogs(Entity):
    def derived(self, public: Row) -> Row:
        """A running log has no duration: it ends where it began until it is stopped."""
        return {"duration": seconds(public), "isEdited": public["editedAt"] is not None}


def seconds(row: Row) -> int:
    begin, end = (datetime.datetime.fromisoformat(row[name]) for name in ("startedAt", "stoppedAt"))
    return int((end - begin).total_seconds())


timesheet = Entity(
    "Timesheet",
    {
        **plain("duration keyboard mouse overall", 0),
        **plain("startedAt stoppedAt approvedAt submittedAt lockedAt editedAt"),
        **plain("isBilled", False),
        **plain("status", "DRAFT"),
        **plain("employeeId approvedById"),
    },
    {"employee": one("Employee", "employeeId")},
)
log = TimeLogs(
    "TimeLog",
    {
        **plain("startedAt stoppedAt editedAt"),
        "logType": Column("TRACKED", (one_of(*LOG_TYPES),), needed=True),
        "source": Column("BROWSER", (one_of(*SOURCES),), needed=True),
        "description": Column(checks=(string,)),
        **plain("reason"),
        "isBillable": Column(False, (boolean,)),
        **plain("isRunning", False),
        **plain("version employeeId timesheetId"),
        **{
            name: Column(checks=(uuid_,))
            for name in ("projectId", "taskId", "organizationContactId", "organizationTeamId")
        },
    },
    {
        "employee": one("Employee", "employeeId"),
        "project": one("OrganizationProject", "projectId"),
        "task": one("Task", "taskId"),
        "organizationContact": one("OrganizationContact", "organizationContactId"),
        "organizationTeam": one("OrganizationTeam", "organizationTeamId"),
        "timesheet": one("Timesheet", "timesheetId"),
    },
)
MANUAL: Final = {
    "startedAt": Column(checks=(date_string,), needed=True),
    "stoppedAt": Column(checks=(date_string,), needed=True),
}


def week_of(store: Transaction, tenant_id: str, user_id: str | None, employee: Row, moment: str) -> Row:
    """The employee's timesheet of the week of ``moment``, Sunday to Saturday; made when it is missing."""
    day = (
        datetime.datetime.fromisoformat(moment)
        .astimezone(datetime.UTC)
        .replace(hour=0, minute=0, second=0, microsecond=0)
    )
    begin = day - datetime.timedelta(days=day.isoweekday() % 7)
    began, ended = iso(begin), iso(begin + datetime.timedelta(days=7, milliseconds=-1))
    for row in store.rows("Timesheet", tenant_id):
        if (row["employeeId"], row["startedAt"]) == (employee["id"], began):
            return row
    own = {"organizationId": employee["organizationId"], "employeeId": employee["id"]}
    return timesheet.new(store, tenant_id, user_id, {**own, "startedAt": began, "stoppedAt": ended})


def listing(call: Call) -> Reply:
    """All logs of a period, oldest first; of both ends only together. An employee sees his own and his teams'."""
    rules.demand(rules.organization(call, call.query))
    rows = log.matching(call, {"organizationId": call.query["organizationId"]}, paged=False)
    begin, end = (_instant(call.query.get(name)) for name in ("startDate", "endDate"))
    if begin and end:
        if begin > end:
            raise Refusal(400, ["Start date must be before to the end date"])
        rows = [row for row in rows if begin <= row["startedAt"] < end]
    for name, column in FILTERS.items():
        wanted = _allowed(call, listed(call.query.get(name))) if name == "employeeIds" else listed(call.query.get(name))
        if wanted:
            rows = [row for row in rows if row[column] in wanted]
    tree = tree_of(listed(call.query.get("relations")))
    rows.sort(key=lambda row: row["startedAt"])
    return Reply(200, [log.shown(call.store, row, tree) for row in rows])


def _allowed(call: Call, wanted: list[str]) -> list[str]:
    """Logs of people an employee does not manage silently become his own."""
    if call.may("CHANGE_SELECTED_EMPLOYEE"):
        return wanted
    memberships = call.store.rows("OrganizationTeamEmployee", call.tenant_id)
    teams = {
        row["organizationTeamId"] for row in memberships if row["employeeId"] == call.employee_id and row["isManager"]
    }
    managed = {row["employeeId"] for row in memberships if row["organizationTeamId"] in teams}
    return [item for item in wanted if item in managed] or [call.employee_id or "nobody"]


def _instant(text: Any) -> str | None:
    """Both ``2026-11-09 00:00:00`` and ISO 8601, in UTC unless it says otherwise."""
    try:
        moment = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return iso(moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC))


def add(call: Call) -> Reply:
    """A log written by hand. Gauzy stores it whatever else was logged at that time."""
    body = call.body()
    rules.demand(rules.organization(call, body) + rules.validate({**log.columns, **MANUAL}, body, creating=True))
    begin, end = (_instant(body[name]) for name in ("startedAt", "stoppedAt"))
    if not begin or not end or begin >= end:
        raise Refusal(400, ["Started date must be before stopped date"])
    employee_id = body.get("employeeId", call.employee_id)
    if not call.may("CHANGE_SELECTED_EMPLOYEE"):
        employee_id = _allowed(call, [str(employee_id)])[0]
    employee = call.store.find("Employee", employee_id, call.tenant_id)
    if employee is None or not all(known(call, name, body.get(name)) for name in REFERENCES):
        raise Refusal(400, "Failed to add manual time log")
    sheet = week_of(call.store, call.tenant_id, call.user_id, employee, begin)
    values = {**body, "employeeId": employee["id"], "startedAt": begin, "stoppedAt": end, "timesheetId": sheet["id"]}
    return Reply(201, log.shown(call.store, log.insert(call, values), {}))


REFERENCES: Final = {
    "projectId": "OrganizationProject", "taskId": "Task", "organizationContactId": "OrganizationContact",
    "organizationTeamId": "OrganizationTeam",
}  # fmt: skip


def known(call: Call, column: str, record_id: str | None) -> bool:
    """Whether a log may refer to that record; to none it always may."""
    return record_id is None or call.store.find(REFERENCES[column], record_id, call.tenant_id) is not None


ROUTES = [
    get("/timesheet/time-log", listing, *VIEW),
    get("/timesheet/time-log/:id", log.get, *VIEW),
    post("/timesheet/time-log", add, "ALLOW_MANUAL_TIME"),
]
