"""The last look before a request: a path or a query's name that could mean another route never leaves."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.errors import GauzyFault
from tests.gauzy.stand_in import StandIn, says

MISLEADING = ["..", ".", "%", "?", "#", "\\", "//", "\r\n", "\x00", " ", "é"]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(before=st.sampled_from(["/tasks/", "/tasks", ""]), bad=st.sampled_from(MISLEADING), after=st.just("/metrics"))
async def test_a_misleading_path_is_refused(api: GauzyApi, gauzy: StandIn, before: str, bad: str, after: str) -> None:
    path = f"{before}{bad}{after}"
    if bad in ("..", ".") and not before.endswith("/"):
        path = f"{before}/{bad}{after}"
    with pytest.raises(GauzyFault, match="is not a path of Gauzy's API"):
        await api.request("GET", path)
    assert gauzy.seen == []


@pytest.mark.parametrize("name", ["a b", "a&b", "a=b", "", "where[id", "where]id[", "a#b", "x\r\ny", "where[a/b]"])
async def test_a_misleading_name_in_a_query_is_refused(api: GauzyApi, gauzy: StandIn, name: str) -> None:
    with pytest.raises(GauzyFault, match="is not a name in a query"):
        await api.request("GET", "/tasks", query=[(name, "x")])
    assert gauzy.seen == []


async def test_values_of_a_query_are_encoded_whatever_they_hold(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("GET", "/tasks", says([]))
    query = [("where[members][id]", "a&b=c#d?e/../f"), ("relations[]", "é")]
    assert await api.request("GET", "/tasks", query=query) == []
    assert gauzy.count("GET", "/tasks") == 1
