"""Records as Gauzy keeps them, to see what a tool changed and what it left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.domains.gauzy import Gauzy

ROUTES: Final = {
    "project": ("/organization-projects", ("members", "organizationContact")),
    "task": ("/tasks", ("members", "teams", "tags", "project")),
    "contact": ("/organization-contact", ("contact", "members", "tags", "projects")),
    "employee": ("/employee", ("user", "tags", "teams")),
}
"""Where a kind of record is read, and what is read with it."""
ALWAYS: Final = {"updatedAt", "updatedByUserId"}
"""What every write changes."""


async def stored(gauzy: Gauzy, kind: str, record_id: str) -> dict[str, Any]:
    """The whole record, with its people and other relations by their ids."""
    path, relations = ROUTES[kind]
    query = [("relations[]", relation) for relation in relations]
    if kind == "contact":
        query = [("data", json.dumps({"relations": relations}))]
    row = await gauzy.request("GET", f"{path}/{record_id}", query=query)
    return {name: _plain(value) for name, value in row.items() if name not in ALWAYS}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The names of what is no longer the same; those of a nested record with a dot."""
    found = set()
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            found |= {f"{name}.{inner}" for inner in changed(old, new)}
        elif old != new:
            found.add(name)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name not in ALWAYS}
    if isinstance(value, list):
        return sorted((one.get("employeeId") or one["id"], bool(one.get("isManager"))) for one in value)
    return value
