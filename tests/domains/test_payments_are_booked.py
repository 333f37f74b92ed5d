"""Payments through the tools, and what they come to on their invoices."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

INVOICE = ident("Invoice", "1006")
CLIENT = ident("contact", "Brightside Logistics")
PART = {"amount": 5000, "currency": "USD", "invoiceId": INVOICE, "organizationContactId": CLIENT, "note": "First part"}
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def total(gauzy: Gauzy, **filters: Any) -> int:
    count = (await gauzy.call("get_payment_count", **filters))["count"]
    assert (await gauzy.call("get_payments", **filters))["total"] == count
    return int(count)


async def test_a_payment_is_recorded_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_payment", **PART, paymentDate="2031-04-30", paymentMethod="CASH")
    [found] = (await gauzy.call("get_payments", startDate="2031-04-01", endDate="2031-04-30"))["items"]
    assert (found["id"], found["invoiceNumber"], found["clientName"]) == (made["id"], 1006, "Brightside Logistics")
    await gauzy.call("update_payment", id=made["id"], paymentMethod="ONLINE")
    shown = await gauzy.call("get_payment", id=made["id"])
    assert (shown["paymentMethod"], shown["amount"], shown["note"]) == ("ONLINE", 5000, "First part")
    await gauzy.call("delete_payment", id=made["id"])
    with pytest.raises(Refused, match="no payment"):
        await gauzy.call("get_payment", id=made["id"])


async def test_views_and_filters_find_them(gauzy: Gauzy) -> None:
    assert (await total(gauzy, paymentMethod="BANK_TRANSFER"), await total(gauzy, overdue=False)) == (2, 3)
    assert (await total(gauzy, amount=7800), await total(gauzy, currency="EUR")) == (1, 0)
    late = await gauzy.call("get_overdue_payments")
    assert [row["amount"] for row in late["items"]] == [1500, 250]
    of_invoice = await gauzy.call("get_payments_by_invoice", invoiceId=ident("Invoice", "1002"))
    of_client = await gauzy.call("get_payments_by_client", organizationContactId=CLIENT)
    assert [row["amount"] for row in (*of_invoice["items"], *of_client["items"])] == [3000, 12400]


@pytest.mark.parametrize(("query", "found"), [("WORKSHOP", 1), ("5", 0), ("true", 0)])
async def test_a_search_takes_every_word_for_a_text(gauzy: Gauzy, query: str, found: int) -> None:
    assert (await gauzy.call("search_payments", query=query))["total"] == found


async def test_statistics_add_no_currencies_together(gauzy: Gauzy) -> None:
    await gauzy.call("create_payment", amount=10.5, currency="EUR")
    told = await gauzy.call("get_payment_statistics")
    assert (told["count"], told["sums"]["amount"]) == (6, {"EUR": 10.5, "USD": 24950})
    assert told["by"]["paymentMethod"]["BANK_TRANSFER"] == 2


async def test_recording_a_payment_leaves_its_invoice_and_processing_books_it(gauzy: Gauzy) -> None:
    first = await gauzy.call("create_payment", **PART, overdue=True)
    assert (await gauzy.call("get_invoice", id=INVOICE))["alreadyPaid"] == 0
    done = await gauzy.call("process_payment", id=first["id"], paymentDate="2031-04-30")
    assert (done["overdue"], done["paymentDate"][:10]) == (False, "2031-04-30")
    booked = await gauzy.call("get_invoice", id=INVOICE)
    told = ("alreadyPaid", "amountDue", "paid", "status", "totalValue")
    assert [booked[name] for name in told] == [5000, 4500, False, "PARTIALLY_PAID", 9500]
    for amount, due, status in ((4500, 0, "FULLY_PAID"), (100, 0, "OVERPAID"), (-9600, 9500, "SENT")):
        made = await gauzy.call("create_payment", **{**PART, "amount": amount})
        told_of = (await gauzy.call("process_payment", id=made["id"]))["invoice"]
        shown = await gauzy.call("get_invoice", id=INVOICE)
        assert (told_of["status"], shown["status"], shown["amountDue"]) == (status, status, due)


async def test_a_payment_in_another_currency_is_not_booked(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_payment", **{**PART, "currency": "EUR"}, paymentDate="2031-01-01")
    with pytest.raises(Refused, match="EUR"):
        await gauzy.call("process_payment", id=made["id"], paymentDate="2031-04-30")
    assert (await gauzy.call("get_payment", id=made["id"]))["paymentDate"][:10] == "2031-01-01"
    await gauzy.call("process_payment", id=made["id"], paymentDate="2031-04-30", bookOnInvoice=False)
    assert (await gauzy.call("get_invoice", id=INVOICE))["alreadyPaid"] == 0


async def test_an_unknown_payment_is_not_made(gauzy: Gauzy) -> None:
    before = await total(gauzy)
    for name, arguments in (
        ("update_payment", {"amount": 1, "currency": "USD"}),
        ("delete_payment", {}),
        ("process_payment", {}),
    ):
        with pytest.raises(Refused, match="not found"):
            await gauzy.call(name, id=NOBODYS, **arguments)
    for name in ("invoiceId", "organizationContactId", "projectId"):
        with pytest.raises(Refused, match="refused"):
            await gauzy.call("create_payment", **{**PART, name: NOBODYS})
    assert await total(gauzy) == before


async def test_payments_recorded_at_once_are_all_kept(gauzy: Gauzy) -> None:
    before = await total(gauzy)
    await asyncio.gather(*(gauzy.call("create_payment", amount=1, currency="USD") for _ in range(10)))
    assert await total(gauzy) == before + 10


@pytest.mark.parametrize("name", ["update_payment_status", "refund_payment"])
async def test_what_gauzy_cannot_do_is_said_with_what_to_do_instead(gauzy: Gauzy, name: str) -> None:
    arguments = {"status": "COMPLETED"} if name == "update_payment_status" else {"refundAmount": 5, "reason": "x"}
    with pytest.raises(Refused, match="process_payment"):
        await gauzy.call(name, id=NOBODYS, **arguments)


async def test_simple_employees_see_none_of_them(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    for name in ("get_payments", "get_payment_count", "get_payment_statistics"):
        with pytest.raises(Refused, match="no permission"):
            await employee.call(name)
