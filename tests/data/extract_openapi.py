"""Reduces Gauzy's own API document to what our requests touch, into ``tests/data/gauzy-openapi.json``.

``python -m tests.data.extract_openapi`` reads ``gauzy/openapi.json`` in the folder that GAUZY_REFERENCE_DIR names
(``../shared`` unless set). Kept are method, path, query parameters and the schemas of bodies; descriptions are not.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from gauzy_mcp.rehearsal import rehearsing
from mcp_tools.operations.contract.check import check
from mcp_tools.operations.contract.document import Document

TARGET = Path(__file__).parent / "gauzy-openapi.json"
KEPT = ("type", "enum", "properties", "required", "items", "$ref", "allOf", "schema", "name", "in", "content")


def main() -> None:
    source = Path(os.environ.get("GAUZY_REFERENCE_DIR", "../shared")) / "gauzy" / "openapi.json"
    raw = json.loads(source.read_text(encoding="utf-8"))
    wanted = asyncio.run(_requests(Document(raw)))
    paths: dict[str, Any] = {}
    for request in sorted(wanted):
        method, path = request.split(" ", 1)
        if path in raw["paths"]:
            operation = raw["paths"][path][method.lower()]
            kept = {name: operation[name] for name in ("parameters", "requestBody") if name in operation}
            paths.setdefault(path, {})[method.lower()] = reduced(kept)
    schemas = {name: reduced(schema) for name, schema in raw["components"]["schemas"].items()}
    document = {"openapi": raw["openapi"], "paths": paths, "components": {"schemas": reachable(paths, schemas)}}
    TARGET.write_text(json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


async def _requests(document: Document) -> frozenset[str]:
    async with rehearsing() as rehearsal:
        return (await check(rehearsal.everything(), document)).requests


def reduced(value: Any, *, names: bool = False) -> Any:
    """``value`` without what says nothing about requests. Below ``properties`` and status codes, all names stay."""
    if isinstance(value, list):
        return [reduced(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: reduced(item, names=key in ("properties", "content"))
        for key, item in value.items()
        if names or key in KEPT or key in ("parameters", "requestBody")
    }


def reachable(paths: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """The schemas that ``paths`` refer to, directly or not, and the entities that their DTOs are named after."""
    found: dict[str, Any] = {}
    waiting = _names(paths)
    while waiting:
        name = waiting.pop()
        if name in found or name not in schemas:
            continue
        found[name] = schemas[name]
        entity = name.removeprefix("Create").removeprefix("Update").removesuffix("DTO")
        if name.endswith("DTO"):
            waiting |= _names(schemas[name]) | {entity}
    return found


def _names(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for item in value for name in _names(item)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
    return own | {name for item in value.values() for name in _names(item)}


if __name__ == "__main__":
    main()
