"""Deals with clients, each in a stage of a pipeline (Gauzy route ``/deals``)."""

from __future__ import annotations

import dataclasses
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.pipelines import pipeline
from mcp_tools.catalog.entity import ID, Entity
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.rows import Row, Rows, project
from mcp_tools.catalog.styles import Offsets
from mcp_tools.catalog.texts import folded
from mcp_tools.catalog.tool import Tool, ToolError

deal = Entity(
    "deal",
    "/deals",
    "deals",
    columns={
        "title": f.text(required=True),
        "stageId": f.ref(required=True),
        "probability": f.integer(maximum=5, default=0),
        "clientId": f.ref("One deal each"),
        "isArchived": f.boolean().as_unlisted(),
    },
    filters={
        "pipelineId": f.ref(where="stage.pipelineId"),
        "stageId": f.ref(),
        "stage": f.text("Exact name", where="stage.name"),
        "clientId": f.ref(),
        "createdByUserId": f.ref().as_unlisted(),
        "probability": f.integer(maximum=5).as_unlisted(),
        "isArchived": f.boolean().as_unlisted(),
    },
    local={
        "search": containing("title", "client.name"),
        "createdFrom": Local(f.date().as_unlisted(), lambda row, day: row["createdAt"][:10] >= day),
        "createdTo": Local(f.date().as_unlisted(), lambda row, day: row["createdAt"][:10] <= day),
    },
    shows={"createdByUserId": "string", "stage": "object", "client": "object"},
    sort=("title", "probability", "createdAt", "stageId"),
    relations=("stage", "stage.pipeline", "client", "client.contact", "createdByUser"),
    names={
        "stageName": "stage.name", "pipelineId": "stage.pipelineId", "pipelineName": "stage.pipeline.name",
        "clientName": "client.name",
    },
    include=("stage", "stage.pipeline", "client"),
    wrapper="deal_data",
    style=Offsets(),
)  # fmt: skip


async def one_per_client(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """Gauzy refuses a second deal of a client with a failure of its database that names no reason."""
    client_id = arguments.get("clientId")
    taken = (await deal.find(context.gauzy, {"clientId": client_id}))[0] if client_id else []
    if taken and taken[0]["id"] != arguments.get("id"):
        told = f"{taken[0]['title']} ({taken[0]['id']})"
        raise ToolError(f"This client has a deal already, and Gauzy keeps one per client: change {told} instead.")
    return arguments


async def move(context: ToolContext, arguments: dict[str, Any]) -> Row:
    gauzy, deal_id = context.gauzy, arguments["id"]
    stage_id = arguments.get("stageId") or await _stage_named(gauzy, deal_id, arguments.get("stage"))
    moved = await deal.change(gauzy, {"id": deal_id, "stageId": stage_id})
    return project(await deal.read(gauzy, moved["id"], deal.include), {}, deal.names, short=True)


async def _stage_named(gauzy: Gauzy, deal_id: str, name: str | None) -> str:
    """The stage of that name in the pipeline that the deal is in. Raises ToolError that lists those there are."""
    if name is None:
        raise ToolError("Give stageId, or stage: its name in the deal's pipeline.")
    current = await deal.read(gauzy, deal_id, ("stage",))
    stages = (await pipeline.read(gauzy, current["stage"]["pipelineId"]))["stages"]
    for stage in stages:
        if folded(stage["name"]) == folded(name):
            return str(stage["id"])
    raise ToolError(f"The deal's pipeline has no stage {name[:40]}; it has {', '.join(one['name'] for one in stages)}.")


async def board(context: ToolContext, arguments: dict[str, Any]) -> Row:
    """``GET /pipelines/{id}/deals`` hides deals in stages that belong to no tenant; the list of deals does not."""
    gauzy = context.gauzy
    deals, complete = await deal.every(gauzy, arguments)
    wanted = arguments.get("pipelineId")
    pipelines = [await pipeline.read(gauzy, wanted)] if wanted else (await pipeline.find(gauzy, {"limit": 100}))[0]
    shown = [
        {"id": one["id"], "name": one["name"], "stages": [_column(stage, deals) for stage in one["stages"]]}
        for one in pipelines
    ]
    return {"pipelines": shown, "total": len(deals), "complete": complete}


def _column(stage: Row, deals: Rows) -> Row:
    inside = [one for one in deals if one["stageId"] == stage["id"]]
    fields = {"fields": ["id", "title", "probability", "clientId", "clientName"]}
    cards = [project(one, fields, deal.names) for one in inside]
    return {"id": stage["id"], "name": stage["name"], "count": len(cards), "deals": cards}


async def no_properties(context: ToolContext, arguments: dict[str, Any]) -> Row:
    raise ToolError(
        "A deal in Gauzy has a title, a probability, a stage and a client, and no further properties: put it into the "
        "title with update_deal, or into the notes of the client with update_organization_contact."
    )


BOARD = {
    "properties": {
        "pipelines": {"type": "array", "items": {"type": "object"}, "description": "Their stages with the deals"},
        "total": {"type": "integer"},
        "complete": {"type": "boolean", "description": "false: there are more deals than were read"},
    },
    "required": ["pipelines", "total"],
}
PROPERTY = {"dealId": f.UUID, "propertyName": {"type": "string"}, "value": {"type": "string"}}
searched = dataclasses.replace(deal, local={"query": deal.local["search"]})


def _unavailable(name: str, what: str) -> Tool:
    properties = {**PROPERTY, "name": {"type": "string"}, "property": {"type": "object"}}
    return Tool(
        name, f"{what} a property of a deal: Gauzy's deals have none.", "deals", no_properties, properties,
        output=deal.output, effect="deletes" if what == "Remove" else "changes", kind="unavailable", listed=False,
    )  # fmt: skip


TOOLS = [
    deal.list("get_deals", "Find deals by stage, pipeline, client or words.").found_by("opportunities sales"),
    deal.count("get_deal_count", "How many deals there are, all or by filter."),
    deal.get("get_deal", "One deal by id."),
    deal.create("create_deal", "Add a deal in a stage of a pipeline.", prepare=one_per_client),
    deal.update("update_deal", "Change a deal's title, stage, probability or client.", prepare=one_per_client),
    Tool(
        "update_deal_stage", "Move a deal to another stage, by id or by name.", "deals", move,
        {**ID, **f.properties({"stageId": f.ref(), "stage": f.text("Its name")})}, ["id"],
        output=deal.output, effect="changes", keywords="win lose close",
    ),
    deal.delete("delete_deal", "Delete a deal for good."),
    deal.list(
        "get_deals_by_client", "The deal of a client.",
        require=("clientId",), without=("search", "pipelineId", "stage", "stageId"),
    ),
    deal.list(
        "get_my_deals", "Deals that I entered; deals have no owner.",
        fixed=lambda identity: {"createdByUserId": identity.user_id},
        without=("createdByUserId", "clientId", "pipelineId"),
    ),
    deal.statistics(
        "get_deal_statistics", "How many deals per stage, pipeline and probability.",
        by=("stageName", "pipelineName", "probability"), averages=("probability",),
    ).found_by("sales forecast report"),
    _unavailable("add_deal_property", "Add"),
    _unavailable("update_deal_property", "Change"),
    _unavailable("remove_deal_property", "Remove"),
    Tool(
        "get_deals_pipeline", "The deals of a pipeline, or of all, stage by stage.", "deals", board,
        f.listed({name: deal.filters[name] for name in ("pipelineId", "clientId")}), effect="reads", output=BOARD,
        hidden=f.properties({"createdByUserId": f.ref()}), keywords="board kanban sales funnel",
    ),
    searched.list(
        "search_deals", "Find deals by words of title or client.",
        require=("query",), without=("stage", "stageId", "clientId"),
    ),
]  # fmt: skip
