"""Sales pipelines and their stages (Gauzy route ``/pipelines``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import ID, Entity
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import body_of, owner, where_pairs
from mcp_tools.catalog.rows import Row, Rows, project, rows_of
from mcp_tools.catalog.tool import Run, Tool, ToolError
from mcp_tools.catalog.turns import turn

STAGE: Final = ("id", "name", "description", "index", "tenantId")


class Pipelines(Entity):
    """A PUT deletes the stages that it leaves out, with their deals: all of them are sent with every change.

    Stages come in no order, and belong to a tenant only where that is sent along. Gauzy answers a change that failed
    like one that did not, so each is read back.
    """

    async def find(self, gauzy: Gauzy, given: Mapping[str, Any], sort: str | None = None) -> tuple[Rows, int]:
        rows, total = await super().find(gauzy, given, sort)
        return [in_order(row) for row in rows], total

    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        return in_order(await super().read(gauzy, record_id, ("stages",)))

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        owned = owner(await gauzy.identity())
        body = body_of(self.columns, arguments, with_defaults=True)
        stages = [{**one, **owned} for one in body.get("stages", ())]
        made = await gauzy.request("POST", path_to(self.path), body={**owned, **body, "stages": stages})
        return await self.read(gauzy, made["id"])

    async def change(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        changes = self.changes(arguments)
        async with turn(arguments["id"]):
            current = await self.read(gauzy, arguments["id"])
            return await self.write(gauzy, current, current["stages"], changes)

    async def write(
        self, gauzy: Gauzy, current: Row, stages: Rows, changes: Mapping[str, Any] | None = None
    ) -> Row:  # fmt: skip
        """PUT of ``current`` with ``stages`` in their order. Raises ToolError when Gauzy stored something else."""
        owned = owner(await gauzy.identity())
        sent = [{name: one[name] for name in ("id", "name", "description") if name in one} | owned for one in stages]
        body = {**owned, "name": current["name"], **(changes or {}), "stages": sent}
        await gauzy.request("PUT", path_to(self.path + "/{id}", id=current["id"]), body=body)
        stored = await self.read(gauzy, current["id"])
        if _told(stored["name"], stored["stages"]) != _told(body["name"], stages):
            raise ToolError("Gauzy did not take the change; look at the pipeline before you try again.")
        return stored


def in_order(row: Row) -> Row:
    stages = sorted(row.get("stages") or (), key=lambda one: one["index"])
    return {**row, "stages": [{name: one[name] for name in STAGE if name in one} for one in stages]}


def _told(name: Any, stages: Rows) -> list[Any]:
    return [name, *((one["name"], one.get("description")) for one in stages)]


pipeline = Pipelines(
    "pipeline",
    "/pipelines",
    "pipelines",
    columns={
        "name": f.text(required=True),
        "description": f.text(),
        "stages": f.Field(
            {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 50}, "stages[].name"
        ).as_once(),
        "isActive": f.boolean(),
        "isArchived": f.boolean().as_unlisted(),
    },
    filters={
        "name": f.text("Contains"),
        "description": f.text("Contains").as_unlisted(),
        "stage": f.text("Has a stage whose name contains", where="stages"),
        "isActive": f.boolean(),
        "isArchived": f.boolean().as_unlisted(),
    },
    shows={"stages": "array"},
    include=("stages",),
    sort=("name", "createdAt", "description"),
    merge=("name",),
    wrapper="pipeline_data",
)

PLACE = f.integer("1: first", minimum=1)


def _on_stages(alter: Any) -> Run:
    """A tool that changes the list of stages: ``alter`` gets it with the arguments and answers another."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
        async with turn(arguments["pipelineId"]):
            current = await pipeline.read(context.gauzy, arguments["pipelineId"])
            stages = alter(current["stages"], arguments)
            return project(await pipeline.write(context.gauzy, current, stages), {})

    return run


def _added(stages: Rows, arguments: Mapping[str, Any]) -> Rows:
    return _placed(stages, {}, arguments, len(stages) + 1)


def _changed(stages: Rows, arguments: Mapping[str, Any]) -> Rows:
    place, known = _found(stages, arguments["stageId"])
    if not arguments.keys() & {"name", "description", "position"}:
        raise ToolError("Nothing to change: give at least one of name, description, position")
    return _placed([one for one in stages if one is not known], known, arguments, place)


def _placed(others: Rows, stage: Row, arguments: Mapping[str, Any], place: int) -> Rows:
    told = {name: arguments[name] for name in ("name", "description") if name in arguments}
    before = min(arguments.get("position", place), len(others) + 1) - 1
    return [*others[:before], {**stage, **told}, *others[before:]]


def _found(stages: Rows, stage_id: str) -> tuple[int, Row]:
    """Place, counted from 1, and stage. Raises ToolError that lists the stages there are."""
    for place, one in enumerate(stages, 1):
        if one["id"] == stage_id:
            return place, one
    known = ", ".join(f"{one['name']} ({one['id']})" for one in stages)
    raise ToolError(f"This pipeline has no stage {stage_id}; it has {known or 'none'}.")


async def remove_stage(context: ToolContext, arguments: dict[str, Any]) -> Row:
    gauzy, stage_id = context.gauzy, arguments["stageId"]
    async with turn(arguments["pipelineId"]):
        current = await pipeline.read(gauzy, arguments["pipelineId"])
        _, leaving = _found(current["stages"], stage_id)
        target = arguments.get("moveDealsTo")
        if target is not None:
            if target == stage_id:
                raise ToolError("moveDealsTo must be another stage than the one that goes.")
            _found(current["stages"], target)
        deals = await _deals(gauzy, "stageId", stage_id)
        if target is None:
            _keep(deals, arguments, "moveDealsTo, or deleteDeals: true")
        for deal in deals if target else ():
            await gauzy.request("PUT", path_to("/deals/{id}", id=deal["id"]), body={"stageId": target})
        if not leaving.get("tenantId"):
            # A stage that belongs to no tenant survives a PUT without it: it is given one first.
            await pipeline.write(gauzy, current, current["stages"])
        stages = [one for one in current["stages"] if one["id"] != stage_id]
        return project(await pipeline.write(gauzy, current, stages), {})


async def delete(context: ToolContext, arguments: dict[str, Any]) -> Row:
    gauzy, pipeline_id = context.gauzy, arguments["id"]
    await pipeline.read(gauzy, pipeline_id)
    deals = await _deals(gauzy, "stage][pipelineId", pipeline_id)
    _keep(deals, arguments, "deleteDeals: true")
    await gauzy.request("DELETE", path_to(pipeline.path + "/{id}", id=pipeline_id))
    return {"id": pipeline_id, "deleted": True, "deals": len(deals)}


async def _deals(gauzy: Gauzy, place: str, record_id: str) -> Rows:
    query = [*where_pairs(await gauzy.identity(), {}, {}), (f"where[{place}]", record_id)]
    return rows_of(await gauzy.request("GET", path_to("/deals"), query=query))[0]


def _keep(deals: Rows, arguments: Mapping[str, Any], remedy: str) -> None:
    """Raises ToolError when deals would go without a word."""
    if deals and not arguments.get("deleteDeals"):
        titles = ", ".join(str(deal["title"]) for deal in deals[:5])
        raise ToolError(f"{len(deals)} deals would be deleted with it ({titles}): give {remedy}.")


ON_STAGE = f.properties({"pipelineId": f.ref(), "stageId": f.ref()})
OF_STAGE = f.properties({"name": f.text(required=True), "description": f.text(), "position": PLACE})
DEALS = f.properties({"deleteDeals": f.boolean("With its deals")})
DELETED = {
    "properties": {"id": f.UUID, "deleted": {"type": "boolean"}, "deals": {"type": "integer"}},
    "required": ["id", "deleted"],
}

TOOLS = [
    pipeline.list("get_pipelines", "Find sales pipelines, with their stages.").found_by("funnel"),
    pipeline.get("get_pipeline", "A sales pipeline with its stages in order.").found_by("funnel"),
    pipeline.create("create_pipeline", "Create a sales pipeline; stages are their names in order."),
    pipeline.update("update_pipeline", "Change name or description of a pipeline; its stages stay."),
    Tool(
        "delete_pipeline", "Delete a pipeline for good; with deals in it only if deleteDeals says so.", "pipelines",
        delete, {**ID, **DEALS}, ["id"], output=DELETED, effect="deletes",
    ),
    Tool(
        "add_pipeline_stage", "Add a stage to a pipeline, last unless position is given.", "pipelines",
        _on_stages(_added), {"pipelineId": f.UUID, **OF_STAGE}, ["pipelineId", "name"], output=pipeline.output,
        effect="adds", wrapper="stage_data",
    ),
    Tool(
        "update_pipeline_stage", "Rename, describe or move a stage of a pipeline.", "pipelines",
        _on_stages(_changed), {**ON_STAGE, **OF_STAGE}, ["pipelineId", "stageId"], output=pipeline.output,
        effect="changes", wrapper="stage_data",
    ),
    Tool(
        "remove_pipeline_stage", "Remove a stage from a pipeline; its deals move, or go if deleteDeals says so.",
        "pipelines", remove_stage,
        {**ON_STAGE, **f.properties({"moveDealsTo": f.ref("Another stage")}), **DEALS}, ["pipelineId", "stageId"],
        output=pipeline.output, effect="deletes",
    ),
]  # fmt: skip
