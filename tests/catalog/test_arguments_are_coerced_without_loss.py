"""What models send is turned into what the schema says where that loses nothing, and never raises."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.catalog.coerce import coerce

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
texts_of_values = values.map(lambda value: json.dumps(value))
kinds = st.sampled_from(["string", "integer", "number", "boolean", "object", "array", "null"])
schemas = st.recursive(
    st.fixed_dictionaries({"type": kinds | st.just(["string", "null"])}, optional={"format": st.just("date-time")})
    | st.just({}),
    lambda inner: (
        st.fixed_dictionaries({"type": st.just("array"), "items": inner})
        | st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3)},
            optional={"required": st.lists(st.sampled_from("abc"), max_size=3)},
        )
    ),
)


@given(schemas, values | texts_of_values)
def test_anything_is_taken_and_twice_is_as_good_as_once(schema: dict[str, Any], value: object) -> None:
    once = coerce(schema, value)
    assert same(coerce(schema, once), once)


@given(schemas, values)
def test_a_value_that_is_no_text_changes_only_by_dropped_nulls(schema: dict[str, Any], value: object) -> None:
    assert same(without_nulls(coerce(schema, decoded(schema, value))), without_nulls(decoded(schema, value)))


def decoded(schema: dict[str, Any], value: Any) -> Any:
    """``value`` without texts, which may stand for something else."""
    if isinstance(value, str):
        return 0
    if isinstance(value, list):
        return [decoded(schema, item) for item in value]
    if isinstance(value, dict):
        return {key: decoded(schema, item) for key, item in value.items()}
    return value


def without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return value


def same(one: object, other: object) -> bool:
    """Equality in which NaN equals itself."""
    return repr(one) == repr(other) or one == other or json.dumps(one) == json.dumps(other)


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_a_whole_number_survives_being_quoted(number: int) -> None:
    for kind in ("integer", "number"):
        assert coerce({"type": kind}, f" {number} ") == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_quotes_is_read_exactly_or_left_alone(number: float) -> None:
    read = coerce({"type": "number"}, repr(number))
    assert read in (number, repr(number))


@given(values)
def test_json_text_becomes_the_object_or_list_that_it_is(value: object) -> None:
    text = json.dumps(value)
    for kind, python in (("object", dict), ("array", list)):
        read = coerce({"type": kind}, text)
        assert isinstance(read, python) == (isinstance(value, python) and is_json(text))
        assert isinstance(read, python) or read == text


def is_json(text: str) -> bool:
    """Whether ``text`` is JSON for others than Python, which writes NaN and Infinity too."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        return False
    return True


@given(st.text())
def test_where_text_is_wanted_text_stays_as_it_is(text: str) -> None:
    assert coerce({"type": "string"}, text) is text


@pytest.mark.parametrize(
    ("schema", "value", "read"),
    [
        ({"type": "integer"}, "5", 5),
        ({"type": "integer"}, 5.0, 5),
        ({"type": "integer"}, 5.5, 5.5),
        ({"type": "integer"}, "5.5", "5.5"),
        ({"type": "integer"}, "5 apples", "5 apples"),
        ({"type": "integer"}, "٥", "٥"),
        ({"type": "integer"}, True, True),
        ({"type": "integer"}, "1" * 400, "1" * 400),
        ({"type": "number"}, "2.5e1", 25.0),
        ({"type": "number"}, "1e999", "1e999"),
        ({"type": "number"}, "NaN", "NaN"),
        ({"type": "number"}, "Infinity", "Infinity"),
        ({"type": "boolean"}, " TRUE ", True),
        ({"type": "boolean"}, "no", "no"),
        ({"type": "boolean"}, 1, 1),
        ({"type": "array", "items": {"type": "integer"}}, '["1", 2]', [1, 2]),
        ({"type": "array"}, "a, b", "a, b"),
        ({"type": "array"}, "[1", "[1"),
        ({"type": "object", "properties": {"n": {"type": "integer"}}}, '{"n": "1", "x": "1"}', {"n": 1, "x": "1"}),
        ({"type": "object", "properties": {"n": {"type": "integer"}}}, {"n": None}, {}),
        ({"type": "object", "properties": {"n": {}}, "required": ["n"]}, {"n": None}, {"n": None}),
        ({"type": "string", "format": "date-time"}, "2026-12-31", "2026-12-31T00:00:00.000Z"),
        ({"type": "string", "format": "date-time"}, "2026-12-31T10:00:00Z", "2026-12-31T10:00:00Z"),
        ({"type": "string", "format": "date"}, "2026-12-31", "2026-12-31"),
        ({"type": "string"}, "5", "5"),
        ({"type": "string"}, 5, "5"),
        ({"type": "string"}, True, True),
        ({"type": "string"}, False, False),
    ],
)
def test_the_usual_cases(schema: dict[str, Any], value: object, read: object) -> None:
    result = coerce(schema, value)
    assert result == read
    assert type(result) is type(read)
    assert not (isinstance(result, float) and math.isinf(result))


@pytest.mark.parametrize("depth", [17, 1000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_text_cannot_smuggle_in_what_is_nested_too_deep(depth: int, opening: str, closing: str) -> None:
    text = opening * depth + "1" + closing * depth
    for kind in ("array", "object"):
        assert coerce({"type": kind}, text) == text
