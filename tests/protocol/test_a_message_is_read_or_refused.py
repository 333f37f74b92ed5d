"""JSON-RPC 2.0 messages: every byte string is either a message or a refusal that answers it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, PARSE_ERROR, Unreadable
from mcp_tools.protocol.messages import MAX_DEPTH, Batch, Notification, Request, Response

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
almost_messages = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.sampled_from(["2.0", "1.0", 2, None]),
        "id": json_values,
        "method": st.text() | json_values,
        "params": json_values,
        "result": json_values,
        "error": json_values,
    },
)


@given(st.binary())
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    _read_or_refuse(data)


@given(almost_messages | st.lists(almost_messages, max_size=5))
def test_arbitrary_json_is_read_or_refused(value: object) -> None:
    _read_or_refuse(json.dumps(value).encode())


def _read_or_refuse(data: bytes) -> None:
    try:
        message = messages.parse(data)
    except Unreadable as error:
        answer = json.loads(messages.encode_error(error.request_id, error))
        assert answer["error"]["code"] in (PARSE_ERROR, INVALID_REQUEST)
    else:
        assert isinstance(message, Request | Notification | Response | Batch)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"nonsense", b'{"a":NaN}', b'{"a":Infinity}', b"\xff\xfe", b'"\\ud800"', b"[" * 5000],
    ids=["empty", "cut short", "no JSON", "NaN", "Infinity", "bad UTF-8", "lone surrogate", "brackets without end"],
)
def test_what_is_not_json_is_a_parse_error_without_id(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        messages.parse(data)
    assert (refused.value.code, refused.value.request_id) == (PARSE_ERROR, None)


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ({"id": 1, "method": "ping"}, "jsonrpc"),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, "jsonrpc"),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, "id"),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}, "id"),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, "id"),
        ({"jsonrpc": "2.0", "id": 1, "method": 7}, "method"),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}, "params"),
        ({"jsonrpc": "2.0", "id": 1}, "method"),
        ({"jsonrpc": "2.0", "id": 1, "result": {}, "error": {}}, "result"),
    ],
)
def test_a_wrong_shape_is_refused_and_the_field_named(message: dict[str, object], names: str) -> None:
    with pytest.raises(Unreadable) as refused:
        messages.parse(json.dumps(message))
    assert refused.value.code == INVALID_REQUEST
    assert f'"{names}"' in refused.value.message


def test_a_refusal_repeats_the_id_where_it_can_be_read() -> None:
    with pytest.raises(Unreadable) as refused:
        messages.parse(b'{"jsonrpc":"2.0","id":"seven","method":7}')
    assert refused.value.request_id == "seven"


@pytest.mark.parametrize("depth", [MAX_DEPTH - 3, MAX_DEPTH + 1, 900])
def test_nesting_is_bounded(depth: int) -> None:
    data = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' + b"[" * depth + b"]" * depth + b"}}"
    if depth < MAX_DEPTH:
        assert isinstance(messages.parse(data), Request)
    else:
        with pytest.raises(Unreadable, match="nested deeper"):
            messages.parse(data)


@given(st.text(min_size=1), st.integers(min_value=-(2**53), max_value=2**53) | st.text())
def test_a_request_survives_writing_and_reading(method: str, request_id: int | str) -> None:
    written = messages.encode_request(request_id, method, {"a": [1, None, "x"]})
    assert b"\n" not in written
    assert messages.parse(written) == Request(request_id, method, {"a": [1, None, "x"]})
