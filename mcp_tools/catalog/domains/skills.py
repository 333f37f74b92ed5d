"""Skills and who has them (Gauzy route ``/skills``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.rows import Row, project
from mcp_tools.catalog.texts import folded
from mcp_tools.catalog.tool import Tool, ToolError

skill = Entity(
    "skill",
    "/skills",
    "skills",
    columns={
        "name": f.text(required=True),
        "description": f.text(),
        "color": f.text(default="#000000"),
    },
    filters={"employeeId": f.ref("Who has it", where="employees.id")},
    local={"search": containing("name", "description")},
    names={"employeeNames": "employees[].fullName"},
    include=("employees", "employees.user"),
    sort=("name", "color", "createdAt"),
    relations=("employees", "employees.user", "organizations", "organization", "createdByUser"),
    by_list=True,
    wrapper="skill_data",
)
by_text = replace(skill, local={"query": containing("name", "description")})


async def unlike_others(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """Refuses a second skill of the same name, which Gauzy would take."""
    name = folded(arguments["name"].strip())
    rows, _ = await replace(skill, include=()).every(context.gauzy, {"search": arguments["name"].strip()})
    for row in rows:
        if folded(str(row["name"])) == name:
            raise ToolError(f"There is a skill {row['name']} already: {row['id']}")
    return arguments


async def assign(context: ToolContext, arguments: dict[str, Any]) -> Any:
    employee_id, (row, known) = arguments["employeeId"], await _holders(context.gauzy, arguments["skillId"])
    await context.gauzy.request("GET", path_to("/employee/{id}", id=employee_id))
    if employee_id not in known:
        await _share(context.gauzy, row, [*known, employee_id])
    return await _shown(context.gauzy, row)


async def withdraw(context: ToolContext, arguments: dict[str, Any]) -> Any:
    employee_id, (row, known) = arguments["employeeId"], await _holders(context.gauzy, arguments["skillId"])
    if employee_id in known:
        await _share(context.gauzy, row, [item for item in known if item != employee_id])
    return await _shown(context.gauzy, row)


async def _holders(gauzy: Gauzy, skill_id: str) -> tuple[Row, list[str]]:
    row = await skill.read(gauzy, skill_id, ("employees",))
    return row, [employee["id"] for employee in row.get("employees", ())]


async def _share(gauzy: Gauzy, row: Row, employee_ids: Sequence[str]) -> None:
    """A POST with the id of a skill changes it. ``PUT /employee/:id`` with skills would clear other columns there."""
    body = {"id": row["id"], "employees": [{"id": item} for item in employee_ids]}
    await gauzy.request("POST", path_to(skill.path), body=body)


async def _shown(gauzy: Gauzy, row: Row) -> Row:
    return project(await skill.read(gauzy, row["id"], skill.include), {}, skill.names, short=True)


WHOSE = f.properties({"skillId": f.ref(), "employeeId": f.ref()})

TOOLS = [
    skill.list("get_skills", "The skills of the organization and who has them.", sort="name").found_by("knows can"),
    skill.list("get_skills_by_employee", "Skills of an employee.", require=("employeeId",), sort="name", brief=True),
    by_text.list(
        "search_skills", "Find skills by a text.",
        require=("query",), without=("employeeId",), sort="name", brief=True,
    ),
    skill.get("get_skill", "One skill by id.", brief=True),
    skill.create("create_skill", "Add a skill to the catalogue.", prepare=unlike_others),
    skill.update("update_skill", "Rename, describe or colour a skill."),
    skill.delete("delete_skill", "Delete a skill for good, for everybody who has it."),
    Tool(
        "assign_skill_to_employee", "Say that an employee has a skill.", "skills", assign,
        WHOSE, [*WHOSE], output=skill.output, effect="changes", keywords="give add knows can",
    ),
    Tool(
        "remove_skill_from_employee", "Take a skill from an employee; the skill stays.", "skills", withdraw,
        WHOSE, [*WHOSE], output=skill.output, effect="deletes", keywords="unassign",
    ),
    skill.bulk_create("bulk_create_skills", "Add up to 50 skills.", "skills", prepare=unlike_others),
]  # fmt: skip
