"""The output schemas that derived tools have in common. Properties of an item are optional, so that ``fields`` fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.catalog.fields import UUID, Field

Schema = Mapping[str, Any]

COUNT: Final[Schema] = {"properties": {"count": {"type": "integer"}}, "required": ["count"]}
DELETED: Final[Schema] = {
    "properties": {"id": UUID, "deleted": {"type": "boolean"}},
    "required": ["id", "deleted"],
}
MEMBERS: Final[Schema] = {
    "properties": {
        "id": UUID,
        "name": {"type": "string"},
        "employeeIds": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["id", "employeeIds"],
}
"""A record and who belongs to it."""
STATISTICS: Final[Schema] = {
    "properties": {
        "count": {"type": "integer"},
        "complete": {"type": "boolean", "description": "false: there are more records than were counted"},
        "by": {"type": "object", "description": "Count per value, per field"},
        "sums": {"type": "object", "description": "Sum per field"},
        "averages": {"type": "object", "description": "Average per field"},
    },
    "required": ["count", "complete"],
}


def nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def item(columns: Mapping[str, Field], shows: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    """A record: its columns at their own names, then what it shows besides, then the names of its relations."""
    shown: dict[str, Any] = {name: {"type": "string"} for name in ("id", "createdAt", "updatedAt")}
    for key, value in columns.items():
        column = value.column or key
        if "." not in column and "[]" not in column and not value.schema.get("writeOnly"):
            shown[column] = nullable(str(value.schema["type"]))
    shown.update((name, {"type": "array" if "[]" in path else "string"}) for name, path in names.items())
    shown.update((key, nullable(kind)) for key, kind in shows.items())
    return {"type": "object", "properties": shown}


def listed(of: Schema) -> dict[str, Any]:
    """A page of ``of``."""
    return {
        "properties": {
            "items": {"type": "array", "items": of},
            "total": {"type": "integer"},
            "page": {"type": "integer"},
            "has_more": {"type": "boolean"},
        },
        "required": ["items", "total"],
    }
