"""Arguments to try a tool with, made from its schema: the fewest, the most, and each choice there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

SOME_ID: Final = "11111111-1111-4111-8111-111111111111"
_USUALLY: Final = re.compile(r"Usually ([\w-]+)")
_TEXTS: Final = {
    "uuid": SOME_ID,
    "email": "someone@example.com",
    "date": "2026-01-15",
    "date-time": "2026-01-15T09:00:00.000Z",
    "uri": "https://example.com",
}


def arguments(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Argument objects for ``schema``: with what is required, with everything, and with each enum value in turn."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    fewest = {name: value(name, properties[name]) for name in schema.get("required", ())}
    most = {name: value(name, part) for name, part in properties.items()}
    yield fewest
    yield most
    for name, part in properties.items():
        for choice in part.get("enum", ())[1:]:
            yield {**most, name: choice}


def _text(name: str, schema: Mapping[str, Any]) -> str:
    """A text of the format; for free text that Gauzy has usual values for, the first of them."""
    usual = _USUALLY.search(str(schema.get("description", "")))
    if usual:
        return usual[1]
    return "USD" if "currency" in name.lower() else _TEXTS.get(str(schema.get("format")), "text")


def value(name: str, schema: Mapping[str, Any]) -> Any:
    """One value that fits ``schema``."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "string":
        return _text(name, schema)
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1)
    if kind == "boolean":
        return True
    if kind == "array":
        return [value(name, schema.get("items", {"type": "string"}))]
    inner: Mapping[str, Any] = schema.get("properties", {})
    return {key: value(key, part) for key, part in inner.items()}
