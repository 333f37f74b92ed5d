"""Invoices with their lines, from the first draft to the end, through the tools."""

from __future__ import annotations

import asyncio

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

CLIENT = ident("contact", "Alpine Foods")
BASIC = {"toContactId": CLIENT, "dueDate": "2031-02-01", "currency": "EUR"}
HOURS = {"description": "Consulting", "quantity": 3, "price": 100.5}
TRIP = {"description": "Train", "quantity": 1, "price": 40, "applyTax": False}


async def test_an_invoice_is_written_with_its_lines_and_total(gauzy: Gauzy) -> None:
    last = (await gauzy.call("get_highest_invoice_number"))["highest"]
    made = await gauzy.call("create_invoice", **BASIC, invoiceDate="2031-01-02", tax=10, items=[HOURS, TRIP])
    assert (made["invoiceNumber"], made["clientName"], made["status"]) == (last + 1, "Alpine Foods", "DRAFT")
    assert (made["totalValue"], made["amountDue"]) == (371.65, 371.65)
    shown = await gauzy.call("get_invoice", id=made["id"])
    lines = await gauzy.call("get_invoice_items", invoiceId=made["id"])
    assert [line["totalValue"] for line in shown["invoiceItems"]] == [301.5, 40]
    assert [line["description"] for line in lines["items"]] == ["Consulting", "Train"]
    assert shown["invoiceDate"].startswith("2031-01-02")


async def test_a_discount_is_taken_off_and_a_flat_rate_counts_once(gauzy: Gauzy) -> None:
    rates = {"discountValue": 10, "tax": 25, "taxType": "FLAT"}
    made = await gauzy.call("create_invoice", **BASIC, **rates, items=[HOURS, {**TRIP, "applyDiscount": False}])
    assert made["totalValue"] == 336.35


async def test_a_change_keeps_the_lines_and_what_it_does_not_name(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_invoice", **BASIC, items=[HOURS], internalNote="By post")
    await gauzy.call("update_invoice", id=made["id"], status="SENT", dueDate="2031-03-01")
    shown = await gauzy.call("get_invoice", id=made["id"])
    assert (shown["status"], shown["internalNote"], shown["totalValue"]) == ("SENT", "By post", 301.5)
    assert (len(shown["invoiceItems"]), shown["dueDate"][:10]) == (1, "2031-03-01")


async def test_items_replace_all_lines_and_the_total_follows(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_invoice", **BASIC, tax=10, alreadyPaid=20, items=[HOURS, TRIP])
    changed = await gauzy.call("update_invoice", id=made["id"], items=[{**HOURS, "quantity": 2}])
    assert [line["quantity"] for line in changed["invoiceItems"]] == [2]
    assert (changed["totalValue"], changed["amountDue"]) == (221.1, 201.1)
    cheaper = await gauzy.call("update_invoice", id=made["id"], tax=0)
    assert (cheaper["totalValue"], len(cheaper["invoiceItems"])) == (201, 1)


async def test_deleting_an_invoice_takes_its_lines_along_and_leaves_its_payments(gauzy: Gauzy) -> None:
    invoice_id = ident("Invoice", "1002")
    paid = (await gauzy.call("get_payments_by_invoice", invoiceId=invoice_id))["items"]
    assert await gauzy.call("delete_invoice", id=invoice_id) == {"id": invoice_id, "deleted": True}
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("get_invoice", id=invoice_id)
    lines = await gauzy.request("GET", "/invoice-item")
    assert not [line for line in lines["items"] if line["invoiceId"] in (None, invoice_id)]
    assert (await gauzy.call("get_payment", id=paid[0]["id"]))["amount"] == paid[0]["amount"]


async def test_invoices_that_are_written_at_once_get_numbers_of_their_own(gauzy: Gauzy) -> None:
    made = await asyncio.gather(*(gauzy.call("create_invoice", **BASIC, items=[HOURS]) for _ in range(8)))
    assert sorted(one["invoiceNumber"] for one in made) == list(range(1010, 1018))


async def test_a_status_is_set_without_touching_anything_else(gauzy: Gauzy) -> None:
    invoice_id = ident("Invoice", "1004")
    before = await gauzy.call("get_invoice", id=invoice_id)
    done = await gauzy.call("update_invoice_action", id=invoice_id, status="VOID", internalNote="Written twice")
    assert (done["status"], done["internalNote"], done["totalValue"]) == ("VOID", "Written twice", before["totalValue"])
    archived = await gauzy.call("update_invoice_action", id=invoice_id, isArchived=True)
    assert (archived["status"], archived["clientName"]) == ("VOID", "Alpine Foods")
    with pytest.raises(Refused, match="CANCELLED"):
        await gauzy.call("update_invoice_action", id=invoice_id, status="CANCELLED")
    with pytest.raises(Refused, match="Nothing to change"):
        await gauzy.call("update_invoice_action", id=invoice_id)


async def test_an_estimate_is_accepted_or_rejected_and_an_invoice_is_neither(gauzy: Gauzy) -> None:
    estimate = ident("Invoice", "1008")
    accepted = await gauzy.call("update_estimate_status", id=estimate, isAccepted=True)
    assert (accepted["isAccepted"], accepted["status"]) == (True, "ACCEPTED")
    await gauzy.call("update_estimate_status", id=estimate, isAccepted=False)
    assert (await gauzy.call("get_invoice", id=estimate))["status"] == "REJECTED"
    with pytest.raises(Refused, match="no estimate"):
        await gauzy.call("update_estimate_status", id=ident("Invoice", "1004"), isAccepted=True)
    assert (await gauzy.call("get_invoice", id=ident("Invoice", "1004")))["status"] == "SENT"
