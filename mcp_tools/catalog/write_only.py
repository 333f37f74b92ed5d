"""What a caller may send and nobody is ever shown: ``writeOnly`` in a schema (JSON Schema 2020-12, validation, 9.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

WRITE_ONLY: Final = "writeOnly"
_EMPTY: Final[Mapping[str, Any]] = {}


def holds(schema: Mapping[str, Any]) -> bool:
    """Whether a value of ``schema`` is write-only or has such a part, at any depth."""
    return schema.get(WRITE_ONLY) is True or any(map(holds, _parts(schema)))


def holds_at(schema: Mapping[str, Any], path: Iterable[str | int]) -> bool:
    """Whether what stands at ``path`` is write-only, has such a part, or is part of it."""
    for step in path:
        if schema.get(WRITE_ONLY) is True:
            return True
        schema = schema.get("items", _EMPTY) if isinstance(step, int) else _property(schema, step)
    return holds(schema)


def without(schema: Mapping[str, Any], value: Any) -> Any:
    """``value`` without its write-only parts, whatever their type."""
    if isinstance(value, Mapping):
        return {
            name: without(_property(schema, name), item)
            for name, item in value.items()
            if _property(schema, name).get(WRITE_ONLY) is not True
        }
    if isinstance(value, list):
        return [without(schema.get("items", _EMPTY), item) for item in value]
    return value


def _property(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema.get("properties", _EMPTY).get(name, _EMPTY)
    return found


def _parts(schema: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield from schema.get("properties", _EMPTY).values()
    if isinstance(schema.get("items"), Mapping):
        yield schema["items"]
