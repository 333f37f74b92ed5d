"""Arguments to try a tool with, made from its schema: the fewest, the most, and each choice there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Ids = Callable[[str], str | None]
"""An id for an argument, by the name of the argument; None for one that names no record."""

_USUALLY: Final = re.compile(r"Usually ([\w-]+)")
_TEXTS: Final = {
    "email": "someone@example.com",
    "date": "2026-01-15",
    "date-time": "2026-01-15T09:00:00.000Z",
    "uri": "https://example.com/picture.png",
}


def arguments(schema: Mapping[str, Any], ids: Ids) -> Iterator[dict[str, Any]]:
    """Argument objects for ``schema``: with what is required, with each optional one, with each enum value in turn."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    required = schema.get("required", ())
    fewest = {name: value(name, properties[name], ids, whole=False) for name in required}
    yield fewest
    for name, part in properties.items():
        if name not in required:
            yield {**fewest, name: value(name, part, ids)}
        for choice in part.get("enum", ())[1:]:
            yield {**fewest, name: choice}
    yield {name: value(name, part, ids) for name, part in properties.items()}


_WORDS: Final = {"language": "en", "year": "2025", "entity": "Task", "priority": "low", "sort": "createdAt"}
"""Texts that only certain words fit, by argument."""


def value(name: str, schema: Mapping[str, Any], ids: Ids, *, whole: bool = True) -> Any:
    """One value that fits ``schema``; objects inside have everything, or not ``whole``, what is required."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "string":
        return ids(name) or _text(name, schema)
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1)
    if kind == "boolean":
        return True
    if kind == "array":
        return [value(name, schema.get("items", {"type": "string"}), ids, whole=whole)]
    inner: Mapping[str, Any] = schema.get("properties", {})
    needed = inner if whole else schema.get("required", ())
    return {key: value(key, inner[key], ids, whole=whole) for key in needed}


def _text(name: str, schema: Mapping[str, Any]) -> str:
    """A text of the format; for free text that Gauzy has usual values for, the first of them."""
    usual = _USUALLY.search(str(schema.get("description", "")))
    if usual:
        return usual[1]
    if name.lower().startswith(("end", "to", "stopped", "due")) and schema.get("format") == "date-time":
        return "2026-01-15T10:00:00.000Z"
    if name in _WORDS:
        return _WORDS[name]
    return "USD" if "currency" in name.lower() else _TEXTS.get(str(schema.get("format")), "text")
