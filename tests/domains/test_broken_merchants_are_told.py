"""Merchants fail in today's Gauzy with the status of success: every tool says so, and none pretends."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.catalog.domains import catalog
from tests.domains.gauzy import Gauzy, Refused
from tests.sandbox.client import NOBODYS

SHOP = {"name": "Corner shop", "code": "CS", "email": "shop@example.com", "currency": "EUR"}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "create_merchant": SHOP,
    "update_merchant": {"id": NOBODYS, "name": "New name"},
    "get_merchant_by_code": {"code": "CS"},
    "search_merchants": {"query": "shop"},
    **{f"{verb}_merchant": {"id": NOBODYS} for verb in ("get", "delete", "archive", "restore")},
}
NAMES = [tool.name for tool in catalog() if tool.toolset == "merchants"]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "bulk_create_merchants"])
async def test_each_tool_tells_what_gauzy_answered(gauzy: Gauzy, name: str) -> None:
    with pytest.raises(Refused, match="Gauzy could not do this"):
        await gauzy.call(name, **ARGUMENTS.get(name, {}))


async def test_each_merchant_of_many_is_told_as_failed(gauzy: Gauzy) -> None:
    answer = await gauzy.call("bulk_create_merchants", merchants=[SHOP, {**SHOP, "code": "CS2"}], confirm=True)
    assert (answer["succeeded"], answer["failed"]) == (0, 2)
    assert all("Gauzy could not do this" in result["error"] for result in answer["results"])


async def test_what_gauzy_checks_first_is_told_first(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="currency"):
        await gauzy.call("create_merchant", **{**SHOP, "currency": "euro"})
    employee = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="permission"):
        await employee.call("create_merchant", **SHOP)


def test_all_of_them_are_listed() -> None:
    assert len(NAMES) == 14
    assert all(tool.listed for tool in catalog() if tool.toolset == "merchants")
