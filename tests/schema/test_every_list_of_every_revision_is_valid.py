"""What this product lists is what the published schema of each revision allows, on HTTP and standard output alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.clients import Http, Stateless
from tests.processes import Server, server
from tests.schema.validate import REVISIONS

LISTS = ("tools/list", "prompts/list", "resources/list", "resources/templates/list")


@pytest.fixture(scope="module")
def product() -> Iterator[Server]:
    """The product itself, with everything it has."""
    with server({"MCP_TRANSPORT": "http", "MCP_TOOLSETS": "all"}) as running:
        yield running


@pytest.mark.parametrize("revision", [revision for revision in REVISIONS if revision != "2026-07-28"])
async def test_in_a_session(product: Server, revision: str) -> None:
    async with await Http(product).open(revision) as client:
        for method in LISTS:
            assert "result" in await client.ask(method)


async def test_without_one(product: Server) -> None:
    async with Stateless(product) as client:
        for method in (*LISTS, "server/discover"):
            assert "result" in await client.ask(method)
