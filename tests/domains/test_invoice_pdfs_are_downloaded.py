"""PDFs of invoices from the embedded Gauzy, as a tool's answer and as resources."""

from __future__ import annotations

import base64
from typing import Any

from mcp_tools.protocol.messages import Request
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy

INVOICE = ident("Invoice", "1002")


async def ask(gauzy: Gauzy, method: str, **params: Any) -> Any:
    """The result of any MCP request."""
    reply = await gauzy.answer(Request(1, method, params))
    return reply["result"]


async def test_a_download_brings_the_pdf_as_a_blob_and_never_as_text(gauzy: Gauzy) -> None:
    arguments = {"name": "download_invoice_pdf", "arguments": {"id": INVOICE}}
    result = await ask(gauzy, "tools/call", **arguments)
    text, resource = result["content"]
    pdf = base64.b64decode(resource["resource"]["blob"])
    assert (pdf[:5], resource["resource"]["mimeType"]) == (b"%PDF-", "application/pdf")
    assert b"Invoice 1002" in pdf and b"Photographs" in pdf
    assert resource["resource"]["blob"] not in text["text"]
    assert result["structuredContent"]["size"] == len(pdf)


async def test_the_address_of_a_pdf_can_be_read(gauzy: Gauzy) -> None:
    for name, kind, told in (
        ("download_invoice_pdf", "pdf", b"Invoice 1002"),
        ("download_invoice_payment_pdf", "payments", b"Payments of invoice 1002"),
    ):
        uri = (await gauzy.call(name, id=INVOICE))["uri"]
        assert uri == f"gauzy://invoice/{INVOICE}/{kind}"
        [contents] = (await ask(gauzy, "resources/read", uri=uri))["contents"]
        assert told in base64.b64decode(contents["blob"])
