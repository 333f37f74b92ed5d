"""Sales pipelines and their stages (Gauzy route ``/pipelines``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox.entity import Entity, Test, public
from mcp_tools.sandbox.http import Call, Reply, listed
from mcp_tools.sandbox.relations import one, owned, tree_of
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column, boolean, not_empty, path_id, plain, string
from mcp_tools.sandbox.store import Row

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

VIEW: Final = ("VIEW_SALES_PIPELINES",)
EDIT: Final = ("EDIT_SALES_PIPELINES",)
OWN: Final = ("name", "description", "tenantId", "organizationId")


class Pipelines(Entity):
    def test(self, call: Call, name: str, value: Any, *, paged: bool) -> Test:
        """``where[stages]`` is a part of a stage's name."""
        if name == "stages" and isinstance(value, str):
            stages, part = self.relations["stages"], value.lower()
            return lambda row: any(part in one["name"].lower() for one in stages.rows(call.store, row))
        return super().test(call, name, value, paged=paged)

    def insert(self, call: Call, body: Row) -> Row:
        row = super().insert(call, body)
        arrange(call, row, body.get("stages") or ())
        return row

    def links(self, call: Call, body: Row) -> Row:
        """Stages are records of their own: see :func:`arrange`."""
        return {}

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        stages = [public(one) for one in self.relations["stages"].rows(call.store, row)]
        return {**super().as_created(call, row, body), **({"stages": stages} if "stages" in body else {})}

    def update(self, call: Call) -> Reply:
        """A stage that is left out goes, with its deals. Unknown ids and what cannot be stored get an empty 202."""
        body, record_id = call.body(), path_id(call.ids[0])
        self.check(call, body, record_id)
        row, stages = call.store.find(self.name, record_id, call.tenant_id), body.get("stages") or []
        if row is None or not all(_storable(call, one, record_id) for one in stages):
            return Reply(self.updated)
        before = {name: row[name] for name in self.columns}
        row = self.change(call, row, body)
        arrange(call, row, stages)
        return Reply(self.updated, _as_sent(call, row, body, changed=before != {name: row[name] for name in before}))

    def remove(self, call: Call) -> Reply:
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        for record in self.relations["stages"].rows(call.store, row) if row else ():
            drop(call, record)
        return super().remove(call)


def _storable(call: Call, sent: Any, pipeline_id: str) -> bool:
    """A stage of this pipeline, or a further one with a name."""
    if not isinstance(sent, dict):
        return False
    known = call.store.find("PipelineStage", sent.get("id"), call.tenant_id)
    return bool(sent.get("name")) if known is None else known["pipelineId"] == pipeline_id


def _as_sent(call: Call, row: Row, body: Mapping[str, Any], *, changed: bool) -> Row:
    """Gauzy answers what was sent, and null for other columns when one of the pipeline's own was changed."""
    sent = {name: body[name] for name in pipeline.columns if name in body}
    owner = {name: row[name] for name in ("id", "tenantId", "organizationId")}
    if not changed:
        return {**owner, **sent}
    unsaid = dict.fromkeys(("createdByUserId", "deletedByUserId", "isActive", "isArchived", "archivedAt"))
    return {**owner, **unsaid, **sent, "updatedAt": row["updatedAt"], "updatedByUserId": call.user_id}


def arrange(call: Call, row: Row, stages: Sequence[Row]) -> None:
    """Makes ``stages`` those of the pipeline, in their order.

    A stage belongs to a tenant only if the body says so; one that belongs to none stays although it is left out.
    """
    kept = {one.get("id") for one in stages}
    for old in pipeline.relations["stages"].rows(call.store, row):
        if old["tenantId"] is not None and old["id"] not in kept:
            drop(call, old)
    for index, sent in enumerate(stages, 1):
        values = {name: sent[name] for name in OWN if name in sent} | {"index": index}
        known = call.store.find("PipelineStage", sent.get("id"), call.tenant_id)
        if known is None:
            own = {"pipelineId": row["id"], "_tenantId": call.tenant_id}
            stage.new(call.store, None, call.user_id, {**own, **values})
        elif any(known[name] != value for name, value in values.items()):
            call.store.put(
                "PipelineStage", {**known, **values, "updatedAt": call.now(), "updatedByUserId": call.user_id}
            )


def drop(call: Call, row: Row) -> None:
    """Deletes a stage and its deals."""
    for deal in call.store.rows("Deal", call.tenant_id):
        if deal["stageId"] == row["id"]:
            call.store.delete("Deal", deal["id"], call.tenant_id)
    call.store.delete("PipelineStage", row["id"], call.tenant_id)


def deals(call: Call) -> Reply:
    """The deals of a pipeline, without those in stages that belong to no tenant."""
    stages = call.store.rows("PipelineStage", call.tenant_id)
    mine = {one["id"] for one in stages if one["pipelineId"] == path_id(call.ids[0]) and one["tenantId"] is not None}
    rows = [row for row in call.store.rows("Deal", call.tenant_id) if row["stageId"] in mine]
    return Entity.known["Deal"].page(call, rows, len(rows), tree_of(listed(call.query.get("relations"))))


def swallowed(call: Call) -> Reply:
    """``…/count`` is taken for ``…/:id``."""
    path_id(call.path.rpartition("/")[2])
    return Reply(200)


pipeline = Pipelines(
    "Pipeline",
    {
        "isActive": Column(True, (boolean,)),
        "isArchived": Column(False, (boolean,)),
        "description": Column(checks=(string,)),
        "name": Column(checks=(string, not_empty), needed=True, kept=True),
    },
    {
        "stages": owned("PipelineStage", "pipelineId"),
        "organization": one("Organization", "organizationId"),
        "createdByUser": one("User", "createdByUserId"),
    },
    contains=("name", "description"),
)
stage = Entity(
    "PipelineStage", plain("description index name pipelineId"), {"pipeline": one("Pipeline", "pipelineId")}
)  # fmt: skip

ROUTES = [
    *pipeline.routes("/pipelines", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT),
    get("/pipelines/count", swallowed, *VIEW),
    get("/pipelines/:id/deals", deals, *VIEW),
]

DEMO: Final = {
    "New business": ("Lead", "Offer", "Negotiation", "Won", "Lost"),
    "Renewals": ("Due", "In talks", "Renewed"),
}
TOLD: Final = {"New business": "From a first call to a signed contract", "Renewals": "Contracts that end this year"}


def fill(company: Company) -> None:
    for name, stages in DEMO.items():
        made = company.new("Pipeline", name, {"name": name, "description": TOLD[name]})
        for index, called in enumerate(stages, 1):
            values = {"name": called, "index": index, "pipelineId": made["id"]}
            company.new("PipelineStage", f"{name}/{called}", values)
