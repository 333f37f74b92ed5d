"""The timer of the signed-in employee (Gauzy routes ``/timesheet/timer``)."""

from __future__ import annotations

from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Identity, ToolContext
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import body_of, owner
from mcp_tools.catalog.rows import unreserved
from mcp_tools.catalog.tool import Tool, ToolError

SOURCES = ("MOBILE", "BROWSER", "DESKTOP", "BROWSER_EXTENSION", "HUBSTAFF", "UPWORK", "TEAMS", "CLOC")

START = {
    "projectId": f.ref(),
    "taskId": f.ref(),
    "organizationContactId": f.ref("Client").as_unlisted(),
    "organizationTeamId": f.ref("Team").as_unlisted(),
    "description": f.text(),
    "isBillable": f.boolean(),
    "source": f.choice(*SOURCES, default="BROWSER").as_unlisted(),
}
STOP = {"description": f.text("Replaces the description of the log"), "source": f.choice(*SOURCES).as_unlisted()}

CHECKED = {
    "projectId": "/organization-projects",
    "taskId": "/tasks",
    "organizationContactId": "/organization-contact",
    "organizationTeamId": "/organization-team",
}
"""Arguments that name a record, and where it is read."""

LOG = {
    "id": {"type": "string"},
    "startedAt": {"type": "string"},
    "stoppedAt": {"type": ["string", "null"]},
    "isRunning": {"type": ["boolean", "null"]},
    "duration": {"type": ["number", "null"], "description": "Seconds"},
    "description": {"type": ["string", "null"]},
    "employeeId": {"type": "string"},
    "projectId": {"type": ["string", "null"]},
    "taskId": {"type": ["string", "null"]},
}


async def start(context: ToolContext, arguments: dict[str, Any]) -> Any:
    gauzy = context.gauzy
    owned = owner(await gauzy.identity())
    # With an unknown record Gauzy stops the running timer and then fails: look first.
    for name, path in CHECKED.items():
        if name in arguments:
            query = tuple(owned.items()) if name == "organizationTeamId" else ()
            await gauzy.request("GET", path_to(path + "/{id}", id=arguments[name]), query=query)
    body = {**owned, "logType": "TRACKED", **body_of(START, arguments, with_defaults=True)}
    return unreserved(await gauzy.request("POST", path_to("/timesheet/timer/start"), body=body))


async def stop(context: ToolContext, arguments: dict[str, Any]) -> Any:
    gauzy = context.gauzy
    status = await _status(context, {})
    if not status.get("running"):
        raise ToolError("No timer is running, so there is nothing to stop.")
    body = {**owner(await gauzy.identity()), **body_of(STOP, arguments, with_defaults=False)}
    return unreserved(await gauzy.request("POST", path_to("/timesheet/timer/stop"), body=body))


async def status(context: ToolContext, arguments: dict[str, Any]) -> Any:
    answer = await _status(context, arguments)
    asked = arguments.get("employeeId")
    if asked and not _is_about(answer, asked, await context.gauzy.identity()):
        raise ToolError("You may not see the timer of that employee: Gauzy answered with your own.")
    return unreserved(answer)


def _is_about(answer: dict[str, Any], employee_id: str, identity: Identity) -> bool:
    """Gauzy answers an employee who asks for another's timer with his own. Without a log only the role tells."""
    log = answer.get("lastLog")
    if log:
        return bool(log.get("employeeId") == employee_id)
    return employee_id == identity.employee_id or identity.role != "EMPLOYEE"


async def _status(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    query = [*owner(await context.gauzy.identity()).items(), *arguments.items()]
    query += [("relations[]", "project"), ("relations[]", "task")]
    answer = await context.gauzy.request("GET", path_to("/timesheet/timer/status"), query=query)
    if not isinstance(answer, dict):
        raise ToolError("Gauzy did not tell the state of the timer; try again later")
    return answer


TOOLS = [
    Tool(
        "start_timer",
        "Start tracking my time, on a project or task if given. A timer that runs is closed first.",
        "timer", start, f.listed(START), output={"properties": LOG}, effect="changes", idempotent=False,
        hidden=f.hidden(START),
    ),
    Tool(
        "stop_timer",
        "Stop my running timer and get the finished time log.",
        "timer", stop, f.listed(STOP), output={"properties": LOG}, effect="changes", hidden=f.hidden(STOP),
    ),
    Tool(
        "timer_status",
        "Whether a timer runs, on what, and how many seconds were tracked today. Mine unless an employee is named.",
        "timer", status,
        f.properties({
            "employeeId": f.ref(),
            "todayStart": f.moment("Begin of the day, where it is not UTC's"),
            "todayEnd": f.moment("End of that day"),
        }),
        effect="reads", output={"properties": {
            "running": {"type": "boolean"},
            "duration": {"type": "number", "description": "Seconds today"},
            "lastLog": {"type": ["object", "null"], "properties": LOG},
        }},
        aliases=("get_active_timer",),
    ),
]  # fmt: skip
