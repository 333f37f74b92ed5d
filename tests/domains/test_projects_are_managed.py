"""Projects, from creating to deleting, through the tools."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused


async def test_a_project_is_created_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_project", name="Zeppelin", budget=1000, budgetType="cost")
    found = await gauzy.call("get_projects", name="zepp")
    assert [row["id"] for row in found["items"]] == [made["id"]]
    await gauzy.call("update_project", id=made["id"], status="in-progress")
    shown = await gauzy.call("get_project", id=made["id"])
    assert (shown["name"], shown["status"], shown["budget"]) == ("Zeppelin", "in-progress", 1000)
    await gauzy.call("delete_project", id=made["id"])
    with pytest.raises(Refused):
        await gauzy.call("get_project", id=made["id"])


async def test_an_employee_may_not_delete_a_project(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="no permission"):
        await employee.call("delete_project", id=ident("project", "Apollo"))
    assert (await gauzy.call("get_project", id=ident("project", "Apollo")))["name"] == "Apollo"
