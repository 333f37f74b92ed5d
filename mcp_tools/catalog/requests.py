"""From arguments to Gauzy's query strings and bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.catalog.context import Identity
from mcp_tools.catalog.fields import Field
from mcp_tools.catalog.texts import folded
from mcp_tools.catalog.tool import ToolError

Pairs = list[tuple[str, str]]

FIRST_DAY: Final = "1900-01-01"
LAST_DAY: Final = "2999-12-31"
"""The ends of a range of days that has none."""

_LIST: Final = re.compile(r"(\w+)\[\]\.(\w+)")


def owner(identity: Identity) -> dict[str, str]:
    """Organization and tenant of the caller, as every body and query of Gauzy wants them. Raises ToolError without."""
    if not identity.organization_id:
        raise ToolError(
            f"{identity.email or 'This account'} belongs to no organization in Gauzy, so there is nothing to work on"
        )
    return {"organizationId": identity.organization_id, "tenantId": identity.tenant_id}


def where_pairs(
    identity: Identity,
    fields: Mapping[str, Field],
    arguments: Mapping[str, Any],
    *,
    booleans: tuple[str, str] = ("true", "false"),
    signed: bool = False,
) -> Pairs:
    """``where[…]`` pairs: the caller's organization, then each filter that is given.

    ``booleans`` are the texts for true and false. ``signed`` writes numbers with a plus sign, for routes that would
    read a bare one as something else.
    """
    pairs = [(f"where[{name}]", value) for name, value in owner(identity).items()]
    for name, field in fields.items():
        value = arguments.get(name)
        if value is not None:
            path = field.where or field.column or name
            sent = _bracketed("where", path, meant(field, name, value))
            pairs += [(key, field.lead + _text(item, booleans, signed)) for key, item in sent]
    return pairs


def whole_ranges(ranges: Mapping[str, str], arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """``arguments`` with both ends of each range of days that has one; ``ranges`` are the names of first and last.

    Gauzy fills up a lone end from the current month, and takes a bare last day for its first instant. Raises
    ToolError for a range that ends before it begins.
    """
    whole = dict(arguments)
    for first, last in ranges.items():
        begin, end = arguments.get(first), arguments.get(last)
        if begin and end and end < begin:
            raise ToolError(f"{last} ({end}) must not be before {first} ({begin})")
        if begin or end:
            whole |= {first: begin or FIRST_DAY, last: f"{end or LAST_DAY} 23:59:59"}
    return whole


def nested(identity: Identity, fields: Mapping[str, Field], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The same as a nested object, for the routes that take JSON."""
    found: dict[str, Any] = dict(owner(identity))
    for name, field in fields.items():
        value = arguments.get(name)
        if value is not None:
            sent = _as_sent(field, meant(field, name, value))
            _place(found, (field.where or field.column or name).removesuffix("[]"), sent)
    return found


def flat_pairs(identity: Identity, fields: Mapping[str, Field], arguments: Mapping[str, Any]) -> Pairs:
    """Top-level pairs, for the routes that take no ``where``."""
    pairs = list(owner(identity).items())
    for name, field in fields.items():
        value = arguments.get(name)
        if value is not None:
            first, *rest = (field.where or field.column or name).removesuffix("[]").split(".")
            key = first + "".join(f"[{step}]" for step in rest)
            items = value if isinstance(value, list) else [value]
            repeated = f"{key}[]" if (field.where or "").endswith("[]") else key
            pairs += [(repeated, as_text(meant(field, name, item))) for item in items]
    return pairs


def _bracketed(head: str, path: str, value: Any) -> list[tuple[str, Any]]:
    """``members.id`` → ``where[members][id]``; ``teams[]`` → ``where[teams][0]``, ``[1]``, …"""
    listed = path.endswith("[]")
    key = head + "".join(f"[{step}]" for step in path.removesuffix("[]").split("."))
    if not listed:
        return [(key, value)]
    values = value if isinstance(value, list) else [value]
    return [(f"{key}[{index}]", item) for index, item in enumerate(values)]


def _text(value: Any, booleans: tuple[str, str], signed: bool) -> str:
    if isinstance(value, bool):
        return booleans[0] if value else booleans[1]
    if signed and isinstance(value, int | float) and value >= 0:
        return f"+{value}"
    return str(value)


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def body_of(fields: Mapping[str, Field], arguments: Mapping[str, Any], *, with_defaults: bool) -> dict[str, Any]:
    """The columns that ``arguments`` set, each at its place. Only what is given, and defaults where wanted."""
    body: dict[str, Any] = {}
    for name, field in fields.items():
        value = arguments.get(name, field.default if with_defaults else None)
        if value is not None:
            _place(body, field.column or name, _as_sent(field, meant(field, name, value)))
    return body


def meant(field: Field, name: str, value: Any) -> Any:
    """The one of ``field.values`` that ``value`` names, whatever its case: its end is enough where only one ends so.

    Raises ToolError that lists all values when it names none.
    """
    if not field.values:
        return value
    asked = folded(str(value))
    exact = [known for known in field.values if folded(known) == asked]
    found = exact or [known for known in field.values if asked and folded(known).endswith(asked)]
    if len(found) != 1:
        raise ToolError(f"{name}: {str(value)[:40]} is not possible; possible are {', '.join(field.values)}")
    return found[0]


def emptied(field: Field, name: str) -> dict[str, Any]:
    """The body that empties the column of ``field``: null, or no elements for a list."""
    body: dict[str, Any] = {}
    _place(body, field.column or name, [] if field.schema["type"] == "array" else None)
    return body


def _as_sent(field: Field, value: Any) -> Any:
    if field.schema.get("format") == "date":
        return f"{value}T00:00:00.000Z"
    return value


def _place(body: dict[str, Any], path: str, value: Any) -> None:
    listed = _LIST.fullmatch(path)
    if listed:
        body[listed[1]] = [{listed[2]: item} for item in value]
        return
    *outer, last = path.split(".")
    for step in outer:
        body = body.setdefault(step, {})
    body[last] = value


def merged(body: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Adds ``more`` to ``body``, into nested objects too."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(body.get(key), dict):
            merged(body[key], value)
        else:
            body[key] = value
