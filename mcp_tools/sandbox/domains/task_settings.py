"""What tasks may be: statuses, priorities, sizes and types, the same for every tenant until it makes its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Reply
from mcp_tools.sandbox.relations import nobody
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import plain
from mcp_tools.sandbox.store import Row

PUBLIC: Final = "http://localhost:3000/public/"


class Settings(Entity):
    def derived(self, public: Row) -> Row:
        return {"fullIconUrl": f"{PUBLIC}{public['icon']}"}


class Types(Settings):
    """A type has its picture with it."""

    def derived(self, public: Row) -> Row:
        picture = {name: public[name] for name in ("createdAt", "updatedAt")} | {
            "id": public["imageId"], "name": public["name"], "url": public["icon"],
            "fullUrl": f"{PUBLIC}{public['icon']}",
            "thumb": None, "thumbUrl": None, "width": 18, "height": 18, "size": 1288, "isFeatured": False,
            "tenantId": None, "organizationId": None, "deletedAt": None, "createdByUserId": None,
            "updatedByUserId": None, "deletedByUserId": None, "isActive": True, "isArchived": False, "archivedAt": None,
        }  # fmt: skip
        return {**super().derived(public), "image": picture}


_COLUMNS: Final = {**plain("name value description"), **plain("icon color"), **plain("isSystem", True)}
_OWNERS: Final = plain("projectId organizationTeamId")
_FLAGS: Final = plain("isCollapsed isDefault isTodo isInProgress isDone", False)

SETTINGS: Final = {
    "/task-statuses": Settings("TaskStatus", {**_COLUMNS, **plain("order"), **_FLAGS, **_OWNERS}),
    "/task-priorities": Settings("TaskPriority", {**_COLUMNS, **_OWNERS}),
    "/task-sizes": Settings("TaskSize", {**_COLUMNS, **_OWNERS}),
    "/issue-types": Types(
        "IssueType", {**_COLUMNS, **plain("isDefault", False), **plain("imageId"), **_OWNERS}, {"image": nobody()}
    ),
}


def _listing(entity: Entity) -> Callable[[Call], Reply]:
    def everything(call: Call) -> Reply:
        rows = [entity.shown(call.store, row, {}) for row in call.store.rows(entity.name, "")]
        return Reply(200, {"items": rows, "total": len(rows)})

    return everything


ROUTES = [get(path, _listing(entity)) for path, entity in SETTINGS.items()]
