"""The resources of the suite."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

import orjson

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.prompts import Suggestions
from mcp_tools.catalog.resources import Contents, Read, Resource, Template
from tests.conformance.declared import PNG

WATCHED: Final = "test://watched-resource"


def holding(data: str | bytes, mime_type: str) -> Read:
    async def read(context: ToolContext, variables: Mapping[str, str]) -> Contents:
        return Contents(data, mime_type)

    return read


async def read_template(context: ToolContext, variables: Mapping[str, str]) -> Contents:
    wanted = variables["id"]
    return Contents(orjson.dumps({"id": wanted, "templateTest": True, "data": f"Data for ID: {wanted}"}).decode())


async def complete_id(context: ToolContext, typed: str, arguments: Mapping[str, str]) -> Suggestions:
    return Suggestions([known for known in ("1", "12", "123") if known.startswith(typed)])


RESOURCES: Final = [
    Resource(
        "test://static-text",
        "static-text",
        "A text that never changes.",
        holding("This is the content of the static text resource.", "text/plain"),
        "text/plain",
    ),
    Resource(
        "test://static-binary",
        "static-binary",
        "An image that never changes.",
        holding(base64.b64decode(PNG), "image/png"),
        "image/png",
    ),
    Resource(WATCHED, "watched-resource", "A text to subscribe to.", holding("Watched.", "text/plain"), "text/plain"),
]

TEMPLATES: Final = [
    Template("test://template/{id}/data", "template", "Data by its id.", read_template, complete={"id": complete_id})
]
