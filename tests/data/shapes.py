"""The shape of a JSON value: names of fields and types, without the data; and how another value differs from it.

::

    "string" | "number" | "boolean" | "null" | "number|string"     a scalar
    {"id": "string", "user?": {…}}                                  an object; a field with ``?`` is not always there
    [shape]                                                         a list, of elements of one merged shape
    {"message": …}                                                  an error, word for word

A ``…`` field says that the recording left fields out.
"""

from __future__ import annotations

import re
from typing import Any

CUT = re.compile(r"(\.\.\.|…) \d+ .*|\d+ keys|\{…\}")
TYPES: dict[type, str] = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def is_error(value: Any) -> bool:
    return isinstance(value, dict) and "message" in value and value.keys() <= {"message", "error", "statusCode"}


def shape(value: Any) -> Any:
    if is_error(value):
        return value
    if isinstance(value, dict):
        fields = {name: shape(item) for name, item in value.items() if name != "..."}
        return fields | ({"…": "null"} if "..." in value else {})
    if isinstance(value, list):
        elements = [shape(item) for item in value if not (isinstance(item, str) and CUT.fullmatch(item))]
        return [_merged(elements)] if elements else []
    return TYPES[type(value)]


def _merged(shapes: list[Any]) -> Any:
    """One shape that fits all of them."""
    objects = [item for item in shapes if isinstance(item, dict)]
    if objects:
        return _merged_objects(objects)
    lists = [element for item in shapes if isinstance(item, list) for element in item]
    if any(isinstance(item, list) for item in shapes):
        return [_merged(lists)] if lists else []
    kinds = {kind for item in shapes for kind in item.split("|")}
    return "|".join(sorted(kinds - {"null"})) or "null"


def _merged_objects(objects: list[dict[str, Any]]) -> dict[str, Any]:
    plain = [{name.removesuffix("?"): item for name, item in one.items()} for one in objects]
    always = set.intersection(*({name for name in one if not name.endswith("?")} for one in objects))
    fields: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in plain for name in one):
        found = _merged([one[name] for one in plain if name in one])
        fields[name if name in always else f"{name}?"] = found
    return fields


def differences(expected: Any, value: Any, place: str = "", *, unnamed: frozenset[str] = frozenset()) -> list[str]:
    """What makes ``value`` another shape; empty when it fits. None fits everything.

    ``unnamed`` are fields that may be there although the shape does not name them.
    """
    if value is None or expected == "null":
        return []
    if is_error(expected):
        return [] if value == expected else [f"{place or 'answer'} is {str(value)[:80]}, not {expected}"]
    if isinstance(expected, dict):
        if not isinstance(value, dict):
            return [f"{place or 'answer'} is no object: {str(value)[:80]}"]
        return _of_object(expected, value, place, unnamed)
    if isinstance(expected, list):
        if not isinstance(value, list):
            return [f"{place or 'answer'} is no list: {str(value)[:80]}"]
        found = [differences(expected[0], item, f"{place}[]", unnamed=unnamed) for item in value] if expected else []
        return list(dict.fromkeys(told for one in found for told in one))
    kind = TYPES.get(type(value), "object" if isinstance(value, dict) else "list")
    return [] if kind in expected.split("|") else [f"{place or 'answer'} is {kind}, not {expected}"]


def _of_object(expected: dict[str, Any], value: dict[str, Any], place: str, unnamed: frozenset[str]) -> list[str]:
    known = {name.removesuffix("?"): item for name, item in expected.items()}
    found = [f"{place}.{name} is missing" for name in expected if name[-1] not in "?…" and name not in value]
    if "…" not in expected:
        found += [f"{place}.{name} is surplus" for name in value if name not in known and name not in unnamed]
    for name, item in value.items():
        if name in known:
            found += differences(known[name], item, f"{place}.{name}", unnamed=unnamed)
    return found
