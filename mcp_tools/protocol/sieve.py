"""What each revision may see of a result: one table, applied to everything that leaves.

A field that a revision does not know is dropped and content it cannot show becomes text, so every answer is
valid under the ``schema.json`` of the revision it is sent to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.protocol.meta import SERVER_INFO
from mcp_tools.protocol.revisions import V2025_03_26, V2025_06_18, V2025_11_25, V2026_07_28, is_stateless

TOOL_FIELD_SINCE: Final[Mapping[str, str]] = {
    "annotations": V2025_03_26,
    "title": V2025_06_18,
    "outputSchema": V2025_06_18,
    "_meta": V2025_06_18,
    "icons": V2025_11_25,
}
LISTED_FIELD_SINCE: Final[Mapping[str, str]] = {
    "title": V2025_06_18,
    "_meta": V2025_06_18,
    "icons": V2025_11_25,
}
CONTENT_SINCE: Final[Mapping[str, str]] = {"audio": V2025_03_26, "resource_link": V2025_06_18}
IMPLEMENTATION_FIELD_SINCE: Final[Mapping[str, str]] = {
    "title": V2025_06_18,
    "description": V2025_11_25,
    "websiteUrl": V2025_11_25,
    "icons": V2025_11_25,
}


CAPABILITY_SINCE: Final[Mapping[str, str]] = {"completions": V2025_03_26, "extensions": V2026_07_28}


def capabilities(declared: Mapping[str, Any], revision: str) -> dict[str, Any]:
    """The server's capabilities as ``revision`` names them."""
    return known_fields(declared, CAPABILITY_SINCE, revision)


def known_fields(item: Mapping[str, Any], since: Mapping[str, str], revision: str) -> dict[str, Any]:
    """``item`` without the fields that came after ``revision``. Revisions are dates, so text order is time order."""
    return {name: value for name, value in item.items() if revision >= since.get(name, "")}


def content(blocks: list[dict[str, Any]], revision: str) -> list[dict[str, Any]]:
    """Content blocks that ``revision`` can carry; the others are told in words."""
    if revision >= V2025_06_18:
        return blocks
    return [block if revision >= CONTENT_SINCE.get(block["type"], "") else _in_words(block) for block in blocks]


def message(item: Mapping[str, Any], revision: str) -> dict[str, Any]:
    """A prompt message whose content ``revision`` can carry."""
    return {**item, "content": content([item["content"]], revision)[0]}


def _in_words(block: Mapping[str, Any]) -> dict[str, Any]:
    if block["type"] == "resource_link":
        return {"type": "text", "text": f"{block.get('title') or block.get('name', 'resource')}: {block['uri']}"}
    return {"type": "text", "text": f"({block['type']} content of type {block.get('mimeType', 'unknown')})"}


def call_result(result: dict[str, Any], revision: str) -> dict[str, Any]:
    """A tools/call result for ``revision``: structured content since 2025-06-18."""
    shown = dict(result)
    shown["content"] = content(shown["content"], revision)
    if revision < V2025_06_18:
        shown.pop("structuredContent", None)
        shown.pop("_meta", None)
    return shown


def complete(
    result: dict[str, Any], revision: str, server_info: Mapping[str, Any], cache: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Adds what every stateless result must carry: ``resultType``, the server's name and, for lists, cache hints."""
    if not is_stateless(revision):
        return result
    meta = {**result.get("_meta", {}), SERVER_INFO: dict(server_info)}
    return {"resultType": "complete", **result, **(cache or {}), "_meta": meta}
