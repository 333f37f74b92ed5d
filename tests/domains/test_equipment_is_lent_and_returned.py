"""Who has an item of equipment follows from its loans, and no loan is lost on the way."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

IPHONE, THINKPAD, GOLF = (
    ident("Equipment", name) for name in ("iPhone 15 test phone", "ThinkPad X1 Carbon", "Volkswagen ID.3")
)
EMMA, LIAM = (ident("employee", f"{demo.TENANT}/{person}@gauzy.local") for person in ("employee", "liam.oconnor"))


async def sharings(gauzy: Gauzy, item: str) -> dict[str, int]:
    found = await gauzy.call("get_equipment_sharing_requests", equipmentId=item, limit=100)
    return {row["id"]: row["status"] for row in found["items"]}


async def test_an_item_is_lent_and_taken_back(gauzy: Gauzy) -> None:
    loan = await gauzy.call("assign_equipment", id=IPHONE, employeeId=LIAM)
    assert (loan["status"], loan["equipmentId"]) == (2, IPHONE)
    shown = await gauzy.call("get_equipment_by_id", id=IPHONE)
    assert (shown["status"], shown["assigneeNames"]) == ("ASSIGNED", ["Liam O'Connor"])
    assert await gauzy.call("unassign_equipment", id=IPHONE) == {"id": IPHONE, "ended": 1}
    assert (await gauzy.call("get_equipment_by_id", id=IPHONE))["status"] == "AVAILABLE"


async def test_an_item_that_somebody_has_is_not_lent_again(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="Emma Fischer"):
        await gauzy.call("assign_equipment", id=THINKPAD, employeeId=LIAM)
    assert (await gauzy.call("get_equipment_by_id", id=THINKPAD))["assigneeIds"] == [EMMA]
    with pytest.raises(Refused, match="retired"):
        await gauzy.call("assign_equipment", id=ident("Equipment", "Brother HL-L8260 printer"), employeeId=LIAM)


async def test_lending_leaves_the_requests_for_the_item_as_they_are(gauzy: Gauzy) -> None:
    """Gauzy's own way to approve replaces a request by an empty row."""
    before = await sharings(gauzy, GOLF)
    loan = await gauzy.call("assign_equipment", id=GOLF, employeeId=EMMA)
    assert await sharings(gauzy, GOLF) == {**before, loan["id"]: 2}
    request = next(sharing for sharing, status in before.items() if status == 1)
    await gauzy.request("PUT", f"/equipment-sharing/approval/{request}", body={})
    assert request not in await sharings(gauzy, GOLF)


async def test_an_employee_asks_for_an_item(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    asked = await emma.call(
        "request_equipment_sharing", equipmentId=IPHONE, startDate="2031-03-02", endDate="2031-03-04", reason="A demo"
    )
    found = await gauzy.call("get_equipment_sharing_requests", employeeId=EMMA, status=1)
    [row] = found["items"]
    assert (row["id"], row["name"], row["equipmentName"]) == (asked["id"], "A demo", "iPhone 15 test phone")
    assert (row["shareStartDay"][:10], row["employeeNames"]) == ("2031-03-02", ["Emma Fischer"])
    assert (await gauzy.call("get_equipment_by_id", id=IPHONE))["status"] == "AVAILABLE"


async def test_a_loan_cannot_end_before_it_begins(gauzy: Gauzy) -> None:
    period = {"startDate": "2031-03-04", "endDate": "2031-03-02"}
    with pytest.raises(Refused, match="endDate"):
        await gauzy.call("request_equipment_sharing", equipmentId=IPHONE, **period)
    with pytest.raises(Refused, match="endDate"):
        await gauzy.call("assign_equipment", id=IPHONE, employeeId=LIAM, **period)


async def test_a_past_loan_leaves_the_item_free_and_its_history_in_place(gauzy: Gauzy) -> None:
    pixel = ident("Equipment", "Pixel 9 test phone")
    assert (await gauzy.call("get_equipment_by_id", id=pixel))["status"] == "AVAILABLE"
    before = await sharings(gauzy, pixel)
    assert (await gauzy.call("unassign_equipment", id=pixel))["ended"] == 0
    assert await sharings(gauzy, pixel) == before


async def test_only_the_loan_of_the_named_employee_ends(gauzy: Gauzy) -> None:
    assert (await gauzy.call("unassign_equipment", id=THINKPAD, employeeId=LIAM))["ended"] == 0
    assert (await gauzy.call("unassign_equipment", id=THINKPAD, employeeId=EMMA))["ended"] == 1
