"""Tags (Gauzy route ``/tags``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Reply
from mcp_tools.sandbox.relations import nobody
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column, names, not_empty, plain, string
from mcp_tools.sandbox.store import Row

COUNTED: Final = names(
    "candidate employee employee_level equipment event_type expense income integration invoice merchant organization "
    "organization_contact organization_department organization_employment_type expense_category organization_position "
    "organization_project organization_team organization_vendor payment product request_approval task user warehouse"
)
HOLDERS: Final = {"employee": "Employee", "organization_contact": "OrganizationContact", "task": "Task"}


class Tags(Entity):
    def listing(self, call: Call) -> Reply:
        """Straight from the database: booleans are numbers, instants have no ``T``, and every use is counted."""
        where = self.where(call)
        kinds = {name: call.store.rows(entity, call.tenant_id) for name, entity in HOLDERS.items()}
        items = [self._counted(row, kinds) for row in self.matching(call, where, paged=False)]
        return Reply(200, {"items": items, "total": len(items)})

    def _counted(self, row: Row, kinds: Mapping[str, Any]) -> Row:
        raw = {name: int(value) if isinstance(value, bool) else value for name, value in row.items() if name[0] != "_"}
        dated = {name: row[name][:19].replace("T", " ") for name in ("createdAt", "updatedAt")}
        uses = {name: sum(row["id"] in holder.get("_tags", ()) for holder in kinds.get(name, ())) for name in COUNTED}
        counts = {f"{name}_counter": count for name, count in uses.items()} | {"proposals_counter": 0}
        return {**raw, **dated, **counts, "fix_relational_custom_fields": None, "tagTypeName": None}

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        return {**super().as_created(call, row, body), "customFields": {}}

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        return {"generatedMaps": [], "raw": [], "affected": 1}

    def hide(self, call: Call) -> Reply:
        answer = super().hide(call)
        return Reply(answer.status, {**answer.body, "customFields": {}})


tag = Tags(
    "Tag",
    {
        "name": Column(checks=(string, not_empty), needed=True),
        "color": Column(checks=(string, not_empty), needed=True),
        **plain("textColor description icon"),
        **plain("isSystem", False),
        **plain("tagTypeId organizationTeamId"),
    },
    {"organizationTeam": nobody()},
    extra={"fullIconUrl": None},
)


def level(call: Call) -> Reply:
    """Tags of the organization by part of name or colour."""
    rules.demand(rules.organization(call, call.query))
    rows = tag.matching(call, {"organizationId": call.query["organizationId"]}, paged=False)
    for column in ("name", "color", "description"):
        part = str(call.query.get(column, "")).lower()
        rows = [row for row in rows if part in str(row[column] or "").lower()]
    return Reply(200, {"items": [tag.shown(call.store, row, {}) for row in rows], "total": len(rows)})


ROUTES = [
    *tag.routes("/tags", add=("ALL_ORG_EDIT", "ORG_TAGS_ADD")),
    get("/tags/level", level),
]
