"""Lists and counts of invoices; dates are days, and a range may have one end."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.catalog.recorder import ID, Recorder, call
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.test_invoices_are_written import BASIC


async def numbers(gauzy: Gauzy, **filters: Any) -> list[int]:
    found = await gauzy.call("get_invoices", limit=100, **filters)
    assert found["total"] == len(found["items"])
    counted = {name: value for name, value in filters.items() if name not in ("search", "sort")}
    if "search" not in filters:
        assert (await gauzy.call("get_invoice_count", **counted))["count"] == found["total"]
    return sorted(row["invoiceNumber"] for row in found["items"])


async def test_they_are_found_by_what_they_are(gauzy: Gauzy) -> None:
    assert await numbers(gauzy, isEstimate=True) == [1008, 1009]
    assert await numbers(gauzy, paid=True) == [1001, 1003]
    assert await numbers(gauzy, status="SENT", isEstimate=False) == [1004, 1006]
    assert await numbers(gauzy, toContactId=ident("contact", "Meadow & Finch")) == [1002, 1007]
    assert await numbers(gauzy, invoiceNumber=1005) == [1005]


async def test_they_are_searched_by_client_and_number(gauzy: Gauzy) -> None:
    assert await numbers(gauzy, search="brightside") == [1001, 1006]
    assert await numbers(gauzy, search="1003") == [1003]


@pytest.mark.parametrize("years", [-3, 3])
async def test_a_range_with_one_end_reaches_beyond_this_month(gauzy: Gauzy, years: int) -> None:
    """Gauzy would fill up the other end from the current month."""
    day = f"{gauzy.now().year + years}-06-15"
    made = await gauzy.call("create_invoice", **BASIC, invoiceDate=day)
    assert made["invoiceNumber"] in await numbers(gauzy, startDate=day)
    assert made["invoiceNumber"] in await numbers(gauzy, endDate=day)
    assert await numbers(gauzy, startDate=day, endDate=day) == [made["invoiceNumber"]]


async def test_the_last_day_of_a_range_belongs_to_it(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_invoice", **{**BASIC, "dueDate": "2031-05-31"})
    assert await numbers(gauzy, dueFrom="2031-05-01", dueTo="2031-05-31") == [made["invoiceNumber"]]


async def test_a_range_that_ends_before_it_begins_is_refused(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="must not be before"):
        await gauzy.call("get_invoices", startDate="2031-02-01", endDate="2031-01-01")


async def test_newest_come_first_unless_asked_otherwise(gauzy: Gauzy) -> None:
    newest = [row["invoiceDate"] for row in (await gauzy.call("get_invoices"))["items"]]
    assert newest == sorted(newest, reverse=True)
    dearest = (await gauzy.call("get_invoices", sort="-totalValue"))["items"]
    assert dearest[0]["invoiceNumber"] == 1008
    with pytest.raises(Refused, match="sort"):
        await gauzy.call("get_invoices", sort="colour")


async def test_lines_come_page_by_page(gauzy: Gauzy) -> None:
    page = await gauzy.call("get_invoice_items", invoiceId=ident("Invoice", "1002"), limit=1, page=2)
    assert ([line["description"] for line in page["items"]], page["total"], page["has_more"]) == (
        ["Photographs"],
        2,
        False,
    )


async def test_lines_are_read_from_the_invoice_which_shows_them_to_everybody() -> None:
    gauzy = Recorder().on("GET", "/invoices/.*", {"id": ID, "invoiceItems": [{"id": ID, "price": 5, "quantity": 1}]})
    assert (await call(gauzy, "get_invoice_items", invoiceId=ID))["total"] == 1
    assert [asked.path for asked in gauzy.asked] == [f"/invoices/{ID}"]
