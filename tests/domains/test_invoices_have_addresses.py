"""``gauzy://invoice/{id}``: read, completed by number, and told to be changed."""

from __future__ import annotations

import json
from typing import Any

from mcp_tools.catalog.domains import catalog
from mcp_tools.protocol.messages import Request
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy

INVOICE = ident("Invoice", "1002")


async def ask(gauzy: Gauzy, method: str, **params: Any) -> Any:
    """The result of any MCP request."""
    return (await gauzy.answer(Request(1, method, params)))["result"]


async def test_it_holds_the_invoice_with_client_lines_and_payments(gauzy: Gauzy) -> None:
    await gauzy.call("generate_invoice_link", id=INVOICE)
    [contents] = (await ask(gauzy, "resources/read", uri=f"gauzy://invoice/{INVOICE}"))["contents"]
    held = json.loads(contents["text"])
    assert (held["invoiceNumber"], held["toContact"]["name"], len(held["invoiceItems"])) == (1002, "Meadow & Finch", 2)
    assert (held["payments"][0]["amount"], "token" in held) == (3000, False)


async def test_ids_are_completed_by_the_number(gauzy: Gauzy) -> None:
    reference = {"type": "ref/resource", "uri": "gauzy://invoice/{id}"}
    whole = await ask(gauzy, "completion/complete", ref=reference, argument={"name": "id", "value": "1002"})
    begun = await ask(gauzy, "completion/complete", ref=reference, argument={"name": "id", "value": "100"})
    assert whole["completion"]["values"] == [INVOICE]
    assert len(begun["completion"]["values"]) == 9


def test_whatever_changes_an_invoice_says_which() -> None:
    changing = [tool for tool in catalog() if tool.toolset == "invoices" and tool.effect != "reads"]
    untouched = {"send_invoice_email"}
    assert {tool.name for tool in changing if not tool.touches} == untouched
    assert {address for tool in changing for address in tool.touches} == {"gauzy://invoice/{id}"}


async def test_the_prompt_names_the_tool_that_writes_the_invoice(gauzy: Gauzy) -> None:
    arguments = {"client": "Brightside Logistics", "rate": "100"}
    prompt = await ask(gauzy, "prompts/get", name="invoice_from_tracked_time", arguments=arguments)
    assert "create_invoice" in prompt["messages"][0]["content"]["text"]
