"""Arguments as models send them, turned into what the schema says, where that loses nothing.

Some clients send nested values as JSON text, numbers in quotes, a year as a number. A string is decoded only where
the schema wants something else; what cannot be decoded stays as it is, for the validator to name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

_MAX_DEPTH: Final = 16
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def coerce(schema: Mapping[str, Any], value: Any, depth: int = 0) -> Any:
    """``value`` in the type that ``schema`` names; an optional property that is null is dropped."""
    if depth > _MAX_DEPTH:
        return value
    kind = schema.get("type")
    if isinstance(value, str) and kind != "string":
        value = _from_text(kind, value)
    elif isinstance(value, str) and schema.get("format") == "date-time" and _DATE.fullmatch(value):
        return f"{value}T00:00:00.000Z"
    if kind == "string" and isinstance(value, int) and not isinstance(value, bool) and "format" not in schema:
        return str(value)
    if kind == "integer" and isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if kind == "object" and isinstance(value, dict):
        return _object(schema, value, depth)
    if kind == "array" and isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [coerce(schema["items"], item, depth + 1) for item in value]
    return value


def _object(schema: Mapping[str, Any], value: dict[str, Any], depth: int) -> dict[str, Any]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    required = schema.get("required", ())
    coerced = {}
    for name, item in value.items():
        part = properties.get(name)
        if part is None:
            coerced[name] = item
        elif item is not None or name in required:
            coerced[name] = coerce(part, item, depth + 1)
    return coerced


def _from_text(kind: object, value: str) -> Any:
    stripped = value.strip()
    if kind == "boolean" and stripped.lower() in ("true", "false"):
        return stripped.lower() == "true"
    if kind == "integer" and _INTEGER.fullmatch(stripped):
        return int(stripped)
    if kind == "number" and _NUMBER.fullmatch(stripped):
        number = float(stripped) if any(mark in stripped for mark in ".eE") else int(stripped)
        return number if math.isfinite(number) else value
    if (kind == "object" and stripped[:1] == "{") or (kind == "array" and stripped[:1] == "["):
        return _from_json(stripped, value)
    return value


def _from_json(text: str, value: str) -> Any:
    """The decoded text, or ``value`` where that is no JSON or nested deeper than a message may be."""
    try:
        decoded = orjson.loads(text)
    except orjson.JSONDecodeError:
        return value
    return decoded if _depth(decoded) <= _MAX_DEPTH else value


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        inner = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [item for items in inner for item in items]
    return depth
