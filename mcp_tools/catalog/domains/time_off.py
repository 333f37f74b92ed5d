"""Time off: requests, their approval, and the balance of days (Gauzy route ``/time-off-request``)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import Entity, mine
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner, where_pairs
from mcp_tools.catalog.rows import Row, Rows, own_employee, project, rows_of
from mcp_tools.catalog.styles import Asked
from mcp_tools.catalog.tool import Run, Tool, ToolError

STATUSES: Final = ("REQUESTED", "APPROVED", "DENIED")
EVER: Final = ("2000-01-01", "2100-01-01")
LONGEST: Final = datetime.timedelta(days=400)
"""How long before a day a request may begin and still reach it: Gauzy compares the beginning alone."""


@dataclass(frozen=True, slots=True)
class Requests:
    """``GET /time-off-request?data=…``: everything of a range, with employees and policies, for every role.

    ``/pagination`` shows the current month unless it is told both ends, knows neither employee nor policy, and does
    not sort. Here Gauzy takes midnight for noon, so the range is asked wider and the days are compared by us.
    """

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        given = asked.arguments
        first, last = given.get("startDate"), given.get("endDate")
        find = {
            "organizationId": owner(await gauzy.identity())["organizationId"],
            "startDate": str(day_of(first) - LONGEST) if first else EVER[0],
            "endDate": str(day_of(last) + datetime.timedelta(days=2)) if last else EVER[1],
            **({"employeeId": given["employeeId"]} if given.get("employeeId") else {}),
        }
        data = orjson.dumps({"relations": [], "findInput": find}).decode()
        return rows_of(await gauzy.request("GET", path_to(path), query=[("data", data)]))


class TimeOff(Entity):
    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        """From the list: by id Gauzy tells neither who is away nor the policy, and nothing to a simple employee."""
        rows, _ = await self.every(gauzy, {})
        for row in rows:
            if row["id"] == record_id:
                return row
        raise ToolError(f"Gauzy has no time-off request {record_id}")

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        made = await super().make(gauzy, {**arguments, "requestDate": gauzy.now().isoformat()})
        return await self.read(gauzy, made["id"])

    async def remove(self, gauzy: Gauzy, record_id: str) -> None:
        """Also the approval that Gauzy keeps beside a request and leaves behind."""
        await super().remove(gauzy, record_id)
        query = [*where_pairs(await gauzy.identity(), {}, {}), ("where[requestId]", record_id), ("take", "5")]
        left, _ = rows_of(await gauzy.request("GET", path_to("/request-approval/pagination"), query=query))
        for row in left:
            if row.get("requestId") == record_id:
                await gauzy.request("DELETE", path_to("/request-approval/{id}", id=row["id"]))


off = TimeOff(
    "time_off_request",
    "/time-off-request",
    "time_off",
    columns={
        "startDate": f.moment(column="start", required=True),
        "endDate": f.moment("Last day, inclusive", column="end", required=True),
        "policyId": f.ref(required=True),
        "employeeIds": f.refs("Mine unless given", column="employees[].id"),
        "description": f.text(),
        "status": f.choice(*STATUSES, default="REQUESTED"),
        "isHoliday": f.boolean().as_unlisted(),
        "employeeId": f.ref(column="employees[].id").as_once().as_unlisted(),
        "requestDate": f.moment().as_once().as_unlisted(),
    },
    filters={"employeeId": f.ref()},
    local={
        "status": Local(f.choice(*STATUSES), lambda row, status: row["status"] == status),
        "policyId": Local(f.ref(), lambda row, policy_id: row.get("policyId") == policy_id),
        "startDate": Local(f.date("Away on or after"), lambda row, day: row["end"][:10] >= day),
        "endDate": Local(f.date(), lambda row, day: row["start"][:10] <= day),
        "search": containing("description"),
    },
    shows={"start": "string", "end": "string", "requestDate": "string", "employees": "array", "policy": "object"},
    names={"employeeNames": "employees[].fullName", "employeeIds": "employees[].id", "policyName": "policy.name"},
    style=Requests(),
    wrapper="request_data",
)


async def _whose(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """One employee as a list of one; the caller where none is named. Refuses days in the wrong order."""
    given = {name: value for name, value in arguments.items() if name != "employeeId"}
    _check_order(given["startDate"], given["endDate"])
    single = [arguments["employeeId"]] if "employeeId" in arguments else None
    own = single or [own_employee(await context.gauzy.identity())] if "employeeIds" not in given else None
    return {**given, **({"employeeIds": own} if own else {})}


async def _moved(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    if {"startDate", "endDate"} & arguments.keys():
        current = await off.read(context.gauzy, arguments["id"])
        _check_order(arguments.get("startDate") or current["start"], arguments.get("endDate") or current["end"])
    return arguments


def _check_order(start: str, end: str) -> None:
    if day_of(end) < day_of(start):
        raise ToolError(f"endDate ({end}) must not be before startDate ({start})")


def _deciding(route: str) -> Run:
    """``PUT /time-off-request/approval|denied/{id}``. Gauzy keeps no reason: it goes into the description."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        gauzy, request_id = context.gauzy, arguments["id"]
        await gauzy.request("PUT", path_to(off.path + "/" + route + "/{id}", id=request_id))
        row = await off.read(gauzy, request_id)
        if reason := arguments.get("reason"):
            told = f"{row['description']} ({reason})" if row.get("description") else reason
            await off.change(gauzy, {"id": request_id, "description": told})
            row = await off.read(gauzy, request_id)
        return project(row, {}, off.names, short=True)

    return run


async def cancel(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """Gauzy knows no cancelled request: it is hidden, as the nearest there is."""
    await off.read(context.gauzy, arguments["id"])
    query = list(owner(await context.gauzy.identity()).items())
    await context.gauzy.request("DELETE", path_to(off.path + "/{id}/soft", id=arguments["id"]), query=query)
    return {"id": arguments["id"], "cancelled": True}


def day_of(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        raise ToolError(f"{text[:40]} is no day; write it as 2026-03-01") from None


TOOLS = [
    off.list(
        "get_time_off_requests", "Time-off requests, latest first: who is away, and when.", sort="-start"
    ).found_by("vacation holiday sick leave absence away absent"),
    off.list(
        "get_my_time_off_requests", "My time-off requests.", fixed=mine("employeeId"), without=("search",),
        sort="-start",
    ),
    off.list(
        "get_pending_time_off_requests", "Time-off requests that wait for a decision.",
        fixed={"status": "REQUESTED"}, without=("search",), sort="start",
    ).found_by("approve approval open undecided"),
    off.count("get_time_off_request_count", "How many time-off requests there are."),
    off.get("get_time_off_request", "One time-off request by id."),
    off.create(
        "create_time_off_request", "Ask for time off, for me unless employees are named.", prepare=_whose, decides=True
    ).found_by("request book take vacation holiday sick leave days off"),
    off.update(
        "update_time_off_request", "Change days, policy, people or status of a request.", prepare=_moved, decides=True
    ),
    off.delete("delete_time_off_request", "Delete a time-off request for good."),
    Tool(
        "approve_time_off_request", "Approve a time-off request.", "time_off", _deciding("approval"),
        {"id": f.UUID}, ["id"], output=off.output, effect="changes", decides=True, keywords="accept grant vacation",
    ),
    Tool(
        "deny_time_off_request", "Deny a time-off request.", "time_off", _deciding("denied"),
        {"id": f.UUID, "reason": {"type": "string", "description": "Added to the description"}}, ["id"],
        output=off.output, effect="changes", decides=True, keywords="reject refuse vacation",
    ),
    Tool(
        "cancel_time_off_request", "Withdraw a request: it leaves every list and cannot be brought back.", "time_off",
        cancel, {"id": f.UUID}, ["id"],
        output={"properties": {"id": f.UUID, "cancelled": {"type": "boolean"}}}, effect="deletes",
    ),
]  # fmt: skip
