"""Who changed what (Gauzy route ``/activity-log``), written by Gauzy alone. An employee sees only his own changes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, Identity, ToolContext
from mcp_tools.catalog.domains.comments import kind_of_record
from mcp_tools.catalog.entity import FIELDS, MOST_ROWS, Entity
from mcp_tools.catalog.local import Local, Timed, containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import flat_pairs
from mcp_tools.catalog.rows import Row, project, rows_of, tally
from mcp_tools.catalog.styles import Asked
from mcp_tools.catalog.tool import Tool, ToolError

NEWEST: Final = "-createdAt"


@dataclass(frozen=True, slots=True)
class History:
    """``GET /activity-log?organizationId=…&orderBy=…``: pages counted from 1, the newest entry first unless asked.

    Reading ends where entries become older than ``startDate`` or ``hours`` asks for, so that the filters that are
    tested here do not read the whole history. The record that each entry carries in ``data`` is left out.
    """

    pages: bool = field(default=True, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        column, direction = asked.order or ("createdAt", "DESC")
        query = flat_pairs(await gauzy.identity(), asked.filters, asked.arguments)
        query += [("take", str(asked.limit)), ("skip", str(asked.page))]
        query += [("orderBy", column), ("order", direction)]
        query += [("relations[]", relation) for relation in asked.relations]
        rows, total = rows_of(await gauzy.request("GET", path_to(path), query=query))
        begin = _begin(asked.arguments, gauzy.now())
        if rows and begin and (column, direction) == ("createdAt", "DESC") and str(rows[-1]["createdAt"]) < begin:
            total = (asked.page - 1) * asked.limit + len(rows)
        return [{name: value for name, value in row.items() if name != "data"} for row in rows], total


def _begin(arguments: Mapping[str, Any], now: datetime.datetime) -> str | None:
    """The moment before which nothing is asked for, ISO 8601."""
    hours = arguments.get("hours")
    return _hours_before(now, hours) if hours else arguments.get("startDate")


def _hours_before(now: datetime.datetime, hours: float) -> str:
    moment = now - datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def equals(column: str) -> Callable[[Row, Any], bool]:
    return lambda row, value: bool(row.get(column) == value)


ACTIONS: Final = ("Created", "Updated", "Deleted")
USER: Final = {"userId": Local(f.ref("Who did it"), equals("createdByUserId"))}
PERIOD: Final = {
    "startDate": Local(f.date(), lambda row, value: bool(str(row["createdAt"])[:10] >= value)),
    "endDate": Local(f.date(), lambda row, value: bool(str(row["createdAt"])[:10] <= value)),
}

log = Entity(
    "activity_log",
    "/activity-log",
    "activity_logs",
    columns={},
    filters={
        "entity": kind_of_record(),
        "entityId": f.ref(),
        "action": f.choice(*ACTIONS),
        "actorType": f.choice("System", "User").as_unlisted(),
    },
    local={**USER, "employeeId": Local(f.ref().as_unlisted(), equals("employeeId")), **PERIOD},
    shows={
        "entity": "string", "entityId": "string", "action": "string", "actorType": "string", "description": "string",
        "updatedFields": "array", "previousValues": "array", "updatedValues": "array", "employeeId": "string",
    },
    names={"userName": "createdByUser.name"},
    include=("createdByUser",),
    sort=("createdAt", "updatedAt", "entity", "action"),
    relations=("employee", "employee.user", "createdByUser", "organization"),
    style=History(),
)  # fmt: skip
by_text = replace(log, local={"query": containing("description", "updatedFields"), **PERIOD})
recent = replace(
    log,
    local={
        "hours": Timed(
            f.number("At most so old", maximum=100_000),
            lambda row, value, now: str(row["createdAt"]) >= _hours_before(now, value),
        )
    },
)


def by_me(identity: Identity) -> Mapping[str, Any]:
    return {"userId": identity.user_id}


async def one(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """There is no route for one entry, so it is looked for; ``entityId`` makes that one request."""
    about = {"entityId": arguments["entityId"]} if "entityId" in arguments else {}
    for row in (await log.every(context.gauzy, about))[0]:
        if row["id"] == arguments["id"]:
            return project(row, arguments, log.names)
    raise ToolError(f"No entry {arguments['id']} among the latest {MOST_ROWS}; give the entityId it is about")


async def statistics(context: ToolContext, arguments: dict[str, Any]) -> Any:
    rows, complete = await log.every(context.gauzy, arguments)
    told = [{**row, "date": str(row["createdAt"])[:10], "hour": str(row["createdAt"])[11:13]} for row in rows]
    wanted = [arguments["groupBy"]] if "groupBy" in arguments else ("action", "entity", "user", "date")
    return {"count": len(rows), "complete": complete, "by": {key: tally(told, GROUPS[key]) for key in wanted}}


async def append_only(context: ToolContext, arguments: dict[str, Any]) -> Any:
    raise ToolError(
        "Gauzy alone writes its activity log, and nobody can add to it or delete from it. To leave a note on a record "
        "use create_comment; to read the log use get_activity_logs."
    )


GROUPS: Final = {"action": "action", "entity": "entity", "user": "createdByUser.name", "date": "date", "hour": "hour"}
GROUP_BY: Final = f.properties({"groupBy": f.choice(*GROUPS)})
ASKED: Final = {name: one for name, one in log.asked.items() if name != "employeeId"}
ABOUT: Final = f.properties({"entity": f.text(), "entityId": f.ref(), "action": f.text()})
OLD: Final = f.properties({"olderThanDays": f.number(), "confirm": f.boolean()})

TOOLS = [
    log.list("get_activity_logs", "Who created or changed which record.", sort=NEWEST).found_by(
        "history audit trail changed modified"
    ),
    log.list(
        "get_activity_logs_by_entity", "What was done to one record.",
        require=("entity", "entityId"), without=("userId",), sort=NEWEST, brief=True,
    ),
    log.list(
        "get_activity_timeline", "What was done to one record, from its beginning.",
        require=("entity", "entityId"), without=("userId", "employeeId", "action"), sort="createdAt", brief=True,
    ).found_by("history changed task project"),
    log.list(
        "get_activity_logs_by_user", "What somebody has done.",
        require=("userId",), without=("entityId", "employeeId"), sort=NEWEST, brief=True,
    ).found_by("changed person did"),
    log.list(
        "get_my_activity_logs", "What I have done.",
        fixed=by_me, without=("userId", "employeeId", "entityId"), sort=NEWEST, brief=True,
    ).found_by("recently did changed"),
    recent.list("get_recent_activity_logs", "The latest changes.", without=("entityId",), sort=NEWEST, brief=True),
    by_text.list(
        "search_activity_logs", "Find changes by a text, such as the name of the record.",
        require=("query",), without=("entityId",), sort=NEWEST, brief=True,
    ),
    Tool(
        "get_activity_log", "One entry of the activity log by id.", "activity_logs", one,
        f.properties({"id": f.ref(), "entityId": f.ref("Record it is about: faster")}), ["id"],
        effect="reads", output=log.output, hidden=FIELDS,
    ),
    log.count("get_activity_log_count", "How many changes there were.", without=("employeeId",)),
    Tool(
        "get_activity_log_statistics", "Changes per action, kind of record, person and day.", "activity_logs",
        statistics, f.listed(ASKED), effect="reads", output=outputs.STATISTICS, hidden={**GROUP_BY, **f.hidden(ASKED)},
    ),
    Tool(
        "create_activity_log", "Nobody can add to the activity log.", "activity_logs", append_only,
        ABOUT, output=log.output, effect="adds", kind="unavailable", listed=False, wrapper="log_data",
    ),
    Tool(
        "delete_activity_logs", "Nobody can delete from the activity log.", "activity_logs", append_only,
        {**ABOUT, **OLD}, output=outputs.DELETED, effect="deletes", kind="unavailable", listed=False,
    ),
]  # fmt: skip
