"""Cursors are opaque: only those this deployment made for this list are taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.protocol.cursors import Cursors
from mcp_tools.protocol.errors import INVALID_PARAMS, ProtocolError

ITEMS = list(range(25))
cursors = Cursors(b"key", page_size=10)


def test_following_the_cursors_visits_every_item_once() -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page, cursor = cursors.page("tools", ITEMS, cursor)
        seen += page
        if cursor is None:
            break
    assert seen == ITEMS


@given(st.text() | st.integers() | st.lists(st.text(), max_size=2))
def test_a_made_up_cursor_is_refused(cursor: object) -> None:
    with pytest.raises(ProtocolError) as refused:
        cursors.page("tools", ITEMS, cursor)
    assert refused.value.code == INVALID_PARAMS


def test_a_cursor_of_another_list_or_key_is_refused() -> None:
    _, cursor = cursors.page("tools", ITEMS, None)
    for reader, kind in ((cursors, "prompts"), (Cursors(b"other", page_size=10), "tools")):
        with pytest.raises(ProtocolError, match="Invalid cursor"):
            reader.page(kind, ITEMS, cursor)


def test_another_process_with_the_same_key_reads_the_cursor() -> None:
    _, cursor = cursors.page("tools", ITEMS, None)
    page, _ = Cursors(b"key", page_size=10).page("tools", ITEMS, cursor)
    assert page == ITEMS[10:20]
