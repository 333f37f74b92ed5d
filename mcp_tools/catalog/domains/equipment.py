"""Equipment and who has it (Gauzy routes ``/equipment`` and ``/equipment-sharing``).

Gauzy keeps neither a status nor a holder of an item: both follow from its loans, which are equipment-sharings with
status 2. Its own route for approving replaces a request by an empty row, so a loan is made as an approved one.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import Entity, mine
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.paths import Path, path_to
from mcp_tools.catalog.requests import body_of, owner
from mcp_tools.catalog.rows import Row, Rows, own_employee, project
from mcp_tools.catalog.styles import FindInput, Pages, Retold
from mcp_tools.catalog.tool import Tool, ToolError

REQUESTED, APPROVED = 1, 2
FREE, LENT, RETIRED = "AVAILABLE", "ASSIGNED", "RETIRED"


def _told(row: Row, now: datetime.datetime) -> Row:
    loans = running(row.get("equipmentSharings") or (), now)
    holders = [employee for loan in loans for employee in loan.get("employees") or ()]
    return {
        **{name: value for name, value in row.items() if name != "equipmentSharings"},
        "status": RETIRED if row.get("isArchived") else LENT if loans else FREE,
        "assigneeIds": [employee["id"] for employee in holders],
        "assigneeNames": [employee["fullName"] for employee in holders if employee.get("fullName")],
    }


def running(loans: Sequence[Row], now: datetime.datetime) -> Rows:
    """The approved loans whose last day has not passed."""
    today = now.date().isoformat()
    return [loan for loan in loans if loan["status"] == APPROVED and (loan.get("shareEndDay") or today)[:10] >= today]


equipment = Entity(
    "equipment",
    "/equipment",
    "equipment",
    columns={
        "name": f.text(required=True),
        "type": f.text("Laptop, Car …", required=True),
        "currency": f.text("ISO code", required=True, max_length=3),
        "serialNumber": f.text(default=""),
        "initialCost": f.number(),
        "manufacturedYear": f.integer(),
        "maxSharePeriod": f.integer("Days").as_unlisted(),
        "autoApproveShare": f.boolean(default=False).as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
        "isActive": f.boolean().as_unlisted(),
        "isArchived": f.boolean().as_unlisted(),
    },
    filters={
        "employeeId": f.ref(where="equipmentSharings.employees.id"),
        "currency": f.text().as_unlisted(),
        "autoApproveShare": f.boolean().as_unlisted(),
        "isArchived": f.boolean().as_unlisted(),
    },
    # PostgreSQL minds the case of a text, and Gauzy takes one of digits for true.
    local={
        "name": containing("name", about="Part of it"),
        "type": containing("type"),
        "status": Local(f.choice(FREE, LENT, RETIRED), lambda row, status: row["status"] == status),
        # Gauzy finds who asked for an item too.
        "employeeId": Local(f.ref("Holder"), lambda row, who: who in row["assigneeIds"]),
        "query": containing("name", "type", "serialNumber"),
    },
    shows={"status": "string", "assigneeIds": "array", "assigneeNames": "array"},
    include=("equipmentSharings", "equipmentSharings.employees", "equipmentSharings.employees.user"),
    sort=("name", "type", "createdAt", "initialCost", "manufacturedYear"),
    relations=("tags", "image", "createdByUser"),
    merge=("name", "currency"),
    wrapper="equipment_data",
    style=Retold(Pages(), lambda row, _, now: _told(row, now)),
    by_list=True,
)

sharing = Entity(
    "equipment_sharing",
    "/equipment-sharing",
    "equipment",
    columns={
        "equipmentId": f.ref(required=True),
        "employeeId": f.ref("Default me", column="employees[].id"),
        "startDate": f.date(column="shareStartDay", required=True),
        "endDate": f.date(column="shareEndDay", required=True),
        "reason": f.text(column="name"),
    },
    filters={
        "equipmentId": f.ref(),
        "employeeId": f.ref(where="employees.id"),
        "status": f.integer("1 requested, 2 approved, 3 refused", minimum=1, maximum=3),
    },
    shows={"status": "integer", "shareRequestDay": "string"},
    names={"equipmentName": "equipment.name", "employeeNames": "employees[].fullName"},
    include=("equipment", "employees", "employees.user"),
    style=FindInput(),
)


async def _item(gauzy: Gauzy, item_id: str) -> Row:
    return project(await equipment.read(gauzy, item_id, equipment.include), {})


async def set_status(context: ToolContext, arguments: dict[str, Any]) -> Any:
    retired = arguments["status"] == RETIRED
    changes = {"id": arguments["id"], "isArchived": retired, "isActive": not retired}
    await equipment.change(context.gauzy, changes)
    return await _item(context.gauzy, arguments["id"])


async def assign(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``POST /equipment-sharing`` as approved. Gauzy itself would lend an item twice."""
    item = await _item(context.gauzy, arguments["id"])
    if item["status"] == RETIRED:
        raise ToolError(f"{item['name']} is retired; update_equipment_status takes it into use again")
    if item["status"] == LENT:
        holders = ", ".join(item["assigneeNames"]) or "somebody"
        raise ToolError(f"{item['name']} is with {holders}; unassign_equipment ends that")
    today = context.gauzy.now().date().isoformat()
    period = {"startDate": arguments.get("startDate", today), "endDate": arguments.get("endDate")}
    given = {"equipmentId": item["id"], "employeeId": arguments["employeeId"], "reason": item["name"], **period}
    return await _post(context.gauzy, path_to("/equipment-sharing"), APPROVED, given)


async def unassign(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """Deletes the running loans of the item; those that have ended stay."""
    given = {"equipmentId": arguments["id"], "employeeId": arguments.get("employeeId"), "status": APPROVED}
    loans = running((await sharing.every(context.gauzy, given))[0], context.gauzy.now())
    for loan in loans:
        await context.gauzy.request("DELETE", path_to("/equipment-sharing/{id}", id=loan["id"]))
    return {"id": arguments["id"], "ended": len(loans)}


async def request(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``POST /equipment-sharing/organization/{organizationId}``, which files an approval too and wants a name."""
    identity = await context.gauzy.identity()
    item = await _item(context.gauzy, arguments["equipmentId"])
    given = {"reason": item["name"], **arguments}
    given["employeeId"] = arguments.get("employeeId") or own_employee(identity)
    return await _post(
        context.gauzy, path_to("/equipment-sharing/organization/{id}", id=identity.organization_id), REQUESTED, given
    )  # fmt: skip


async def _post(gauzy: Gauzy, path: Path, status: int, given: dict[str, Any]) -> Any:
    if given["endDate"] and given["endDate"] < given["startDate"]:
        raise ToolError("endDate is before startDate")
    today = gauzy.now().date().isoformat()
    body = {
        **owner(await gauzy.identity()),
        **body_of(sharing.columns, {**given, "employeeId": [given["employeeId"]]}, with_defaults=False),
        "status": status,
        "shareRequestDay": f"{today}T00:00:00.000Z",
    }
    return project(await gauzy.request("POST", path, body=body), {})


ITEM = {"id": f.UUID}
TO = {**ITEM, "employeeId": f.UUID}

TOOLS = [
    equipment.list("get_equipment", "Find equipment by name, type, status or holder.", without=("query",)).found_by(
        "laptop phone monitor furniture device hardware asset"
    ),
    equipment.count("get_equipment_count", "How many items there are, all or by filter.", without=("query",)),
    equipment.get("get_equipment_by_id", "One item by id, with its holders."),
    equipment.create("create_equipment", "Add an item of equipment."),
    equipment.update("update_equipment", "Change an item of equipment."),
    Tool(
        "update_equipment_status", "Retire an item, or take it into use again.",
        "equipment", set_status, {**ITEM, "status": {"type": "string", "enum": ["ACTIVE", RETIRED]}}, ["id", "status"],
        output=equipment.output, effect="changes",
    ),
    Tool(
        "assign_equipment", "Lend a free item to an employee, without a request.", "equipment", assign,
        {**TO, **f.properties({"startDate": f.date("Default today"), "endDate": f.date()})},
        ["id", "employeeId"], output=sharing.output, effect="adds", decides=True,
        keywords="give hand out laptop device",
    ),
    Tool(
        "unassign_equipment", "End the running loans of an item, all or an employee's.", "equipment", unassign, TO,
        ["id"], output={"properties": {"id": f.UUID, "ended": {"type": "integer"}}, "required": ["id", "ended"]},
        effect="deletes", keywords="return give back take laptop device",
    ),
    equipment.delete("delete_equipment", "Delete an item for good, with its loans."),
    equipment.list(
        "get_equipment_by_employee", "Items that an employee has.", require=("employeeId",),
        without=("query", "name", "status"),
    ),
    equipment.list(
        "get_my_equipment", "Items that I have.", fixed=mine("employeeId"), without=("query", "name", "status")
    ),
    equipment.list(
        "get_available_equipment", "Items that nobody has.", fixed={"status": FREE},
        without=("query", "name", "employeeId"),
    ).found_by("free unused in stock"),
    equipment.statistics("get_equipment_statistics", "Items per type and status, and what they cost.",
        by=("type", "status"), sums=("initialCost",), per="currency"),
    Tool(
        "request_equipment_sharing", "Ask to borrow an item from one day to another.", "equipment", request,
        f.properties(sharing.columns), f.required(sharing.columns), output=sharing.output, effect="adds",
        keywords="borrow loan reserve",
    ),
    sharing.list("get_equipment_sharing_requests", "Loans and requests for loans, by item, employee or status."),
    equipment.list("search_equipment", "Items that mention a text.", require=("query",),
        without=("name", "type", "employeeId")),
]  # fmt: skip
