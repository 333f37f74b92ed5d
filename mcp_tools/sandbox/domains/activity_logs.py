"""Who changed what (Gauzy route ``/activity-log``): written with every task and project that is made or changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.domains import projects, tasks
from mcp_tools.sandbox.domains.comments import RECORDS
from mcp_tools.sandbox.entity import MAX_PAGE, Entity, number, public
from mcp_tools.sandbox.http import Call, Reply, listed
from mcp_tools.sandbox.relations import one, tree_of
from mcp_tools.sandbox.routing import Route, get
from mcp_tools.sandbox.rules import Column, is_uuid, one_of, plain
from mcp_tools.sandbox.store import Row, iso

ACTIONS: Final = ("Created", "Updated", "Deleted")
SORTS: Final = ("createdAt", "updatedAt", "entity", "action")
CHECKS: Final = {
    "entity": Column(checks=(one_of(*RECORDS),)),
    "entityId": Column(checks=(rules.uuid_,)),
    "action": Column(checks=(one_of(*ACTIONS),)),
    "actorType": Column(checks=(one_of("System", "User"),)),
    "isActive": Column(checks=(rules.boolean,)),
    "orderBy": Column(checks=(one_of(*SORTS),)),
}
FILTERS: Final = ("organizationId", "entity", "entityId", "action", "actorType")
LOGGED: Final[Mapping[str, tuple[Entity, str]]] = {
    "/tasks": (tasks.task, "title"),
    "/organization-projects": (projects.project, "name"),
}
"""The routes whose changes are logged, and the column that names their records."""

log = Entity(
    "ActivityLog",
    plain(
        "entity entityId action actorType description updatedFields previousValues updatedValues previousEntities "
        "updatedEntities data employeeId"
    ),
    {
        "employee": one("Employee", "employeeId"),
        "createdByUser": one("User", "createdByUserId"),
        "organization": one("Organization", "organizationId"),
    },
)


def listing(call: Call) -> Reply:
    """The newest first unless ``order`` says otherwise; ``skip`` counts pages. An employee gets what he did himself."""
    query = call.query
    wrong = rules.organization(call, query) + rules.validate(CHECKS, query, creating=False)
    take = number(call, "take", MAX_PAGE)
    rules.demand(wrong + ([f"take must not be greater than {MAX_PAGE}"] if take > MAX_PAGE else []))
    wanted: dict[str, Any] = {name: query[name] for name in FILTERS if name in query}
    if call.role == "EMPLOYEE":
        wanted["employeeId"] = call.employee_id or ""
    rows = log.matching(call, wanted, paged=False)
    column = query.get("orderBy", "createdAt")
    descending = str(query.get("order", "DESC")).upper() == "DESC"
    rows = sorted(rows, key=lambda row: str(row[column]))
    if descending:
        rows.reverse()
    first = (max(number(call, "skip", 1), 1) - 1) * take
    return log.page(call, rows[first : first + take], len(rows), tree_of(listed(query.get("relations"))))


def logged(route: Route) -> Route:
    """The same route, which writes a log entry after what it does."""
    entity, naming = LOGGED[route.path.removesuffix("/:id")]

    def handler(call: Call) -> Reply:
        before = dict(_row(call, entity, call.ids[0]) or {}) if call.ids else {}
        reply = route.handler(call)
        made = reply.body.get("id") if isinstance(reply.body, dict) else None
        row = _row(call, entity, before.get("id") or (None if call.ids else made))
        if row is not None:
            _write(call, entity, row, _told(call, entity, before, row, naming))
        return reply

    return replace(route, handler=handler)


def _row(call: Call, entity: Entity, record_id: Any) -> Row | None:
    return call.store.find(entity.name, record_id, call.tenant_id) if is_uuid(record_id) else None


def _told(call: Call, entity: Entity, before: Row, row: Row, naming: str) -> Row:
    """What an entry says about a new record, or about one that was ``before``."""
    if not before:
        return {"action": "Created", "description": f'Created a new {entity.name} called "{row[naming]}"'}
    body = call.body()
    fields = [name for name in entity.columns if name in body and before.get(name) != row.get(name)]
    return {
        "action": "Updated", "description": f'Updated {entity.name} "{row[naming]}"', "updatedFields": fields,
        "previousValues": [{name: before.get(name)} for name in fields],
        "updatedValues": [{name: row.get(name)} for name in fields],
    }  # fmt: skip


def _write(call: Call, entity: Entity, row: Row, told: Row) -> None:
    own = call.employee_id if call.role == "EMPLOYEE" else None
    owner = {"organizationId": row["organizationId"], "employeeId": own}
    about = {"entity": entity.name, "entityId": row["id"], "actorType": "User", "data": public(row)}
    log.new(call.store, call.tenant_id, call.user_id, {**owner, **about, **told})


DAY: Final = datetime.timedelta(days=1)


def fill(company: Any) -> None:
    """How the demo company's tasks were made in the last weeks, and how some of them moved."""
    people = [*company.employees.values()]
    records = company.store.rows(tasks.task.name, company.id)
    for place, row in enumerate(records):
        author = people[place % len(people)]
        made = company.midnight - (len(records) - place) * DAY / 3
        first: Row = {"action": "Created", "description": f'Created a new Task called "{row["title"]}"'}
        entries = [(first, made)]
        if row["status"] != "open":
            values: Row = {"updatedFields": ["status"], "previousValues": [{"status": "open"}]}
            moved = {**values, "updatedValues": [{"status": row["status"]}]}
            told = {"action": "Updated", "description": f'Updated Task "{row["title"]}"', **moved}
            entries.append((told, made + DAY / 12))
        for told, moment in entries:
            dated = {"createdAt": iso(moment), "updatedAt": iso(moment), "createdByUserId": author["userId"]}
            about = {"entity": "Task", "entityId": row["id"], "actorType": "User", "data": {"id": row["id"]}}
            key = f"{row['id']}/{told['action']}"
            company.new(log.name, key, {**about, **told, **dated, "employeeId": author["id"]})


ROUTES = [
    get("/activity-log", listing),
    *(
        logged(route)
        for route in (*tasks.ROUTES, *projects.ROUTES)
        if (route.method, route.path.removesuffix("/:id")) in {(m, p) for p in LOGGED for m in ("POST", "PUT")}
    ),
]
