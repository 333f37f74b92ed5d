"""PDFs come one at a time and whole, though Gauzy makes them all in one temporary file."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mcp_tools.catalog.domains import invoice_pdfs
from mcp_tools.catalog.domains.invoice_pdfs import MOST_EMBEDDED
from mcp_tools.catalog.tool import Answer, ToolError
from tests.catalog.recorder import ID, OTHER, Recorder, call

WHOLE = b"%PDF-1.4 body %%EOF\n"
INVOICE = {"id": ID, "invoiceNumber": 7, "toContactId": OTHER}
Print = Callable[[str], Awaitable[Any]]


class Printing(Recorder):
    """A Gauzy whose PDFs come from ``make``; ``most`` is how many were made at the same time."""

    def __init__(self, make: Print) -> None:
        super().__init__()
        self.make, self.now, self.most, self.made = make, 0, 0, 0
        self.on("GET", "/invoices/.*", lambda asked: {**INVOICE, "id": asked.path.rsplit("/", 1)[1]})

    async def request(self, method: str, path: str, *, query: Any = (), body: Any = None) -> Any:
        if "/download/" not in path:
            return await super().request(method, path, query=query, body=body)
        self.now, self.made = self.now + 1, self.made + 1
        self.most = max(self.most, self.now)
        try:
            return await self.make(path)
        finally:
            self.now -= 1


async def whole(path: str) -> Any:
    for _ in range(20):
        await asyncio.sleep(0)
    return WHOLE.replace(b"body", path.encode())


def embedded(answer: Any) -> bytes:
    assert isinstance(answer, Answer)
    return base64.b64decode(answer.blocks[0]["resource"]["blob"])


async def test_downloads_of_one_process_wait_for_each_other() -> None:
    gauzy = Printing(whole)
    names = ["download_invoice_pdf", "download_invoice_payment_pdf"] * 4
    answers = await asyncio.gather(
        *(call(gauzy, name, id=ID if place % 3 else OTHER) for place, name in enumerate(names))
    )
    assert gauzy.most == 1
    for place, answer in enumerate(answers):
        route = "/invoices/payment/download" if place % 2 else "/invoices/download"
        assert f"{route}/{ID if place % 3 else OTHER}".encode() in embedded(answer)


@pytest.mark.parametrize("broken", [None, WHOLE[:9], b"<html></html>%%EOF", {"id": ID}])
async def test_what_is_no_whole_pdf_is_asked_for_again(broken: Any) -> None:
    answers = iter([broken, broken, WHOLE])

    async def make(path: str) -> Any:
        return next(answers)

    gauzy = Printing(make)
    assert embedded(await call(gauzy, "download_invoice_pdf", id=ID)) == WHOLE
    assert gauzy.made == 3


async def test_one_that_never_comes_is_given_up_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoice_pdfs, "SECONDS", 0.01)

    async def make(path: str) -> Any:
        return await (asyncio.Event().wait() if OTHER in path else whole(path))

    gauzy = Printing(make)
    stuck = asyncio.ensure_future(call(gauzy, "download_invoice_pdf", id=OTHER))
    assert b"%PDF-" in embedded(await call(gauzy, "download_invoice_pdf", id=ID))
    with pytest.raises(ToolError, match="no whole PDF"):
        await stuck
    assert (gauzy.now, gauzy.most) == (0, 1)


async def test_a_cancelled_download_lets_the_next_one_in() -> None:
    begun = asyncio.Event()

    async def make(path: str) -> Any:
        if OTHER not in path:
            return await whole(path)
        begun.set()
        return await asyncio.Event().wait()

    gauzy = Printing(make)
    stuck = asyncio.ensure_future(call(gauzy, "download_invoice_pdf", id=OTHER))
    await begun.wait()
    stuck.cancel()
    assert WHOLE[:5] in embedded(await call(gauzy, "download_invoice_pdf", id=ID))


async def test_a_large_one_goes_by_its_address() -> None:
    async def make(path: str) -> Any:
        return b"%PDF-" + b" " * MOST_EMBEDDED + b"%%EOF"

    answer = await call(Printing(make), "download_invoice_pdf", id=ID)
    [block] = answer.blocks
    assert (block["type"], block["uri"]) == ("resource_link", f"gauzy://invoice/{ID}/pdf")
    assert answer.structured["size"] == block["size"] > MOST_EMBEDDED


async def test_an_invoice_without_a_client_is_refused_before_gauzy_is_asked() -> None:
    gauzy = Printing(whole)
    gauzy.on("GET", "/invoices/.*", {**INVOICE, "toContactId": None})
    with pytest.raises(ToolError, match="has no client"):
        await call(gauzy, "download_invoice_pdf", id=ID)
    assert gauzy.made == 0
