"""Goals and the templates for them (Gauzy routes ``/goals`` and ``/goal-templates``)."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import ID, Entity, mine
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.rows import Row, Rows, project
from mcp_tools.catalog.tool import Tool, ToolError

LEVELS = ("Organization", "Team", "Employee")


class Goals(Entity):
    async def change(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        """Gauzy answers a change that it could not store like one that it did: the goal is read back."""
        stored = await super().change(gauzy, arguments)
        if refused := [name for name, value in self.changes(arguments).items() if stored.get(name) != value]:
            raise ToolError(f"Gauzy did not take {', '.join(refused)}; check that the records of these ids exist.")
        return stored


goal = Goals(
    "goal",
    "/goals",
    "goals",
    columns={
        "name": f.text(required=True),
        "deadline": dataclasses.replace(f.text("Such as Q4-2026"), required=True),
        "level": f.choice(*LEVELS, required=True),
        "description": f.text(default=""),
        "progress": f.integer(maximum=100, default=0).as_unlisted(),
        "ownerEmployeeId": f.ref(),
        "ownerTeamId": f.ref(),
        "leadId": f.ref().as_unlisted(),
        "alignedKeyResultId": f.ref().as_unlisted(),
    },
    filters={
        "level": f.choice(*LEVELS),
        "deadline": f.text("Exact"),
        "ownerEmployeeId": f.ref(),
        "ownerTeamId": f.ref(),
        "leadId": f.ref().as_unlisted(),
        "alignedKeyResultId": f.ref().as_unlisted(),
    },
    local={"search": containing("name", "description")},
    shows={"keyResults": "array", "ownerEmployee": "object", "ownerTeam": "object", "lead": "object"},
    sort=("name", "progress", "level", "deadline", "createdAt"),
    relations=(
        "ownerTeam", "ownerEmployee", "ownerEmployee.user", "lead", "lead.user", "alignedKeyResult", "keyResults",
        "keyResults.updates", "keyResults.owner",
    ),
    names={
        "ownerName": "ownerEmployee.fullName",
        "teamName": "ownerTeam.name",
        "leadName": "lead.fullName",
    },
    include=("ownerEmployee", "ownerEmployee.user", "ownerTeam", "lead", "lead.user"),
    merge=("name",),
    by_list=True,
    wrapper="goal_data",
)  # fmt: skip
whole = dataclasses.replace(goal, include=(*goal.include, "keyResults"))
of_team = dataclasses.replace(
    goal, filters={"teamId": f.ref(where="ownerTeamId"), "deadline": goal.filters["deadline"]}
)
template = Entity(
    "goal_template",
    "/goal-templates",
    "goals",
    columns={"name": f.text(), "level": f.choice(*LEVELS), "category": f.text()},
    filters={"level": f.choice(*LEVELS), "category": f.text("Exact").as_unlisted()},
    local={"search": containing("name")},
    shows={"keyResults": "array"},
    relations=("keyResults", "keyResults.kpi"),
    include=("keyResults",),
)


async def progress(context: ToolContext, arguments: dict[str, Any]) -> Row:
    return project(await goal.change(context.gauzy, arguments), arguments)


async def align(context: ToolContext, arguments: dict[str, Any]) -> Row:
    """A goal is aligned to a key result of another goal, not to that goal."""
    gauzy, child = context.gauzy, arguments["childGoalId"]
    result_id = arguments.get("parentKeyResultId") or await _only_result(gauzy, arguments.get("parentGoalId"))
    own = (await goal.read(gauzy, child, ("keyResults",)))["keyResults"]
    if result_id in {one["id"] for one in own}:
        raise ToolError("A goal cannot be aligned to a key result of its own.")
    await goal.change(gauzy, {"id": child, "alignedKeyResultId": result_id})
    return project(await goal.read(gauzy, child, (*goal.include, "alignedKeyResult")), {}, goal.names)


async def _only_result(gauzy: Gauzy, goal_id: str | None) -> str:
    """The key result of a goal that has one. Raises ToolError that lists them where there are more."""
    if goal_id is None:
        raise ToolError("Give parentKeyResultId, or parentGoalId of a goal with one key result.")
    results = (await goal.read(gauzy, goal_id, ("keyResults",)))["keyResults"]
    if len(results) == 1:
        return str(results[0]["id"])
    known = ", ".join(f"{one['name']} ({one['id']})" for one in results)
    raise ToolError(f"Give parentKeyResultId; the goal has {known or 'no key result yet, so add one first'}.")


async def delete(context: ToolContext, arguments: dict[str, Any]) -> Row:
    gauzy, goal_id = context.gauzy, arguments["id"]
    results = (await goal.read(gauzy, goal_id, ("keyResults",)))["keyResults"]
    await let_go(gauzy, {one["id"] for one in results}, arguments)
    await gauzy.request("DELETE", path_to(goal.path + "/{id}", id=goal_id))
    return {"id": goal_id, "deleted": True}


async def let_go(gauzy: Gauzy, result_ids: Collection[str], arguments: Mapping[str, Any]) -> None:
    """Ends alignments to key results that are about to go: Gauzy keeps those, and says that they do not exist.

    Raises ToolError that names the goals unless the arguments say ``unalign``.
    """
    aligned: Rows = [row for row in (await goal.every(gauzy, {}))[0] if row.get("alignedKeyResultId") in result_ids]
    if aligned and not arguments.get("unalign"):
        told = ", ".join(str(row["name"]) for row in aligned[:5])
        raise ToolError(f"{len(aligned)} goals are aligned to it ({told}): give unalign: true to end that.")
    for row in aligned:
        await goal.change(gauzy, {"id": row["id"], "clear": ["alignedKeyResultId"]})


UNALIGN = f.properties({"unalign": f.boolean("End other goals' alignment")})
FEW = ("ownerTeamId", "deadline", "search")

TOOLS = [
    goal.list("get_goals", "Find goals by level, owner, time frame or words.").found_by("okr objectives"),
    goal.count("get_goal_count", "How many goals there are, all or by filter."),
    whole.get("get_goal", "One goal with its key results."),
    goal.create("create_goal", "Create a goal of the organization, a team or an employee."),
    goal.update("update_goal", "Change a goal."),
    Tool(
        "update_goal_progress", "Set how far a goal is, in percent; key results do not move it.", "goals", progress,
        {**ID, **f.properties({"progress": f.integer(maximum=100)})}, ["id", "progress"],
        output=goal.output, effect="changes",
    ),
    Tool(
        "delete_goal", "Delete a goal for good, with its key results.", "goals", delete, {**ID, **UNALIGN}, ["id"],
        output=outputs.DELETED, effect="deletes",
    ),
    goal.list("get_my_goals", "Goals that I own.", fixed=mine("ownerEmployeeId"), without=FEW),
    of_team.list("get_team_goals", "Goals of a team.", require=("teamId",)),
    goal.statistics(
        "get_goal_statistics", "Goals per level, time frame and owner, and their average progress.",
        by=("level", "deadline", "ownerName", "teamName"), averages=("progress",),
    ).found_by("okr report"),
    Tool(
        "align_goals", "Align a goal to a key result of another goal; parentGoalId will do where it has one.",
        "goals", align,
        f.properties({"childGoalId": f.ref(), "parentKeyResultId": f.ref(), "parentGoalId": f.ref()}),
        ["childGoalId"], output=goal.output, effect="changes", keywords="okr cascade parent",
    ),
    template.list("get_goal_templates", "Ready-made goals with key results."),
]  # fmt: skip
