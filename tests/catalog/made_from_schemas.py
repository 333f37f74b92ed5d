"""Values that fit a schema, made by hypothesis, for the plain JSON Schema that tools are declared in.

hypothesis-jsonschema 0.23 does not work with the hypothesis of today: it uses internals that are gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

JSON = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5)

FORMATS: Mapping[str, st.SearchStrategy[str]] = {
    "uuid": st.uuids().map(str),
    "email": st.emails(domains=st.just("example.com")).filter(lambda address: '"' not in address),
    "date": st.dates().map(lambda day: day.isoformat()),
    "uri": st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9-]{0,9}", fullmatch=True),
    "date-time": st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
}


def values(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Whatever fits ``schema``. Raises KeyError for a word that no tool uses, rather than ignore it."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "format" in schema:
        return FORMATS[schema["format"]]
    return {
        "string": _text,
        "integer": _integer,
        "number": _number,
        "boolean": lambda _: st.booleans(),
        "array": _array,
        "object": _object,
    }[schema["type"]](schema)


def _text(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    return st.text(min_size=schema.get("minLength", 0), max_size=schema.get("maxLength", 30))


def _integer(schema: Mapping[str, Any]) -> st.SearchStrategy[int]:
    return st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))


def _number(schema: Mapping[str, Any]) -> st.SearchStrategy[float]:
    return st.floats(schema.get("minimum", -1e15), schema.get("maximum", 1e15), allow_nan=False) | _integer(schema)


def _array(schema: Mapping[str, Any]) -> st.SearchStrategy[list[Any]]:
    least = schema.get("minItems", 0)
    return st.lists(values(schema["items"]), min_size=least, max_size=min(schema.get("maxItems", 3), least + 2))


def _object(schema: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    made = {name: values(inner) for name, inner in schema.get("properties", {}).items()}
    needed = {name: made.pop(name) for name in schema.get("required", ())}
    known = st.fixed_dictionaries(needed, optional=made)
    if schema.get("additionalProperties", True) is False:
        return known
    return st.builds(
        lambda given, more: {**more, **given}, known, st.dictionaries(st.text(max_size=5), JSON, max_size=2)
    )
