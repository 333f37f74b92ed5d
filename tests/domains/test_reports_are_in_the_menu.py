"""The built-in reports and the menu of them."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

WEEKLY, NOBODYS = ident("report", "Weekly"), "00000000-0000-4000-8000-000000000000"


async def names(gauzy: Gauzy, tool: str = "get_reports", **arguments: Any) -> list[str]:
    return [row["name"] for row in (await gauzy.call(tool, **arguments))["items"]]


async def test_they_are_found_although_gauzy_ignores_filters(gauzy: Gauzy) -> None:
    assert len(await names(gauzy, limit=100)) == 11
    assert await names(gauzy, category="payments") == ["Amounts owed", "Payments"]
    assert await names(gauzy, search="budget") == ["Project budgets", "Client budgets"]
    assert await names(gauzy, page=2) == ["Client budgets"]
    assert await names(gauzy, showInMenu=False) == []


async def test_categories_have_names(gauzy: Gauzy) -> None:
    assert await names(gauzy, "get_report_categories") == ["Time Tracking", "Payments", "Time Off", "Invoicing"]
    first = (await gauzy.call("get_reports", limit=1))["items"][0]
    assert first["categoryName"] == "Time Tracking"


async def test_one_is_taken_out_of_the_menu_and_put_back(gauzy: Gauzy) -> None:
    taken = await gauzy.call("update_report_menu", reportId=WEEKLY, isEnabled=False)
    assert (taken["name"], taken["isEnabled"]) == ("Weekly", False)
    assert "Weekly" not in await names(gauzy, "get_report_menu_items")
    assert await names(gauzy, showInMenu=False) == ["Weekly"]
    await gauzy.call("update_report_menu", reportId=WEEKLY, isEnabled=True)
    assert len(await names(gauzy, "get_report_menu_items")) == 11


async def test_an_unknown_report_is_told_without_the_words_of_a_database(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="get_reports lists them"):
        await gauzy.call("update_report_menu", reportId=NOBODYS, isEnabled=True)


@pytest.mark.parametrize("arguments", [{"reportId": WEEKLY}, {"reportId": "weekly", "isEnabled": True}])
async def test_wrong_arguments_are_told(gauzy: Gauzy, arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await gauzy.call("update_report_menu", **arguments)
