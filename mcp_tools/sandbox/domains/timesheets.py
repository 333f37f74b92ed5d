"""Time logs and the weekly timesheets they belong to (Gauzy route ``/timesheet/time-log``)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Disguised, Refusal, Reply, listed
from mcp_tools.sandbox.relations import Relation, one, tree_of
from mcp_tools.sandbox.routing import delete, get, post, put
from mcp_tools.sandbox.rules import Column, boolean, date_string, names, one_of, plain, string, uuid_
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

    def find(self, call: Call, record_id: str) -> Row:
        """To somebody who may not select employees, the logs of others do not exist."""
        row = super().find(call, record_id)
        if not call.may("CHANGE_SELECTED_EMPLOYEE") and row["employeeId"] != call.employee_id:
            raise self.missing()
        return row


class Timesheets(Entity):
    def shown(self, store: Transaction, row: Row, tree: Mapping[str, Any], select: Any = ()) -> Row:
        """Its duration is that of its logs."""
        own = [log for log in store.rows("TimeLog", row["tenantId"]) if log["timesheetId"] == row["id"]]
        total = sum(seconds(log) for log in own if log["deletedAt"] is None)
        return super().shown(store, {**row, "duration": total}, dict(tree), select)

    def derived(self, public: Row) -> Row:
        return {"isEdited": public["editedAt"] is not None}


def seconds(row: Row) -> int:
    begin, end = (datetime.datetime.fromisoformat(row[name]) for name in ("startedAt", "stoppedAt"))
    return int((end - begin).total_seconds())


timesheet = Timesheets(
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
        "timeSlots": Relation("TimeSlot", lambda store, row: slots_of(row)),
    },
)
PERIOD: Final = {
    "startedAt": Column(checks=(date_string,), needed=True, kept=True),
    "stoppedAt": Column(checks=(date_string,), needed=True, kept=True),
}
slot = Entity(
    "TimeSlot",
    {
        **plain("duration keyboard mouse location overall", 0),
        **plain("startedAt stoppedAt kbMouseActivity locationActivity customActivity employeeId"),
        **plain("percentage keyboardPercentage mousePercentage", 0),
    },
)
PERSON: Final = dict.fromkeys(("id", "firstName", "lastName", "imageUrl", "image", "name"))
SLIM: Final[Mapping[str, Any]] = {
    "project": dict.fromkeys(("id", "name", "imageUrl", "membersCount", "image")),
    "task": dict.fromkeys(
        names(
            "id isActive isArchived tenantId organizationId title number prefix description status priority size "
            "issueType estimate dueDate startDate resolvedAt version taskNumber"
        )
    ),
    "employee": {"id": None, "isOnline": None, "isAway": None, "user": PERSON, "fullName": None},
}
TEN_MINUTES: Final = datetime.timedelta(minutes=10)


def slots_of(row: Row) -> list[Row]:
    """The ten minutes of a closed log, each with made-up activity; none for a log of less than a second."""
    if row["isRunning"] or not seconds(row):
        return []
    begin, end = (datetime.datetime.fromisoformat(row[name]) for name in ("startedAt", "stoppedAt"))
    found = []
    while begin < end:
        stop = min(begin + TEN_MINUTES, end)
        found.append(_slot(row, begin, stop))
        begin = stop
    return found


def _slot(row: Row, begin: datetime.datetime, end: datetime.datetime) -> Row:
    duration = int((end - begin).total_seconds())
    share = 35 + (begin.hour * 7 + begin.minute * 3 + ord(row["id"][0])) % 50
    active = duration * share // 100
    owner = {name: row[name] for name in ("tenantId", "organizationId", "employeeId", "createdAt", "updatedAt")}
    return {
        **owner, "id": f"{row['id'][:-6]}{int(begin.timestamp()) // 60 % 0xFFFFFF:06x}", "isActive": True,
        "isArchived": False, "duration": duration, "keyboard": active, "mouse": active, "location": 0,
        "overall": active, "startedAt": iso(begin), "stoppedAt": iso(end), "kbMouseActivity": None,
        "locationActivity": None, "customActivity": None, "percentage": share, "keyboardPercentage": share,
        "mousePercentage": share,
    }  # fmt: skip


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
    """All logs of a period, oldest first; of both ends only together. Logs without time slots are not listed."""
    tree = tree_of(listed(call.query.get("relations")))
    return Reply(200, [_slim(log.shown(call.store, row, tree)) for row in logs_of(call)])


def _slim(shown: Row) -> Row:
    """Projects, tasks and people come with few of their columns in this list."""
    for name, columns in SLIM.items():
        if isinstance(shown.get(name), dict):
            shown[name] = picked(shown[name], columns)
    return shown


def picked(shown: Row, columns: Mapping[str, Any]) -> Row:
    """Those columns of a record, and of the records in it."""
    return {
        name: picked(shown[name], inner) if inner and isinstance(shown[name], dict) else shown[name]
        for name, inner in columns.items()
        if name in shown
    }


def logs_of(call: Call) -> list[Row]:
    """The logs that a query asks for. An employee sees his own and his teams'."""
    rules.demand(rules.organization(call, call.query))
    rows = log.matching(call, {"organizationId": call.query["organizationId"]}, paged=False)
    rows = [row for row in rows if seconds(row) and not row["isRunning"]]
    begin, end = (instant_of(call.query.get(name)) for name in ("startDate", "endDate"))
    if begin and end:
        if begin > end:
            raise Refusal(400, ["Start date must be before to the end date"])
        rows = [row for row in rows if begin <= row["startedAt"] < end]
    for name, column in FILTERS.items():
        wanted = listed(call.query.get(name))
        if name == "employeeIds":
            wanted = _allowed(call, wanted)
        if wanted:
            rows = [row for row in rows if row[column] in wanted]
    return sorted(rows, key=lambda row: str(row["startedAt"]))


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


def instant_of(text: Any) -> str | None:
    """Both ``2026-11-09 00:00:00`` and ISO 8601, in UTC unless it says otherwise."""
    try:
        moment = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return iso(moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC))


def add(call: Call) -> Reply:
    """A log written by hand. Gauzy stores it whatever else was logged at that time.

    What somebody who may not select employees logs for another, he logs for himself.
    """
    body = call.body()
    rules.demand(rules.organization(call, body) + rules.validate({**log.columns, **PERIOD}, body, creating=True))
    begin, end = _stretch(body)
    employee_id = body.get("employeeId", call.employee_id) if call.may("CHANGE_SELECTED_EMPLOYEE") else call.employee_id
    employee = call.store.find("Employee", employee_id, call.tenant_id)
    if employee is None or not all(known(call, name, body.get(name)) for name in REFERENCES):
        raise Refusal(400, "Failed to add manual time log")
    sheet = week_of(call.store, call.tenant_id, call.user_id, employee, begin)
    values = {**body, "employeeId": employee["id"], "startedAt": begin, "stoppedAt": end, "timesheetId": sheet["id"]}
    return Reply(201, log.shown(call.store, log.insert(call, values), {}))


def change(call: Call) -> Reply:
    """Wants times and employee. Where time slots fall away it is answered as failed, and stored all the same."""
    body = call.body()
    wrong = rules.organization(call, body) + rules.validate({**log.columns, **PERIOD}, body, creating=False)
    if not rules.is_uuid(body.get("employeeId")):
        wrong += ["employee must be an object", "employeeId must be a UUID"]
    if body.get("startedAt") is None:
        wrong = ["Started date must be before stopped date", "Started date should not be empty", *wrong]
    rules.demand(wrong)
    begin, end = _stretch(body)
    row = call.store.find("TimeLog", rules.path_id(call.ids[0]), call.tenant_id)
    if row is None or not all(known(call, name, body.get(name)) for name in REFERENCES):
        raise Refusal(400, "Failed to update manual time log")
    shortened = begin > row["startedAt"] or end < row["stoppedAt"]
    changed = log.change(call, row, {**body, "startedAt": begin, "stoppedAt": end})
    changed = call.store.put("TimeLog", {**changed, "editedAt": call.now()})
    if shortened:
        raise Refusal(400, "Failed to update manual time log")
    return Reply(200, log.shown(call.store, changed, {}))


def remove(call: Call) -> Reply:
    """Of the logs that ``logIds`` names; one without time slots makes it fail as success."""
    ids = listed(call.query.get("logIds"))
    if not ids:
        raise Refusal(400, ["logIds should not be empty"])
    rows = [row for row in call.store.rows("TimeLog", call.tenant_id) if row["id"] in ids and row["deletedAt"] is None]
    if not call.may("CHANGE_SELECTED_EMPLOYEE"):
        rows = [row for row in rows if row["employeeId"] == call.employee_id]
    if not rows:
        raise Refusal(406, "No time logs found with the provided IDs", named=False)
    if any(not slots_of(row) for row in rows):
        raise Disguised("Cannot read properties of undefined (reading 'id')")
    for row in rows:
        if call.query.get("forceDelete") == "true":
            call.store.delete("TimeLog", row["id"], call.tenant_id)
        else:
            call.store.put("TimeLog", {**row, "deletedAt": call.now(), "deletedByUserId": call.user_id})
    return Reply(200, {"raw": [], "affected": len(rows)})


def conflicts(call: Call) -> Reply:
    """Logs at a time: on SQLite, Gauzy never finds any."""
    rules.demand(rules.organization(call, call.query))
    return Reply(200, [])


def slots(call: Call) -> Reply:
    """The ten minutes of the logs of a period."""
    tree = tree_of(listed(call.query.get("relations")))
    found = []
    for row in logs_of(call):
        inside: Row = {"timeLogs": [log.shown(call.store, row, {})]} if "timeLogs" in tree else {}
        inside |= {"screenshots": []} if "screenshots" in tree else {}
        found += [{**part, **inside} for part in slots_of(row)]
    wanted = call.query.get("activityLevel")
    if isinstance(wanted, dict):
        low, high = float(wanted.get("start", 0)), float(wanted.get("end", 100))
        found = [part for part in found if low <= part["percentage"] <= high]
    return Reply(200, found)


def _stretch(body: Row) -> tuple[str, str]:
    begin, end = (instant_of(body[name]) for name in ("startedAt", "stoppedAt"))
    if not begin or not end or begin >= end:
        raise Refusal(400, ["Started date must be before stopped date"])
    return begin, end


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
    get("/timesheet/time-log/conflict", conflicts, *VIEW),
    post("/timesheet/time-log", add, "ALLOW_MANUAL_TIME"),
    put("/timesheet/time-log/:id", change, "ALLOW_MODIFY_TIME"),
    delete("/timesheet/time-log", remove, "ALLOW_DELETE_TIME"),
    get("/timesheet/time-slot", slots, *VIEW),
]
