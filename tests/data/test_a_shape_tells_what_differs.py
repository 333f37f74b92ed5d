from __future__ import annotations

from typing import Any

import pytest

from tests.data.shapes import differences, shape

RECORDED: dict[str, Any] = {
    "id": "a", "count": 1, "open": True, "gone": None, "owner": {"name": "n"},
    "tags": [{"x": 1, "y": None}, {"x": "1"}],
}  # fmt: skip


def test_types_are_kept_and_data_is_not() -> None:
    assert shape(RECORDED) == {
        "id": "string", "count": "number", "open": "boolean", "gone": "null", "owner": {"name": "string"},
        "tags": [{"x": "number|string", "y?": "null"}],
    }  # fmt: skip


def test_errors_are_kept_word_for_word() -> None:
    refusal = {"message": ["a must be b"], "error": "Bad Request", "statusCode": 400}
    assert shape(refusal) == refusal


def test_what_a_recording_left_out_is_marked() -> None:
    assert shape({"id": "a", "...": "71 keys"}) == {"id": "string", "…": "null"}
    assert shape([{"id": 1}, "... 5 items"]) == [{"id": "number"}]


@pytest.mark.parametrize(("changed", "told"), [
    ({}, []),
    ({"gone": "now"}, []),
    ({"count": None}, []),
    ({"tags": []}, []),
    ({"count": "1"}, [".count is string, not number"]),
    ({"open": 1}, [".open is number, not boolean"]),
    ({"extra": 1}, [".extra is surplus"]),
    ({"owner": {}}, [".owner.name is missing"]),
    ({"owner": []}, [".owner is no object: []"]),
    ({"tags": [{"x": 1}, {"y": 1}]}, [".tags[].x is missing"]),
    ({"tags": {}}, [".tags is no list: {}"]),
])  # fmt: skip
def test_another_value_is_compared_field_by_field(changed: dict[str, Any], told: list[str]) -> None:
    assert differences(shape(RECORDED), {**RECORDED, **changed}) == told


def test_a_missing_field_is_told() -> None:
    assert differences(shape(RECORDED), {name: RECORDED[name] for name in RECORDED if name != "id"}) == [
        ".id is missing"
    ]
