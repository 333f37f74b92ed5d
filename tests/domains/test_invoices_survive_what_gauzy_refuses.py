"""The traps of Gauzy's invoice routes: what is refused leaves the data as it was."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.test_invoices_are_written import BASIC, HOURS, TRIP

NOBODYS = "00000000-0000-4000-8000-000000000000"
INVOICE = ident("Invoice", "1002")


async def test_no_invoice_is_left_when_its_lines_are_refused(gauzy: Gauzy) -> None:
    before = (await gauzy.call("get_invoice_count"))["count"]
    with pytest.raises(Refused, match="No invoice was made"):
        await gauzy.call("create_invoice", **BASIC, items=[HOURS, {**TRIP, "projectId": NOBODYS}])
    assert (await gauzy.call("get_invoice_count"))["count"] == before


async def test_refused_lines_leave_those_before(gauzy: Gauzy) -> None:
    before = await gauzy.call("get_invoice", id=INVOICE)
    with pytest.raises(Refused):
        await gauzy.call("update_invoice", id=INVOICE, currency="EUR", items=[{**HOURS, "taskId": NOBODYS}])
    after = await gauzy.call("get_invoice", id=INVOICE)
    told = ("description", "price", "quantity", "totalValue")
    assert [[line[name] for name in told] for line in after["invoiceItems"]] == [
        [line[name] for name in told] for line in before["invoiceItems"]
    ]
    assert (after["currency"], after["totalValue"]) == ("USD", before["totalValue"])


@pytest.mark.parametrize("item", [{**HOURS, "rate": 5}, {"price": 5}, {"price": "much", "quantity": 1}])
async def test_a_line_that_is_none_changes_nothing(gauzy: Gauzy, item: dict[str, object]) -> None:
    before = (await gauzy.call("get_invoice", id=INVOICE))["invoiceItems"]
    with pytest.raises(Refused, match="items"):
        await gauzy.call("update_invoice", id=INVOICE, items=[item])
    assert (await gauzy.call("get_invoice", id=INVOICE))["invoiceItems"] == before


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("update_invoice", {"status": "SENT", "dueDate": "2031-01-01"}),
        ("update_invoice", {"items": [HOURS]}),
        ("update_invoice_action", {"status": "SENT"}),
        ("update_estimate_status", {"isAccepted": True}),
        ("delete_invoice", {}),
        ("generate_invoice_link", {}),
        ("download_invoice_pdf", {}),
    ],
)
async def test_an_unknown_invoice_is_not_made(gauzy: Gauzy, name: str, arguments: dict[str, object]) -> None:
    before = (await gauzy.call("get_invoice_count"))["count"]
    with pytest.raises(Refused, match="not found"):
        await gauzy.call(name, id=NOBODYS, **arguments)
    assert (await gauzy.call("get_invoice_count"))["count"] == before


async def test_a_number_that_is_taken_is_refused_in_words(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="refused"):
        await gauzy.call("create_invoice", **BASIC, invoiceNumber=1001)
    with pytest.raises(Refused, match="refused"):
        await gauzy.call("create_invoice", **{**BASIC, "toContactId": NOBODYS})


async def test_what_gauzy_wants_in_every_invoice_cannot_be_emptied(gauzy: Gauzy) -> None:
    for name in ("currency", "terms", "discountValue", "items"):
        with pytest.raises(Refused, match="cannot be emptied"):
            await gauzy.call("update_invoice", id=INVOICE, clear=[name])
    assert len((await gauzy.call("get_invoice", id=INVOICE))["invoiceItems"]) == 2
    await gauzy.call("update_invoice", id=INVOICE, internalNote="By post")
    await gauzy.call("update_invoice", id=INVOICE, clear=["internalNote"])
    assert "internalNote" not in await gauzy.call("get_invoice", id=INVOICE)


async def test_a_link_is_told_once_and_lists_keep_it_to_themselves(gauzy: Gauzy) -> None:
    link = await gauzy.call("generate_invoice_link", id=INVOICE)
    public = await gauzy.request("GET", link["path"].removeprefix("/api"))
    assert public["invoiceNumber"] == 1002
    shown = [await gauzy.call("get_invoice", id=INVOICE), *(await gauzy.call("get_invoices"))["items"]]
    assert link["token"] not in str(shown)


async def test_an_invoice_is_handed_over_for_mailing_only_when_there_can_be_a_pdf(gauzy: Gauzy) -> None:
    told = await gauzy.call("send_invoice_email", invoiceId=INVOICE, email="office+pay@alpine.example")
    assert told == {"invoiceId": INVOICE, "email": "office+pay@alpine.example", "handedOver": True}
    bare = await gauzy.call("create_invoice", dueDate="2031-01-01", currency="USD")
    with pytest.raises(Refused, match="has no client"):
        await gauzy.call("send_invoice_email", invoiceId=bare["id"], email="office@alpine.example")
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("send_invoice_email", invoiceId=NOBODYS, email="office@alpine.example")
