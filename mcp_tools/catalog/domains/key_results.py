"""Key results of goals and their history (Gauzy routes ``/key-results``, ``/key-result-updates`` and ``/goals``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.goals import UNALIGN, goal, let_go
from mcp_tools.catalog.entity import ID, MOST_ROWS, Entity, mine
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import Row, Rows, project, rows_of
from mcp_tools.catalog.styles import MAX_PAGE, Asked, Pages
from mcp_tools.catalog.tool import Tool, ToolError

TYPES = ("Numerical", "True/False", "Currency", "Task", "KPI")
DEADLINES = ("No Custom Deadline", "Hard Deadline", "Hard and Soft Deadline")
STATUSES = ("on track", "needs attention", "off track", "none")


@dataclass(frozen=True, slots=True)
class OfGoals:
    """By way of the goals: ``GET /key-results`` ignores every parameter, and ``/count`` there is always 0.

    ``where[keyResults][…]`` restricts both the goals and the key results inside them.
    """

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        rows: Rows = []
        seen, total, number = 0, 1, 0
        relations = ("keyResults", *(f"keyResults.{relation}" for relation in asked.relations))
        while seen < min(total, MOST_ROWS):
            number += 1
            page = Asked(asked.filters, asked.arguments, number, MAX_PAGE, "createdAt", relations)
            goals, total = await Pages().fetch(gauzy, goal.path, page)
            if not goals:
                break
            seen += len(goals)
            rows += [{**one, "goal": {"name": of["name"]}} for of in goals for one in of.get("keyResults") or ()]
        return rows, len(rows)


@dataclass(frozen=True, slots=True)
class OfKeyResult:
    """``GET /key-result-updates/{id of the key result}``, all at once; the last comes first where times are equal."""

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        rows, total = rows_of(await gauzy.request("GET", path_to(path + "/{id}", id=asked.arguments["keyResultId"])))
        return rows[::-1], total


class KeyResults(Entity):
    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        """By id comes a list of one, with updates, goal, lead and owner."""
        rows, _ = rows_of(await gauzy.request("GET", path_to(self.path + "/{id}", id=record_id)))
        if not rows:
            raise ToolError(f"Gauzy has no key result {record_id}")
        return dict(rows[0])


key_result = KeyResults(
    "key_result",
    "/key-results",
    "key_results",
    columns={
        "name": f.text(required=True),
        "goalId": f.ref(required=True).as_once(),
        "ownerId": f.ref("Me unless given"),
        "type": f.choice(*TYPES, default=TYPES[0]).as_once().as_unlisted(),
        "targetValue": f.number(minimum=None),
        "initialValue": f.number(minimum=None).as_once().as_unlisted(),
        "unit": f.text(),
        "update": f.number("Current value", minimum=None, default=0).as_unlisted(),
        "progress": f.integer(maximum=100, default=0).as_unlisted(),
        "status": f.choice(*STATUSES, default="none").as_unlisted(),
        "weight": f.choice("1", "2", "4", default="1").as_unlisted(),
        "deadline": f.choice(*DEADLINES, default=DEADLINES[0]).as_unlisted(),
        "hardDeadline": f.date().as_unlisted(),
        "softDeadline": f.date().as_unlisted(),
        "description": f.text(default="").as_unlisted(),
        "leadId": f.ref().as_unlisted(),
        "projectId": f.ref().as_once().as_unlisted(),
        "taskId": f.ref().as_once().as_unlisted(),
        "kpiId": f.ref().as_once().as_unlisted(),
    },
    filters={
        "goalId": f.ref(where="id"),
        "ownerId": f.ref(where="keyResults.ownerId"),
        "status": f.choice(*STATUSES, where="keyResults.status"),
        "type": f.choice(*TYPES, where="keyResults.type").as_unlisted(),
        "leadId": f.ref(where="keyResults.leadId").as_unlisted(),
    },
    local={"search": containing("name", "goal.name")},
    shows={"goal": "object", "owner": "object", "updates": "array"},
    names={"goalName": "goal.name", "ownerName": "owner.fullName"},
    include=("owner", "owner.user"),
    wrapper="key_result_data",
    style=OfGoals(),
)
update = Entity(
    "key_result_update",
    "/key-result-updates",
    "key_results",
    columns={
        "keyResultId": f.ref(),
        "update": f.number("Current value", minimum=None),
        "progress": f.integer(maximum=100),
        "status": f.choice(*STATUSES),
    },
    filters={"keyResultId": f.ref()},
    shows={"owner": "string", "keyResult": "object"},
    names={"keyResultName": "keyResult.name"},
    style=OfKeyResult(),
)


async def owned_and_dated(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """Gauzy looks at a deadline only if its kind says that there is one."""
    given = dict(arguments)
    if "ownerId" not in given and "id" not in given:
        given["ownerId"] = await _me(context, "")
    if "deadline" not in given and ("hardDeadline" in given or "softDeadline" in given):
        given["deadline"] = DEADLINES[2 if "softDeadline" in given else 1]
    return given


async def _me(context: ToolContext, otherwise: str) -> str:
    employee_id = (await context.gauzy.identity()).employee_id or otherwise
    if not employee_id:
        raise ToolError("You have no employee record in Gauzy, so give ownerId.")
    return employee_id


async def progress(context: ToolContext, arguments: dict[str, Any]) -> Row:
    return project(await key_result.change(context.gauzy, arguments), {}, key_result.names, short=True)


async def add_update(context: ToolContext, arguments: dict[str, Any]) -> Row:
    """The history alone does not move the key result: both are written."""
    gauzy, result_id = context.gauzy, arguments["keyResultId"]
    current = await key_result.read(gauzy, result_id)
    told = {name: arguments[name] for name in ("update", "progress")}
    told["status"] = arguments.get("status", "on track")
    entry = {"keyResultId": result_id, "owner": arguments.get("ownerId") or await _me(context, current["ownerId"])}
    made = await gauzy.request("POST", path_to(update.path), body={**owner(await gauzy.identity()), **entry, **told})
    await key_result.change(gauzy, {"id": result_id, **told})
    return project(made, {}, update.names)


async def delete(context: ToolContext, arguments: dict[str, Any]) -> Row:
    await key_result.read(context.gauzy, arguments["id"])
    await let_go(context.gauzy, {arguments["id"]}, arguments)
    await context.gauzy.request("DELETE", path_to(key_result.path + "/{id}", id=arguments["id"]))
    return {"id": arguments["id"], "deleted": True}


PROGRESS = f.properties({name: key_result.columns[name] for name in ("progress", "update", "status")})
PROGRESS = {name: {key: told for key, told in one.items() if key != "default"} for name, one in PROGRESS.items()}

TOOLS = [
    key_result.list("get_key_results", "Find key results by goal, owner, status or words.").found_by("okr"),
    key_result.count("get_key_result_count", "How many key results there are, all or by filter."),
    key_result.get("get_key_result", "One key result with its goal, owner and updates."),
    key_result.create("create_key_result", "Add a key result to a goal.", prepare=owned_and_dated),
    key_result.update("update_key_result", "Change a key result.", prepare=owned_and_dated),
    Tool(
        "update_key_result_progress", "Set how far a key result is, in percent, and its current value.",
        "key_results", progress, {**ID, **PROGRESS}, ["id", "progress"], output=key_result.output, effect="changes",
    ),
    Tool(
        "delete_key_result", "Delete a key result for good, with its history.", "key_results", delete,
        {**ID, **UNALIGN}, ["id"], output=outputs.DELETED, effect="deletes",
    ),
    key_result.list(
        "get_key_results_by_goal", "Key results of a goal.", require=("goalId",), without=("search", "ownerId")
    ),
    key_result.list("get_my_key_results", "Key results that I own.", fixed=mine("ownerId"), without=("search",)),
    Tool(
        "create_key_result_update", "Report a new value of a key result; it is kept as history.", "key_results",
        add_update, {"keyResultId": f.UUID, **PROGRESS}, ["keyResultId", "update", "progress"],
        output=update.output, effect="changes", idempotent=False, wrapper="update_data",
        hidden=f.properties({"ownerId": f.ref()}),
        keywords="check-in okr log",
    ),
    update.list(
        "get_key_result_updates", "History of a key result, newest first.", require=("keyResultId",), sort="-createdAt"
    ),
    key_result.statistics(
        "get_key_result_statistics", "Key results per status, goal and owner, and their average progress.",
        by=("status", "goalName", "ownerName", "type"), averages=("progress",),
    ).found_by("okr report"),
]  # fmt: skip
