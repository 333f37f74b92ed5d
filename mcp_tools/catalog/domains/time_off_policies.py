"""Policies that time off is taken under (Gauzy route ``/time-off-policy``).

Gauzy's PUT deletes the policy and every request under it before it looks at what it was given, and then makes another.
So a change is made of other requests here, and no request is ever under a policy that goes.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.time_off import off
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import Row, follow, project
from mcp_tools.catalog.tool import Tool, ToolError

AT_ONCE: Final = 8

policy = Entity(
    "time_off_policy",
    "/time-off-policy",
    "time_off",
    columns={
        "name": f.text(required=True),
        "requiresApproval": f.boolean(default=True),
        "paid": f.boolean(default=True),
        "employeeIds": f.refs(column="employees"),
    },
    filters={
        "paid": f.boolean(),
        "requiresApproval": f.boolean(),
        "employeeId": f.ref(where="employees.id"),
    },
    local={"search": containing("name")},
    shows={"employees": "array"},
    names={"employeeNames": "employees[].fullName", "employeeIds": "employees[].id"},
    include=("employees", "employees.user"),
    sort=("name", "createdAt", "paid"),
    by_list=True,
    wrapper="policy_data",
)


async def create(context: ToolContext, arguments: dict[str, Any]) -> Any:
    made = await policy.make(context.gauzy, {"employeeIds": [], **arguments})
    return project(await policy.read(context.gauzy, made["id"], policy.include), {}, policy.names, short=True)


async def update(context: ToolContext, arguments: dict[str, Any]) -> Any:
    current = await policy.read(context.gauzy, arguments["id"], policy.include)
    changed = {name: arguments[name] for name in policy.columns if name in arguments}
    if not changed:
        raise ToolError(f"Nothing to change: give at least one of {', '.join(policy.columns)}")
    return await _replace(context, current, changed)


async def assign(context: ToolContext, arguments: dict[str, Any]) -> Any:
    current = await policy.read(context.gauzy, arguments["policyId"], policy.include)
    before = follow(current, "employees[].id")
    wanted = list(dict.fromkeys([*before, *arguments["employeeIds"]]))
    if wanted == before:
        return {**project(current, {}, policy.names, short=True), "movedRequests": 0}
    return await _replace(context, current, {"employeeIds": wanted})


async def _replace(context: ToolContext, current: Row, changed: Row) -> Row:
    """A new policy with the merged values takes over every request; only then does the old one go."""
    gauzy, old = context.gauzy, current["id"]
    kept = {"name": current["name"], "requiresApproval": current["requiresApproval"], "paid": current["paid"]}
    made = await policy.make(gauzy, {**kept, "employeeIds": follow(current, "employees[].id"), **changed})
    rows, _ = await off.every(gauzy, {"policyId": old})
    await _move(context, [row["id"] for row in rows], old, made["id"])
    if left := await _count(gauzy, old):
        raise ToolError(
            f"{left} requests could not be moved, so both are there: the new policy {made['id']} with the changes, and "
            f"the old one {old}. Nothing was lost; move the rest with update_time_off_request"
        )
    await gauzy.request("DELETE", path_to(policy.path + "/{id}", id=old))
    shown = project(await policy.read(gauzy, made["id"], policy.include), {}, policy.names, short=True)
    return {**shown, "replacedId": old, "movedRequests": len(rows)}


async def _move(context: ToolContext, ids: list[str], old: str, to: str) -> None:
    gauzy, turn = context.gauzy, asyncio.Semaphore(AT_ONCE)
    body = {**owner(await gauzy.identity()), "policyId": to}

    async def one(request_id: str) -> None:
        async with turn:
            await gauzy.request("PUT", path_to(off.path + "/{id}", id=request_id), body=body)

    outcomes = await asyncio.gather(*map(one, ids), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, context.failures):
            raise ToolError(
                f"A request could not be moved ({outcome}), so both are there: the new policy {to} and the old one "
                f"{old}. Nothing was lost; move the rest with update_time_off_request"
            )
        if isinstance(outcome, BaseException):
            raise outcome


async def delete(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """Gauzy deletes every request under the policy as well, without a word."""
    gauzy, policy_id = context.gauzy, arguments["id"]
    count = await _count(gauzy, policy_id)
    if count and not arguments.get("withRequests"):
        raise ToolError(
            f"{count} time-off requests are under this policy and would be deleted with it. Move them with "
            "update_time_off_request, or say withRequests: true"
        )
    await policy.remove(gauzy, policy_id)
    return {"id": policy_id, "deleted": True, "deletedRequests": count}


async def _count(gauzy: Gauzy, policy_id: str) -> int:
    """Those that no list shows too, such as archived ones."""
    query = [*owner(await gauzy.identity()).items(), ("policyId", policy_id)]
    answer = await gauzy.request("GET", path_to(off.path + "/count"), query=query)
    if not isinstance(answer, int):
        raise ToolError("Gauzy did not tell how many requests are under this policy, so it stays as it is")
    return answer


CHANGED: Final = {
    name: {key: value for key, value in one.schema.items() if key != "default"} for name, one in policy.columns.items()
}
REPLACED: Final = {
    "properties": {
        **policy.output["properties"],
        "replacedId": {"type": "string", "description": "The id before: the policy has another one now"},
        "movedRequests": {"type": "integer"},
    }
}
TOOLS = [
    policy.list("get_time_off_policies", "Policies that time off is taken under, with their employees."),
    policy.get("get_time_off_policy", "One time-off policy by id, with its employees."),
    Tool(
        "create_time_off_policy", "Add a time-off policy.", "time_off", create, f.listed(policy.columns), ["name"],
        output=policy.output, effect="adds", wrapper="policy_data",
    ),
    Tool(
        "update_time_off_policy", "Change a time-off policy: it gets a new id, its requests move along.", "time_off",
        update, {"id": f.UUID, **CHANGED}, ["id"], output=REPLACED, effect="deletes", idempotent=False,
        wrapper="policy_data",
    ),
    Tool(
        "delete_time_off_policy", "Delete a time-off policy.", "time_off", delete,
        {"id": f.UUID, "withRequests": {"type": "boolean", "description": "Delete the requests under it too"}}, ["id"],
        output={"properties": {**outputs.DELETED["properties"], "deletedRequests": {"type": "integer"}}},
        effect="deletes",
    ),
    Tool(
        "assign_employees_to_time_off_policy", "Add employees to a policy: it gets a new id, its requests move along.",
        "time_off", assign,
        {"policyId": f.UUID, "employeeIds": {"type": "array", "items": f.UUID, "minItems": 1, "maxItems": 100}},
        ["policyId", "employeeIds"], output=REPLACED, effect="deletes", idempotent=False,
    ),
]  # fmt: skip
